// Owns the tests of the doctor: what it finds, and that it changes nothing.
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createTestDatabase,
  engine,
  startTestServer,
  type TestDatabase,
} from '../../../test/harness.ts'
import { readConfig } from '../config.ts'
import type { Inspection } from './command.ts'
import type { Check } from './doctor.ts'
import { checkDatabase, judgePostgresql } from './doctor-database.ts'
import { judgeDisk } from './doctor-machine.ts'
import { openInspection } from './inspection.ts'
import { documentOf, type Environment, runInProcess } from './test-process.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.remove())

async function examine(more: Environment = {}): Promise<{ code: number | null; checks: Check[] }> {
  const ended = await runInProcess(['doctor', '--json'], { ...database.environment, ...more })
  const { checks, isHealthy } = documentOf(ended)
  expect(isHealthy).toBe(ended.code === 0)
  return { code: ended.code, checks: checks as Check[] }
}

const named = (checks: Check[], name: string) => checks.find((check) => check.name === name)

async function prepare(): Promise<void> {
  await (await startTestServer({}, database)).stop()
}

test('where nothing exists yet it finds nothing wrong, and makes nothing', async () => {
  const { CLIENTELE_DATA_DIR = '', CLIENTELE_MASTER_KEY_FILE = '' } = database.environment
  const { code, checks } = await examine()
  expect(checks.filter(({ state }) => state === 'fail')).toEqual([])
  expect(code).toBe(0)
  expect(checks.map(({ name }) => name)).toEqual([
    ...['data folder', 'disk', 'server', 'engine', 'durability', 'migrations', 'jobs'],
    ...['master key', 'port'],
  ])
  expect(existsSync(CLIENTELE_DATA_DIR)).toBe(false)
  expect(existsSync(CLIENTELE_MASTER_KEY_FILE)).toBe(false)
})

test('an installation that was stopped is well, and looking changes no file', async () => {
  await prepare()
  const { CLIENTELE_DATA_DIR = '' } = database.environment
  const files = () => (engine === 'sqlite' ? readdirSync(CLIENTELE_DATA_DIR).sort() : [])
  const before = files()
  const { code, checks } = await examine()
  expect(code).toBe(0)
  expect(files()).toEqual(before)
  expect(checks.map(({ state }) => state)).toEqual(checks.map(() => 'ok'))
  expect(named(checks, 'migrations')?.detail).toBe('none is pending')
  expect(named(checks, 'master key')?.detail).toMatch(/is the one of this database$/)
  expect(named(checks, 'engine')?.detail).toMatch(
    engine === 'sqlite' ? /^embedded SQLite 3\./ : /^PostgreSQL \d/,
  )
})

test('for people each check is a line, and the end says the verdict', async () => {
  const { code, out } = await runInProcess(['doctor'], database.environment)
  expect(code).toBe(0)
  expect(out).toMatch(/^ok {4}data folder {3}\S/)
  expect(out).toMatch(/\nNothing is wrong\n$/)
})

test('another master key, and a key file that others can read, fail', async () => {
  await prepare()
  const other = await examine({ CLIENTELE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') })
  expect(other.code).toBe(1)
  expect(named(other.checks, 'master key')).toMatchObject({
    state: 'fail',
    detail: 'the master key is not the one that this database was made with',
  })
  const file = database.environment['CLIENTELE_MASTER_KEY_FILE'] ?? ''
  chmodSync(file, 0o644)
  const exposed = await examine()
  expect(exposed.code).toBe(1)
  expect(named(exposed.checks, 'master key')?.fix).toBe(`run: chmod 600 ${file}`)
  const gone = await examine({ CLIENTELE_MASTER_KEY_FILE: `${file}.gone` })
  expect(named(gone.checks, 'master key')?.state).toBe('fail')
})

test('dead jobs are counted, and are only a warning', async () => {
  const server = await startTestServer({}, database)
  const id = server.system.ids()
  const job = { app_id: server.testApp.id, id, kind: 'none', subject_id: id, status: 'dead' }
  const more = { run_at: 0, attempts: 9, lease_token: null, leased_until: null, last_error: '' }
  await server.system.database.transaction((db) =>
    db
      .insertInto('jobs')
      .values({ ...job, ...more, created_at: 0 })
      .execute(),
  )
  await server.stop()
  const { code, checks } = await examine()
  expect(code).toBe(0)
  expect(named(checks, 'jobs')).toMatchObject({
    state: 'warn',
    detail: '1 failed at every try and is not tried any more',
  })
})

test('pending migrations are a warning with the command that applies them', async () => {
  const { checks } = await examine()
  const pending = named(checks, 'migrations')
  if (engine === 'sqlite') expect(pending?.detail).toContain('no database yet')
  else {
    const detail = expect.stringMatching(/^pending: 0001-record, /)
    expect(pending).toMatchObject({ state: 'warn', detail })
  }
})

test('a port of another program fails, a port of a Clientele server is well', async () => {
  const other = await listen()
  const taken = await examine({ PORT: String(other.port) })
  other.server.close()
  expect(taken.code).toBe(1)
  expect(named(taken.checks, 'port')).toMatchObject({
    state: 'fail',
    fix: 'stop it, or set PORT to another port',
  })
  const elsewhere = await startTestServer()
  const own = await examine({ PORT: new URL(elsewhere.url).port })
  await elsewhere.close()
  expect(named(own.checks, 'port')).toMatchObject({ state: 'ok' })
  const free = await examine({ PORT: String(other.port) })
  expect(named(free.checks, 'port')?.detail).toBe(`${other.port} on 127.0.0.1 is free`)
  const foreign = await examine({ HOST: '192.0.2.1', PORT: '4000' })
  expect(named(foreign.checks, 'port')?.detail).toContain('EADDRNOTAVAIL')
})

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : 0 }
}

test('a data folder below a file fails, as a database that does not answer does', async () => {
  const file = join(dirname(database.environment['CLIENTELE_DATA_DIR'] ?? ''), 'data-file')
  const { DATABASE_URL: _, ...embedded } = database.environment
  writeFileSync(file, 'text')
  const environment = { ...embedded, CLIENTELE_DATA_DIR: join(file, 'data') }
  const folder = await runInProcess(['doctor', '--json'], environment)
  expect(folder.code).toBe(1)
  expect(named(documentOf(folder)['checks'] as Check[], 'data folder')).toMatchObject({
    state: 'fail',
    detail: `${file} is not a folder`,
  })
  const away = await examine({ DATABASE_URL: 'postgres://ana:geheim@127.0.0.1:1/records' })
  expect(away.code).toBe(1)
  expect(named(away.checks, 'database')).toEqual({
    name: 'database',
    state: 'fail',
    detail: 'PostgreSQL at 127.0.0.1:1 does not answer (ECONNREFUSED)',
    fix: 'start it, or correct the host and port in DATABASE_URL',
  })
})

test('a setting that could lose writes fails, unless it was accepted by name', async () => {
  const opened = await openInspection(readConfig(database.environment))
  const unsafe = { name: 'fsync', detail: 'fsync is off', fix: 'set fsync = on' }
  const inspection: Inspection = { ...opened, unsafeSettings: async () => [unsafe] }
  const check = async (environment: Environment) => {
    const config = readConfig({ ...database.environment, ...environment })
    const unused = async () => {
      throw new Error('not asked for')
    }
    const host = { config, server: null, openDatabase: unused, openSystem: unused, inspect: unused }
    return named(await checkDatabase(inspection, host), 'durability')
  }
  expect(await check({})).toEqual({
    name: 'durability',
    state: 'fail',
    detail: 'fsync is off',
    fix: 'set fsync = on',
  })
  expect(await check({ CLIENTELE_ALLOW_UNSAFE: 'fsync' })).toMatchObject({ state: 'warn' })
  await opened.close()
})

const mebibyte = 1024 * 1024

test.each([
  [100 * mebibyte - 1, 'fail'],
  [100 * mebibyte, 'warn'],
  [1024 * mebibyte - 1, 'warn'],
  [1024 * mebibyte, 'ok'],
])('%d free bytes are judged: %s', (bytes, state) => {
  expect(judgeDisk(bytes).state).toBe(state)
})

test.each([
  ['14.12', 14, 'fail'],
  ['15.0', 15, 'ok'],
  ['18.4', 18, 'ok'],
])('PostgreSQL %s is judged: %s', (version, major, state) => {
  expect(judgePostgresql(version, major).state).toBe(state)
})
