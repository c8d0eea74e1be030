// Owns a whole server for a test: real sockets, a database of its own on the engine under test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { inject } from 'vitest'
import { createApplication } from '../server/src/app.ts'
import { type Config, readConfig } from '../server/src/config.ts'
import { createKey, everyScope } from '../server/src/core/apps/app-service.ts'
import { recordUses } from '../server/src/core/apps/key-service.ts'
import {
  type App,
  type Context,
  contextOf,
  forEveryApp,
  type System,
} from '../server/src/core/context.ts'
import type { Worker } from '../server/src/jobs/worker.ts'
import { type Clock, systemClock } from '../server/src/lib/clock.ts'
import { systemRandom } from '../server/src/lib/random.ts'
import { checkAnswer } from './check-answer.ts'
import { migratedDatabase, query } from './postgresql.ts'

export type Engine = 'sqlite' | 'postgresql'

export const engine: Engine =
  process.env['CLIENTELE_TEST_ENGINE'] === 'postgresql' ? 'postgresql' : 'sqlite'

/** The system's clock, and a hand to turn it forward. */
export interface TestClock extends Clock {
  advance(ms: number): void
}

export interface TestServer {
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  url: string
  config: Config
  environment: Record<string, string>
  /** Sees the rows of every app, for a test looks at what is stored. */
  system: System
  worker: Worker
  clock: TestClock
  testApp: App
  liveApp: App
  /** A key of the test app with every scope. */
  key: string
  /** The lines that the server logged. */
  logLines: string[]
  createKey(app: App, scopes?: string[]): Promise<string>
  contextOf(app: App): Context
  /** What the chore does: writes down which keys were used. */
  noteKeyUses(): Promise<void>
  /** Advances the clock and runs jobs until none is left. */
  drainJobs(): Promise<void>
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Leaves the database; `close` also removes it. */
  stop(): Promise<void>
  close(): Promise<void>
}

export interface CallOptions {
  /** `null` sends none; left out: the test app's key. */
  key?: string | null
  /** Sent as JSON; a string or bytes go out as they are. */
  body?: unknown
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The parsed body; tests look at it freely. */
  // biome-ignore lint/suspicious/noExplicitAny: the wire is untyped here on purpose
  json: any
}

export interface TestDatabase {
  environment: Record<string, string>
  remove(): Promise<void>
}

/** An empty database on the engine under test, as the settings that select it. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase('template1')
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-test-'))
  const environment: Record<string, string> = {
    PORT: '0',
    CLIENTELE_DATA_DIR: join(folder, 'data'),
    CLIENTELE_MASTER_KEY_FILE: join(folder, 'master.key'),
    CLIENTELE_REQUESTS_PER_SECOND: '1000000',
    // The test itself works in this process, and a machine may be busy.
    CLIENTELE_EVENT_LOOP_DELAY_MS: '0',
    CLIENTELE_LOG_LEVEL: 'info',
    CLIENTELE_ALLOWED_NETWORKS: '127.0.0.0/8',
  }
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  if (engine === 'sqlite') return { environment, remove: async () => removeFolder() }
  const serverUrl = inject('postgresqlUrl')
  const name = `test_${systemRandom.bytes(8).toString('hex')}`
  await query(serverUrl, `create database ${name} template ${template}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  environment['DATABASE_URL'] = url.href
  return {
    environment,
    async remove() {
      await query(serverUrl, `drop database ${name} with (force)`)
      removeFolder()
    },
  }
}

export async function startTestServer(
  more: Record<string, string> = {},
  database?: TestDatabase,
): Promise<TestServer> {
  const own = database ?? (await createDatabase(migratedDatabase))
  const environment = { ...own.environment, ...more }
  const config = readConfig(environment)
  const clock = createTestClock()
  const logLines: string[] = []
  const log = pino({ level: config.logLevel, base: null }, { write: (line) => logLines.push(line) })
  const application = await createApplication(config, log, { clock, random: systemRandom })
  const { system: ownSystem, worker } = await application.start({ withWorker: false })
  const system = forEveryApp(ownSystem)
  await application.server.listen({ host: '127.0.0.1', port: 0 })
  const url = application.server.listeningOrigin
  const apps = await system.db.selectFrom('apps').selectAll().orderBy('id').execute()
  const appOf = (mode: 'test' | 'live'): App => {
    const row = apps.find((app) => app.mode === mode)
    if (!row) throw new Error(`the first start makes a ${mode} app`)
    const { id, name } = row
    return { id, merchantId: row.merchant_id, name, mode, createdAt: row.created_at }
  }
  const newKey = async (app: App, scopes = [everyScope]) =>
    (await createKey(system, { app, name: 'test', scopes })).secret
  const testApp = appOf('test')
  const key = await newKey(testApp)
  const stop = () => application.close()
  return {
    url,
    config,
    environment,
    system,
    worker,
    clock,
    testApp,
    liveApp: appOf('live'),
    key,
    logLines,
    createKey: newKey,
    contextOf: (app) => contextOf(ownSystem, { app, actor: 'operator:test' }),
    noteKeyUses: () => recordUses(system, application.authenticator.takeUses()),
    drainJobs: () => drainJobs(system, worker, clock),
    call: (method, path, options = {}) => call(url, key, { method, path, options }),
    stop,
    async close() {
      await stop()
      await own.remove()
    },
  }
}

function createTestClock(): TestClock {
  let ahead = 0
  return {
    ...systemClock,
    now: () => Date.now() + ahead,
    advance: (ms) => {
      ahead += ms
    },
  }
}

const drainRoundsMax = 1_000

async function drainJobs(system: System, worker: Worker, clock: TestClock): Promise<void> {
  for (let round = 0; round < drainRoundsMax; round += 1) {
    const waiting = await system.db
      .selectFrom('jobs')
      .select((eb) => eb.fn.min('run_at').as('next'))
      .where('status', '=', 'waiting')
      .executeTakeFirst()
    if (waiting?.next === null || waiting?.next === undefined) return
    clock.advance(Math.max(0, Number(waiting.next) - clock.now()))
    await worker.runDue()
  }
  throw new Error(`jobs are left after ${drainRoundsMax} rounds`)
}

async function call(
  url: string,
  ownKey: string,
  request: { method: string; path: string; options: CallOptions },
): Promise<Answer> {
  const { method, path, options } = request
  const key = options.key === undefined ? ownKey : options.key
  const headers: Record<string, string> = { ...options.headers }
  if (key !== null) headers['authorization'] ??= `Bearer ${key}`
  const init: RequestInit = { method, headers }
  if (options.body !== undefined) {
    headers['content-type'] ??= 'application/json'
    const isRaw = typeof options.body === 'string' || options.body instanceof Uint8Array
    init.body = (isRaw ? options.body : JSON.stringify(options.body)) as NonNullable<
      RequestInit['body']
    >
  }
  const response = await fetch(url + path, init)
  const text = await response.text()
  checkAnswer({ method, path }, { status: response.status, text })
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  const json = isJson && text !== '' ? JSON.parse(text) : undefined
  return { status: response.status, headers: response.headers, text, json }
}
