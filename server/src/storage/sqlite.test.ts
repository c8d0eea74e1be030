// Owns the proof of the embedded engine: durable settings, readers that see commits only.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from './database.ts'
import { openSqlite } from './sqlite.ts'

let folder: string
let database: Database

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clientele-sqlite-'))
  database = openSqlite(join(folder, 'data'))
  await database.migrate()
})

afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

test('every commit waits for the disk, and readers do not wait for the writer', async () => {
  const settings = await database.transaction(async (db) => {
    const journal = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(db)
    const sync = await sql<{ synchronous: number }>`pragma synchronous`.execute(db)
    return { ...journal.rows[0], ...sync.rows[0] }
  })
  // 2 is FULL.
  expect(settings).toEqual({ journal_mode: 'wal', synchronous: 2 })
  expect(await database.unsafeSettings()).toEqual([])
})

test('the reader cannot write', async () => {
  await expect(insertSetting(database.reader, 'a')).rejects.toThrow('readonly database')
})

test('the reader sees a transaction only after its commit', async () => {
  const seenInside = await database.transaction(async (db) => {
    await insertSetting(db, 'a')
    return names(database.reader)
  })
  expect(seenInside).toEqual([])
  expect(await names(database.reader)).toEqual(['a'])
})

test('what was committed is there after the file is opened again', async () => {
  await database.transaction((db) => insertSetting(db, 'a'))
  await database.close()
  database = openSqlite(join(folder, 'data'))
  expect(await names(database.reader)).toEqual(['a'])
  expect(await database.pendingMigrations()).toEqual([])
})

test('a value of another type is refused, not converted', async () => {
  const wrong = database.transaction((db) =>
    sql`insert into settings (name, value) values ('a', 'text')`.execute(db),
  )
  await expect(wrong).rejects.toThrow('cannot store TEXT value in BLOB column')
})

test('a row lock is left out: a transaction holds the only writer', async () => {
  const query = database.reader.selectFrom('settings').select('name').forUpdate().skipLocked()
  expect(query.compile().sql).not.toMatch(/for update|skip locked/)
})

type Db = Database['reader']

async function insertSetting(db: Db, name: string): Promise<void> {
  await db.insertInto('settings').values({ name, value: new Uint8Array() }).execute()
}

async function names(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('settings').select('name').orderBy('name').execute()
  return rows.map((row) => row.name)
}
