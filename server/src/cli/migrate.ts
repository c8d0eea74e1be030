// Owns `migrate`.
import { type Args, defineCommand, type Host } from './command.ts'

interface MigrateResult {
  isDryRun: boolean
  applied: string[]
  pending: string[]
}

export const migrate = defineCommand<MigrateResult>({
  name: 'migrate',
  summary: 'bring the database to this version; `serve` does it by itself',
  declare: (syntax) => syntax.option('--dry-run', 'only list what would be applied'),
  run: (host, args) => (isDryRun(args) ? listPending(host) : applyPending(host)),
  render: ({ applied, pending }) => {
    if (applied.length === 0 && pending.length === 0) return 'The database is up to date'
    return [...applied.map((name) => `applied  ${name}`), ...pending.map(renderPending)].join('\n')
  },
})

const isDryRun = (args: Args) => args['dryRun'] === true

const renderPending = (name: string) => `pending  ${name}`

async function listPending(host: Host): Promise<MigrateResult> {
  const { pendingMigrations } = await host.inspect()
  return { isDryRun: true, applied: [], pending: await pendingMigrations() }
}

async function applyPending(host: Host): Promise<MigrateResult> {
  const database = await host.openDatabase()
  const applied = await database.migrate()
  return { isDryRun: false, applied, pending: await database.pendingMigrations() }
}
