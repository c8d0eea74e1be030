// Owns the tests of `migrate`, and of commands on a database that lacks migrations.
import { existsSync } from 'node:fs'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createTestDatabase,
  engine,
  startTestServer,
  type TestDatabase,
} from '../../../test/harness.ts'
import { query } from '../../../test/postgresql.ts'
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

if (engine === 'sqlite') {
  test('the embedded engine has no role to grant anything to', async () => {
    const fix = 'leave out --grant-to, or set DATABASE_URL'
    const error = `clientele: the embedded database has no roles; ${fix}\n`
    expect(await run('migrate', '--grant-to', 'server')).toMatchObject({ code: 1, error })
  })
} else {
  test('a role that owns nothing may be let in: rows, and no table', async () => {
    const url = database.environment['DATABASE_URL'] ?? ''
    const superuserUrl = url.replace('clientele@', 'postgres@')
    await query(superuserUrl, 'create role "Let in" login nosuperuser nobypassrls')
    try {
      const { code, out } = await run('migrate', '--grant-to', 'Let in')
      expect([code, out]).toEqual([0, expect.stringMatching(/^granted {2}Let in$/m)])
      expect(await runJson('migrate', '--grant-to', 'Let in')).toMatchObject({
        applied: [],
        grantedTo: 'Let in',
      })
      const environment = { ...database.environment, DATABASE_URL: asRole(url, 'Let in') }
      const server = await startTestServer({}, { environment, remove: async () => {} })
      expect((await server.call('GET', '/readyz')).json).toEqual({ status: 'ready' })
      await server.stop()
      expect(await refusalOf(environment.DATABASE_URL, 'drop table jobs')).toBe('42501')
      expect(await refusalOf(environment.DATABASE_URL, 'create table own (id int)')).toBe('42501')
      const forge = "insert into kysely_migration values ('0000-own', '')"
      expect(await refusalOf(environment.DATABASE_URL, forge)).toBe('42501')
    } finally {
      await query(superuserUrl, 'drop owned by "Let in"')
      await query(superuserUrl, 'drop role "Let in"')
    }
  })
}

function asRole(url: string, role: string): string {
  const own = new URL(url)
  own.username = encodeURIComponent(role)
  return own.href
}

async function refusalOf(url: string, text: string): Promise<string> {
  try {
    await query(url, text)
    return 'none'
  } catch (error) {
    return error instanceof pg.DatabaseError ? String(error.code) : 'unknown'
  }
}
