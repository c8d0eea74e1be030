// Owns the tests of /livez and /readyz, over a stand-in for the database.
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import type { System } from '../core/context.ts'
import type { Database, UnsafeSetting } from '../storage/database.ts'
import { addHealth } from './health.ts'

const servers: FastifyInstance[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const unsafe: UnsafeSetting[] = [
  { name: 'fsync', detail: 'fsync is off', fix: 'turn it on' },
  { name: 'full_page_writes', detail: 'it is off', fix: 'turn it on' },
]

interface Situation {
  hasStarted?: boolean
  settings?: () => Promise<UnsafeSetting[]>
  pending?: () => Promise<string[]>
  allowedUnsafe?: string[]
  hasHookOnClose?: boolean
}

/** What /readyz answers between the wish to close and the end of the listener. */
const seenOnClose: number[] = []

async function start(situation: Situation): Promise<{ server: FastifyInstance; url: string }> {
  const server = fastify()
  servers.push(server)
  const settings = situation.settings ?? (async () => [])
  const pendingMigrations = situation.pending ?? (async () => [])
  addHealth(server, {
    // Health asks nothing else of either.
    database: { unsafeSettings: settings, pendingMigrations } as Partial<Database> as Database,
    current: () => {
      if (situation.hasStarted === false) throw new Error('not yet')
      return {} as Partial<System> as System
    },
    allowedUnsafe: situation.allowedUnsafe ?? [],
  })
  if (situation.hasHookOnClose) {
    server.addHook('preClose', async () => {
      seenOnClose.push((await fetch(`${server.listeningOrigin}/readyz`)).status)
    })
  }
  return { server, url: await server.listen({ host: '127.0.0.1', port: 0 }) }
}

async function readiness(situation: Situation): Promise<{ status: number; names: string[] }> {
  const { url } = await start(situation)
  const answer = await fetch(`${url}/readyz`)
  const { reasons = [] } = (await answer.json()) as { reasons?: UnsafeSetting[] }
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('retry-after')).toBe(answer.status === 503 ? '1' : null)
  for (const { detail, fix } of reasons) expect([detail, fix]).not.toContain('')
  return { status: answer.status, names: reasons.map(({ name }) => name) }
}

test('a server that has started on safe settings is ready', async () => {
  expect(await readiness({})).toEqual({ status: 200, names: [] })
})

test('before the start has ended it is alive and not ready, and says why', async () => {
  const { url } = await start({ hasStarted: false })
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  expect(await readiness({ hasStarted: false })).toEqual({ status: 503, names: ['starting'] })
})

test('a start that waits for the database, or migrates it, says so', async () => {
  const away = { hasStarted: false, pending: () => Promise.reject(new Error('refused')) }
  expect(await readiness(away)).toEqual({ status: 503, names: ['starting', 'database_away'] })
  const migrating = { hasStarted: false, pending: async () => ['0009-next'] }
  const names = ['starting', 'migrations_pending']
  expect(await readiness(migrating)).toEqual({ status: 503, names })
})

test('pending migrations are named, beside every unsafe setting', async () => {
  const pending = async () => ['0008-one', '0009-two']
  const names = ['migrations_pending', 'fsync', 'full_page_writes']
  expect(await readiness({ pending, settings: async () => unsafe })).toEqual({ status: 503, names })
  const { url } = await start({ pending })
  const { reasons } = (await (await fetch(`${url}/readyz`)).json()) as { reasons: UnsafeSetting[] }
  expect(reasons.map(({ detail }) => detail)).toEqual([
    'the database has not had the migrations 0008-one, 0009-two',
  ])
})

test('each unsafe setting is named', async () => {
  const expected = { status: 503, names: ['fsync', 'full_page_writes'] }
  expect(await readiness({ settings: async () => unsafe })).toEqual(expected)
})

test('only the settings that the operator has accepted are passed over', async () => {
  const some = { settings: async () => unsafe, allowedUnsafe: ['fsync'] }
  expect(await readiness(some)).toEqual({ status: 503, names: ['full_page_writes'] })
  const all = { ...some, allowedUnsafe: ['fsync', 'full_page_writes'] }
  expect(await readiness(all)).toEqual({ status: 200, names: [] })
})

test('a database that does not answer is named, without its own words', async () => {
  const settings = () => Promise.reject(new Error('password of postgres://secret@host'))
  expect(await readiness({ settings })).toEqual({ status: 503, names: ['database_away'] })
  const { url } = await start({ settings })
  expect(await (await fetch(`${url}/readyz`)).text()).not.toContain('secret')
})

test('a server that is closing is not ready, for as long as it is heard', async () => {
  const { server, url } = await start({ hasHookOnClose: true })
  await server.close()
  expect(seenOnClose).toEqual([503])
  expect(await fetch(url).catch(() => null)).toBeNull()
})
