// Owns the doctor's checks of the database: version, durability, migrations, jobs.
import type { Host, Inspection } from './command.ts'
import type { Check } from './doctor.ts'
import { countDeadJobs, selectPostgresqlVersion, selectSqliteVersion } from './doctor-store.ts'

const postgresqlVersionMin = 15

export async function checkDatabase(inspection: Inspection, host: Host): Promise<Check[]> {
  const engine = await checkEngine(inspection)
  const durability = await checkDurability(inspection, host)
  const pending = await inspection.pendingMigrations()
  return [engine, ...durability, checkMigrations(inspection, pending), await checkJobs(inspection)]
}

async function checkEngine({ engine, reader }: Inspection): Promise<Check> {
  if (engine === 'postgresql') {
    const { version, major } = await selectPostgresqlVersion(reader)
    return judgePostgresql(version, major)
  }
  return {
    name: 'engine',
    state: 'ok',
    detail: `embedded SQLite ${await selectSqliteVersion(reader)}`,
  }
}

export function judgePostgresql(version: string, major: number): Check {
  const detail = `PostgreSQL ${version}`
  if (major >= postgresqlVersionMin) return { name: 'engine', state: 'ok', detail }
  return {
    name: 'engine',
    state: 'fail',
    detail: `${detail} is older than ${postgresqlVersionMin}`,
    fix: `upgrade it to ${postgresqlVersionMin} or newer`,
  }
}

async function checkDurability(inspection: Inspection, host: Host): Promise<Check[]> {
  const unsafe = await inspection.unsafeSettings()
  if (unsafe.length > 0) {
    return unsafe.map(({ name, detail, fix }) => {
      const isAllowed = host.config.allowedUnsafe.includes(name)
      const more = isAllowed ? `${detail} (accepted by CLIENTELE_ALLOW_UNSAFE)` : detail
      return { name: 'durability', state: isAllowed ? 'warn' : 'fail', detail: more, fix }
    })
  }
  const isOwn = inspection.engine === 'sqlite' && host.server === null
  const detail = isOwn
    ? 'each start sets synchronous=FULL and a write-ahead log'
    : 'an acknowledged write is on disk'
  return [{ name: 'durability', state: 'ok', detail }]
}

function checkMigrations(inspection: Inspection, pending: string[]): Check {
  const name = 'migrations'
  if (pending.length === 0) return { name, state: 'ok', detail: 'none is pending' }
  if (!inspection.exists) {
    return { name, state: 'ok', detail: 'no database yet: the first start makes it' }
  }
  return {
    name,
    state: 'warn',
    detail: `pending: ${pending.join(', ')}`,
    fix: 'run: npm run clientele -- migrate (or npm start, which does it)',
  }
}

async function checkJobs(inspection: Inspection): Promise<Check> {
  const name = 'jobs'
  if (!(await hasTable(inspection, 'jobs'))) return { name, state: 'ok', detail: 'none yet' }
  const dead = await countDeadJobs(inspection.reader)
  if (dead === 0) return { name, state: 'ok', detail: 'none is dead' }
  return {
    name,
    state: 'warn',
    detail: `${dead} failed at every try and ${dead === 1 ? 'is' : 'are'} not tried any more`,
    fix: 'look for "a job failed" in the log; the column last_error of the table jobs says why',
  }
}

export async function hasTable({ reader }: Inspection, name: string): Promise<boolean> {
  const tables = await reader.introspection.getTables()
  return tables.some((table) => table.name === name)
}
