// Owns the tests of `migrate`, and of commands on a database that lacks migrations.
import { existsSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createTestDatabase,
  engine,
  startTestServer,
  type TestDatabase,
} from '../../../test/harness.ts'
import { documentOf, runInProcess } from './test-process.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.remove())

const run = (...args: string[]) => runInProcess(args, database.environment)
const runJson = async (...args: string[]) => documentOf(await run(...args, '--json'))

test('a dry run lists what is pending and makes nothing', async () => {
  const pending = { isDryRun: true, applied: [], pending: expect.arrayContaining(['0001-record']) }
  expect(await runJson('migrate', '--dry-run')).toEqual(pending)
  expect(existsSync(database.environment['CLIENTELE_DATA_DIR'] ?? '')).toBe(false)
  expect(await runJson('migrate', '--dry-run')).toEqual(pending)
})

test('migrations are applied once, and the first start still makes its key', async () => {
  const { code, out } = await run('migrate')
  expect(code).toBe(0)
  expect(out).toContain('applied  0001-record\n')
  expect(await runJson('migrate')).toEqual({ isDryRun: false, applied: [], pending: [] })
  expect((await run('migrate', '--dry-run')).out).toBe('The database is up to date\n')
  expect((await run('apps', 'list')).error).toBe(
    'clientele: no server has run on this database yet; run: npm start\n',
  )
  const server = await startTestServer({}, database)
  expect(server.key).toMatch(/^sk_test_/)
  await server.stop()
  expect((await run('apps', 'list')).code).toBe(0)
})

test('commands refuse a database that lacks migrations, and name them', async () => {
  // The embedded engine refuses before: there is no file to open.
  if (engine === 'sqlite') await run('migrate')
  const { error } = await run('apps', 'list')
  const postgresql =
    /^clientele: the database has not had the migrations 0001-record.*; run: .*migrate\n$/
  const sqlite = /^clientele: no server has run on this database yet; run: npm start\n$/
  expect(error).toMatch(engine === 'sqlite' ? sqlite : postgresql)
})
