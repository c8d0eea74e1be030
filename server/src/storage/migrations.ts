// Owns the order of the migrations and the column types of each engine.
import { type CreateTableBuilder, type Kysely, sql } from 'kysely'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import { up as record } from './migrations/0001-record.ts'
import { up as registrations } from './migrations/0002-registrations.ts'
import { up as crypto } from './migrations/0003-crypto.ts'
import { up as banking } from './migrations/0004-banking.ts'
import { up as webhooks } from './migrations/0005-webhooks.ts'
import { up as feed } from './migrations/0006-feed.ts'
import { up as keys } from './migrations/0007-keys.ts'
import { up as directory } from './migrations/0008-directory.ts'
import { up as rowLevelSecurity } from './migrations/0009-row-level-security.ts'
import { up as unindexedWords } from './migrations/0010-unindexed-words.ts'
import { up as payoutDecisions } from './migrations/0011-payout-decisions.ts'
import { up as periods } from './migrations/0012-periods.ts'
import type { Tables } from './tables.ts'

export type Engine = 'sqlite' | 'postgresql'

/** Portable column types: written once in a migration, spelled by the engine. */
export interface ColumnTypes {
  engine: Engine
  id: 'uuid' | 'text'
  bytes: 'bytea' | 'blob'
  integer: 'bigint' | 'integer'
  /** A new table. On SQLite it is STRICT: a value of another type is refused, not converted. */
  table<Name extends string>(db: Kysely<unknown>, name: Name): CreateTableBuilder<Name>
  /** A table that is all key: on SQLite the rows stand in the key's index, once. */
  keyTable<Name extends string>(db: Kysely<unknown>, name: Name): CreateTableBuilder<Name>
}

const columnTypes: Record<Engine, ColumnTypes> = {
  postgresql: {
    engine: 'postgresql',
    id: 'uuid',
    bytes: 'bytea',
    integer: 'bigint',
    table: (db, name) => db.schema.createTable(name),
    keyTable: (db, name) => db.schema.createTable(name),
  },
  sqlite: {
    engine: 'sqlite',
    id: 'text',
    bytes: 'blob',
    integer: 'integer',
    table: (db, name) => db.schema.createTable(name).modifyEnd(sql`strict`),
    keyTable: (db, name) => db.schema.createTable(name).modifyEnd(sql`strict, without rowid`),
  },
}

/** Forward only, in this order; a name never changes once released. */
const steps = {
  '0001-record': record,
  '0002-registrations': registrations,
  '0003-crypto': crypto,
  '0004-banking': banking,
  '0005-webhooks': webhooks,
  '0006-feed': feed,
  '0007-keys': keys,
  '0008-directory': directory,
  '0009-row-level-security': rowLevelSecurity,
  '0010-unindexed-words': unindexedWords,
  '0011-payout-decisions': payoutDecisions,
  '0012-periods': periods,
}

/** Every migration that this version knows. */
export const migrationNames: readonly string[] = Object.keys(steps)

function provider(engine: Engine): MigrationProvider {
  const types = columnTypes[engine]
  const migrations: Record<string, Migration> = {}
  for (const [name, up] of Object.entries(steps)) migrations[name] = { up: (db) => up(db, types) }
  return { getMigrations: async () => migrations }
}

/** Applies what is pending, each step in a transaction; answers the names it applied. */
export async function migrate(db: Kysely<Tables>, engine: Engine): Promise<string[]> {
  const { error, results } = await migrator(db, engine).migrateToLatest()
  if (error) throw error
  return (results ?? []).map((result) => result.migrationName)
}

/** The names of the migrations that this database has not had yet. */
export async function pendingMigrations(db: Kysely<Tables>, engine: Engine): Promise<string[]> {
  const all = await migrator(db, engine).getMigrations()
  return all.filter((migration) => !migration.executedAt).map((migration) => migration.name)
}

function migrator(db: Kysely<Tables>, engine: Engine): Migrator {
  return new Migrator({ db, provider: provider(engine) })
}
