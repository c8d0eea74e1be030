// Owns the proof that migrations run once, in order, on both engines.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createMigratedDatabase,
  type MigratedDatabase,
} from '../../../test/crash/migrated-database.ts'
import { createTestDatabase, engine } from '../../../test/harness.ts'
import { readConfig } from '../config.ts'
import { openDatabase } from './database.ts'

let own: MigratedDatabase
beforeAll(async () => {
  own = await createMigratedDatabase()
})
afterAll(() => own.remove())

test('a new database has every migration pending, and none after them', async () => {
  const { environment, remove } = await createTestDatabase()
  const { databaseUrl: url, dataDir } = readConfig(environment)
  const database = await openDatabase({ url, dataDir, connectionsMax: 2 })
  try {
    const pending = await database.pendingMigrations()
    expect(pending[0]).toBe('0001-record')
    expect(await database.migrate()).toEqual(pending)
    expect(await database.pendingMigrations()).toEqual([])
    expect(await database.migrate()).toEqual([])
  } finally {
    await database.close()
    await remove()
  }
})

test('a migration that fails in the middle leaves nothing, and runs when the cause is gone', async () => {
  const { environment, remove } = await createTestDatabase()
  const { databaseUrl: url, dataDir } = readConfig(environment)
  const database = await openDatabase({ url, dataDir, connectionsMax: 2 })
  try {
    // The last table of the first migration is there already.
    await database.transaction((db) => sql`create table jobs (x bigint)`.execute(db))
    await expect(database.migrate()).rejects.toThrow('already exists')
    await expect(sql`select * from settings`.execute(database.reader)).rejects.toThrow('settings')
    await database.transaction((db) => sql`drop table jobs`.execute(db))
    expect(await database.migrate()).toContain('0001-record')
  } finally {
    await database.close()
    await remove()
  }
})

/** Without an app: the installation itself, and where an app is found at all. */
const withoutApp = [
  'settings_pkey',
  'merchants_pkey',
  'apps_pkey',
  'apps_merchant',
  'keys_secret_hash',
  'keys_previous_secret_hash',
  'connections_id',
]

test('every key and every index begins with app_id, so that a cluster can shard by it', async () => {
  const columns = await firstColumns()
  expect(columns.size).toBeGreaterThan(15)
  const others = [...columns].filter(([, column]) => column !== 'app_id').map(([name]) => name)
  expect(others.sort()).toEqual([...withoutApp].sort())
})

/** The first column of each index, by its name; on SQLite a primary key is named by its table. */
async function firstColumns(): Promise<Map<string, string>> {
  const query =
    engine === 'postgresql'
      ? sql<{ name: string; column: string }>`
          select i.relname as name, a.attname as column
          from pg_index x
          join pg_class i on i.oid = x.indexrelid
          join pg_class t on t.oid = x.indrelid and t.relnamespace = 'public'::regnamespace
          join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
          where t.relname not like 'kysely%'`
      : sql<{ name: string; column: string }>`
          select case l.origin when 'pk' then t.name || '_pkey' else l.name end as name,
            c.name as "column"
          from sqlite_schema t, pragma_index_list(t.name) l, pragma_index_info(l.name) c
          where t.type = 'table' and c.seqno = 0 and t.name not like 'kysely%'`
  const { rows } = await query.execute(own.database.reader)
  return new Map(rows.map(({ name, column }) => [name, column]))
}
