// Owns the proof of what a first start makes, and that a second one keeps it.
import { existsSync, rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabaseReader, type Row } from '../../test/crash/database-reader.ts'
import { createTestDatabase, engine, type TestDatabase } from '../../test/harness.ts'
import { readConfig } from './config.ts'
import { findCaller, listApps } from './core/apps/app-service.ts'
import { type Installation, openInstallationDatabase, prepareInstallation } from './installation.ts'
import type { Database } from './storage/database.ts'

let own: TestDatabase
let opened: Database[]

beforeEach(async () => {
  own = await createTestDatabase()
  opened = []
})
afterEach(async () => {
  await closeAll()
  await own.remove()
})

async function start(more: Record<string, string> = {}): Promise<Installation> {
  const config = readConfig({ ...own.environment, ...more })
  const database = await openInstallationDatabase(config)
  opened.push(database)
  return prepareInstallation(database, config)
}

async function closeAll(): Promise<void> {
  for (const database of opened.splice(0)) await database.close()
}

test('the first start makes a merchant, an app of each mode, and a key that works', async () => {
  const { system, firstStart } = await start()
  const apps = await listApps(system)
  expect(apps.map((app) => app.mode).sort()).toEqual(['live', 'test'])
  expect(new Set(apps.map((app) => app.merchantId)).size).toBe(1)
  expect(firstStart?.key.secret).toMatch(/^sk_test_\w{49}$/)
  const caller = await findCaller(system, firstStart?.key.secret ?? '')
  expect(caller?.app).toEqual(firstStart?.test)
  expect(caller?.key.scopes).toEqual(['*'])
})

test('a later start makes nothing, and the key of the first one still works', async () => {
  const first = await start()
  const before = await everyRow()
  await closeAll()
  const second = await start()
  expect(second.firstStart).toBeNull()
  expect(await everyRow()).toEqual(before)
  const caller = await findCaller(second.system, first.firstStart?.key.secret ?? '')
  expect(caller?.app.id).toBe(first.firstStart?.test.id)
})

test('a wrong master key is refused, and no row changes', async () => {
  await start()
  const before = await everyRow()
  await closeAll()
  await expect(start({ CLIENTELE_MASTER_KEY: 'ab'.repeat(32) })).rejects.toMatchObject({
    code: 'master_key_wrong',
  })
  expect(await everyRow()).toEqual(before)
})

test('a master key that is gone is refused, and none is made in its place', async () => {
  await start()
  const before = await everyRow()
  await closeAll()
  const file = own.environment['CLIENTELE_MASTER_KEY_FILE'] ?? ''
  rmSync(file)
  await expect(start()).rejects.toMatchObject({ code: 'master_key_missing' })
  expect(existsSync(file)).toBe(false)
  expect(await everyRow()).toEqual(before)
})

test('a wrong master key is refused before any later migration', async () => {
  const { system } = await start()
  const migrated: string[] = []
  const laterPending: Database = {
    ...system.database,
    pendingMigrations: async () => ['0002-later'],
    migrate: async () => {
      migrated.push('0002-later')
      return migrated
    },
  }
  const wrong = readConfig({ ...own.environment, CLIENTELE_MASTER_KEY: 'ab'.repeat(32) })
  await expect(prepareInstallation(laterPending, wrong)).rejects.toMatchObject({
    code: 'master_key_wrong',
  })
  expect(migrated).toEqual([])
  await prepareInstallation(laterPending, readConfig(own.environment))
  expect(migrated).toEqual(['0002-later'])
})

test('a start that was cut off after the master key goes on with the same key', async () => {
  const { system } = await start()
  await system.database.transaction(async (db) => {
    for (const table of ['keys', 'apps', 'merchants'] as const) await db.deleteFrom(table).execute()
    await db.deleteFrom('settings').where('name', '=', 'first_start').execute()
  })
  await closeAll()
  const { firstStart } = await start()
  expect(firstStart).not.toBeNull()
})

// Only there two processes can start on one database.
if (engine === 'postgresql') {
  test('of first starts at the same moment one makes the apps, and all of them agree', async () => {
    // The schema stands, as after `migrate`; the key comes from outside.
    const more = { CLIENTELE_MASTER_KEY: 'cd'.repeat(32) }
    const config = readConfig({ ...own.environment, ...more })
    const database = await openInstallationDatabase(config)
    opened.push(database)
    await database.migrate()
    const starts = await Promise.all(Array.from({ length: 5 }, () => start(more)))
    expect(starts.filter(({ firstStart }) => firstStart !== null)).toHaveLength(1)
    const [any] = starts
    expect(any && (await listApps(any.system))).toHaveLength(2)
  })
}

async function everyRow(): Promise<Record<string, Row[]>> {
  const reader = await openDatabaseReader(own.environment)
  try {
    const tables = ['settings', 'merchants', 'apps', 'keys', 'customers', 'events', 'replies']
    const rows: Record<string, Row[]> = {}
    for (const table of tables) rows[table] = await reader.rows(`select * from ${table} order by 1`)
    return rows
  } finally {
    await reader.close()
  }
}
