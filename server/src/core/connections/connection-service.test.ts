// Owns the proof of connections: accepted before they are saved, sealed, and of one mode.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { type Provider, providerErrors } from '../provider.ts'
import {
  checkConnection,
  getConnection,
  getConnectionApp,
  listConnections,
  type NewConnection,
  openConnection,
  openConnectionById,
  removeConnection,
  saveConnection,
  testConnection,
} from './connection-service.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ CLIENTELE_ALLOWED_NETWORKS: '' })
})
afterAll(() => server.close())

const secret = 'a secret that nobody may see'

/** The app, at a provider that takes `key` and tells its mode by `mode`. */
function contextAt(app = server.testApp, more: Partial<Provider> = {}) {
  const own = server.contextOf(app)
  const asked: string[] = []
  const stripe: Provider = {
    ...own.providers.adapters.stripe,
    credentials: [
      { name: 'key', description: 'The key', isRequired: true },
      { name: 'mode', description: 'Its mode', isRequired: false },
    ],
    modeOf: ({ credentials: { mode } }) => (mode === 'live' || mode === 'test' ? mode : null),
    check: async () => {
      asked.push('check')
    },
    ...more,
  }
  const providers = { ...own.providers, adapters: { ...own.providers.adapters, stripe } }
  return { context: { ...own, providers } satisfies Context, asked }
}

const input = (more: Partial<NewConnection> = {}): NewConnection => ({
  provider: 'stripe',
  credentials: { key: secret },
  baseUrl: null,
  mayReplaceLegalAddress: false,
  ...more,
})
const save = async (context: Context, more?: Partial<NewConnection>) =>
  saveConnection(context, await checkConnection(context, input(more)))

describe('saving', () => {
  test('asks the provider, seals the credentials, and never shows them again', async () => {
    const { context, asked } = contextAt()
    const saved = await save(context)
    expect(asked).toEqual(['check'])
    expect(saved).toMatchObject({ provider: 'stripe', credentialNames: ['key'], baseUrl: null })
    const shown = [saved, await getConnection(context, 'stripe'), await listConnections(context)]
    expect(JSON.stringify(shown)).not.toContain(secret)
    const rows = await context.db.selectFrom('connections').selectAll().execute()
    const stored = Buffer.concat(rows.map((row) => Buffer.from(row.credentials)))
    expect(stored.includes(secret)).toBe(false)
    expect((await openConnection(context, 'stripe')).connection.credentials).toEqual({
      key: secret,
    })
  })

  test('again replaces the credentials and keeps the id, and so the webhook URL', async () => {
    const { context } = contextAt()
    const first = await save(context)
    const second = await save(context, { credentials: { key: 'another' } })
    expect(second.id).toBe(first.id)
    expect((await openConnection(context, 'stripe')).connection.credentials).toEqual({
      key: 'another',
    })
    expect(await listConnections(context)).toHaveLength(1)
  })

  test.each([
    [{ credentials: {} }, 'credentials.key', 'is missing'],
    [{ credentials: { key: ' ' } }, 'credentials.key', 'is blank'],
    [{ credentials: { key: 'k'.repeat(10_001) } }, 'credentials.key', 'is longer than'],
    [{ credentials: { key: 'k', kye: 'x' } }, 'credentials.kye', 'known: key, mode'],
    [{ baseUrl: 'https://example.com/' }, 'baseUrl', 'ends with a slash'],
  ])('%j is refused by name, before the network', async (more, param, rule) => {
    const { context, asked } = contextAt()
    const refused = checkConnection(context, input(more))
    await expect(refused).rejects.toMatchObject({ param, message: expect.stringContaining(rule) })
    expect(asked).toEqual([])
  })

  test.each([
    'http://example.com',
    'https://127.0.0.1',
    'https://169.254.169.254',
    'https://[::1]',
  ])('the base URL %s is refused before the network', async (baseUrl) => {
    const { context, asked } = contextAt()
    await expect(checkConnection(context, input({ baseUrl }))).rejects.toMatchObject({
      definition: { code: 'connection_url_refused' },
    })
    expect(asked).toEqual([])
  })

  test('credentials of the other mode are refused before the network, in both directions', async () => {
    for (const [app, mode] of [
      [server.testApp, 'live'],
      [server.liveApp, 'test'],
    ] as const) {
      const { context, asked } = contextAt(app)
      const credentials = { key: 'k', mode }
      await expect(checkConnection(context, input({ credentials }))).rejects.toMatchObject({
        definition: { code: 'connection_mode_differs' },
      })
      expect(asked).toEqual([])
    }
  })

  test('credentials that the provider refuses are not saved', async () => {
    const refusal = new AppError(providerErrors.provider_credentials_refused)
    const { context } = contextAt(server.liveApp, { check: () => Promise.reject(refusal) })
    await expect(save(context)).rejects.toBe(refusal)
    expect(await listConnections(context)).toEqual([])
  })
})

describe('opening', () => {
  test('a test app without one gets the sandbox, and a live app is told what to add', async () => {
    const { context } = contextAt()
    expect((await openConnection(context, 'bridge')).adapter).toBe(context.providers.sandbox)
    const live = contextAt(server.liveApp).context
    await expect(openConnection(live, 'bridge')).rejects.toMatchObject({
      definition: { code: 'connection_missing' },
    })
  })

  test('by id finds its own app, its own provider, and nothing of another app', async () => {
    const { context } = contextAt()
    const { id } = await save(context)
    expect((await getConnectionApp(server.system, id)).id).toBe(server.testApp.id)
    expect(
      (await openConnectionById(context, { id, provider: 'stripe' })).connection,
    ).toMatchObject({ connectionId: id, mode: 'test' })
    const missing = { definition: { code: 'connection_not_found' } }
    const live = contextAt(server.liveApp).context
    await expect(openConnectionById(live, { id, provider: 'stripe' })).rejects.toMatchObject(
      missing,
    )
    await expect(openConnectionById(context, { id, provider: 'bridge' })).rejects.toMatchObject(
      missing,
    )
    await expect(getConnectionApp(server.system, context.ids())).rejects.toMatchObject(missing)
  })
})

test('testing asks again, and a removed one is gone', async () => {
  const { context, asked } = contextAt()
  const { id, checkedAt } = await save(context)
  server.clock.advance(5_000)
  expect((await testConnection(context, 'stripe')).checkedAt).toBeGreaterThanOrEqual(
    checkedAt + 5_000,
  )
  expect(asked).toEqual(['check', 'check'])
  expect(await removeConnection(context, 'stripe')).toBe(id)
  const missing = { definition: { code: 'connection_not_found' } }
  for (const ask of [getConnection, testConnection, removeConnection]) {
    await expect(ask(context, 'stripe')).rejects.toMatchObject(missing)
  }
})
