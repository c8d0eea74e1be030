// Owns `migrate`.
import { Refusal } from '../lib/refusal.ts'
import type { Database } from '../storage/database.ts'
import { type Args, defineCommand, type Host, readText } from './command.ts'

interface MigrateResult {
  isDryRun: boolean
  applied: string[]
  pending: string[]
  /** The role that may work on the tables now. */
  grantedTo?: string
}

export const migrate = defineCommand<MigrateResult>({
  name: 'migrate',
  summary: 'bring the database to this version; `serve` does it by itself',
  declare: (syntax) =>
    syntax
      .option('--dry-run', 'only list what would be applied')
      .option('--grant-to <role>', 'let this PostgreSQL role work on the tables it does not own'),
  run: (host, args) => (isDryRun(args) ? listPending(host) : applyPending(host, args)),
  render: ({ applied, pending, grantedTo }) => {
    const granted = grantedTo === undefined ? [] : [`granted  ${grantedTo}`]
    const lines = [...applied.map((name) => `applied  ${name}`), ...pending.map(renderPending)]
    if (lines.length === 0) lines.push('The database is up to date')
    return [...lines, ...granted].join('\n')
  },
})

const isDryRun = (args: Args) => args['dryRun'] === true

const renderPending = (name: string) => `pending  ${name}`

async function listPending(host: Host): Promise<MigrateResult> {
  const { pendingMigrations } = await host.inspect()
  return { isDryRun: true, applied: [], pending: await pendingMigrations() }
}

async function applyPending(host: Host, args: Args): Promise<MigrateResult> {
  const database = await host.openDatabase()
  const grantTo = args['grantTo'] === undefined ? null : readText(args, 'grantTo', roleLengthMax)
  if (grantTo !== null) requireRoles(database)
  const applied = await database.migrate()
  const granted = grantTo === null ? {} : { grantedTo: grantTo }
  if (grantTo !== null) await database.grantUse?.(grantTo)
  return { isDryRun: false, applied, pending: await database.pendingMigrations(), ...granted }
}

/** PostgreSQL cuts off a longer name. */
const roleLengthMax = 63

function requireRoles({ grantUse }: Database): void {
  if (grantUse !== null) return
  const fix = 'leave out --grant-to, or set DATABASE_URL'
  throw new Refusal('no_roles', 'the embedded database has no roles', fix)
}
