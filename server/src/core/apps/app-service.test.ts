// Owns the tests of tenants and their keys.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import {
  createKey,
  createMerchant,
  everyScope,
  findCaller,
  getApp,
  listApps,
  listKeys,
  revokeKey,
} from './app-service.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const newApps = () => createMerchant(server.system, 'Market')

test('a merchant has a test app and a live app, and both are found', async () => {
  const { test: testApp, live } = await newApps()
  expect(testApp).toMatchObject({ mode: 'test', name: 'Market', merchantId: live.merchantId })
  expect(live).toMatchObject({ mode: 'live', name: 'Market' })
  expect(await getApp(server.system, testApp.id)).toEqual(testApp)
  expect(await listApps(server.system)).toEqual(expect.arrayContaining([testApp, live]))
})

test('an app that is not there is refused', async () => {
  await expect(getApp(server.system, server.system.ids())).rejects.toMatchObject({
    definition: { code: 'app_not_found' },
  })
})

test('whoever presents a secret is known by app, key and scopes', async () => {
  const { live } = await newApps()
  const scopes = ['payouts:read', 'payouts:write']
  const { key, secret } = await createKey(server.system, { app: live, name: 'reader', scopes })
  expect(secret.startsWith('sk_live_')).toBe(true)
  expect(key).toMatchObject({ appId: live.id, name: 'reader', scopes, revokedAt: null })
  expect(key.last4).toBe(secret.slice(-4))
  expect(await findCaller(server.system, secret)).toEqual({ app: live, key })
})

test('other spellings of a secret name the same caller', async () => {
  const { test: app } = await newApps()
  const { key, secret } = await createKey(server.system, { app, name: 'a', scopes: [everyScope] })
  const body = secret.slice('sk_test_'.length)
  for (const prefix of ['di_test_', 'nr_test_sk_']) {
    expect((await findCaller(server.system, prefix + body))?.key.id).toBe(key.id)
  }
})

test('a secret with the prefix of the other mode names nobody', async () => {
  const { test: app } = await newApps()
  const { secret } = await createKey(server.system, { app, name: 'a', scopes: [everyScope] })
  expect(await findCaller(server.system, secret.replace('sk_test_', 'sk_live_'))).toBeNull()
})

test('a secret that was never made, or is none, names nobody', async () => {
  const { test: app } = await newApps()
  const { secret } = await createKey(server.system, { app, name: 'a', scopes: [everyScope] })
  await server.system.database.transaction((db) =>
    db.deleteFrom('keys').where('app_id', '=', app.id).execute(),
  )
  expect(await findCaller(server.system, secret)).toBeNull()
  expect(await findCaller(server.system, 'sk_test_nonsense')).toBeNull()
})

test('what is stored of a key does not contain its secret', async () => {
  const { test: app } = await newApps()
  const { secret } = await createKey(server.system, { app, name: 'a', scopes: [everyScope] })
  const rows = await server.system.db
    .selectFrom('keys')
    .selectAll()
    .where('app_id', '=', app.id)
    .execute()
  expect(rows).toHaveLength(1)
  const [row] = rows
  expect(row?.secret_hash).toHaveLength(32)
  const stored = JSON.stringify(rows) + Buffer.from(row?.secret_hash ?? []).toString('latin1')
  expect(stored).not.toContain(secret.slice('sk_test_'.length, -4))
})

test('a revoked key names nobody, keeps its first time, and the others go on', async () => {
  const { test: app } = await newApps()
  const input = { app, name: 'a', scopes: [everyScope] }
  const revoked = await createKey(server.system, input)
  const kept = await createKey(server.system, input)
  await revokeKey(server.system, { appId: app.id, id: revoked.key.id })
  expect(await findCaller(server.system, revoked.secret)).toBeNull()
  expect((await findCaller(server.system, kept.secret))?.key.id).toBe(kept.key.id)
  const times = async () => (await listKeys(server.system, app.id)).map((key) => key.revokedAt)
  const first = await times()
  expect(first).toEqual([expect.any(Number), null])
  server.clock.advance(1_000)
  await revokeKey(server.system, { appId: app.id, id: revoked.key.id })
  expect(await times()).toEqual(first)
})

test("another app's key looks missing, and stays valid", async () => {
  const { test: app, live } = await newApps()
  const { key, secret } = await createKey(server.system, { app, name: 'a', scopes: [everyScope] })
  const foreign = revokeKey(server.system, { appId: live.id, id: key.id })
  await expect(foreign).rejects.toMatchObject({ definition: { code: 'key_not_found' } })
  expect((await findCaller(server.system, secret))?.key.id).toBe(key.id)
  expect(await listKeys(server.system, live.id)).toEqual([])
})

test('keys are listed in the order in which they were made', async () => {
  const { test: app } = await newApps()
  const names = ['first', 'second', 'third']
  for (const name of names) await createKey(server.system, { app, name, scopes: [everyScope] })
  expect((await listKeys(server.system, app.id)).map((key) => key.name)).toEqual(names)
})

test('a request with a revoked key is refused within a second', async () => {
  const secret = await server.createKey(server.testApp)
  const ask = () => server.call('GET', '/payouts/customers', { key: secret })
  expect((await ask()).status).toBe(200)
  const keys = await listKeys(server.system, server.testApp.id)
  const id = keys.find((key) => key.last4 === secret.slice(-4))?.id ?? ''
  await revokeKey(server.system, { appId: server.testApp.id, id })
  server.clock.advance(1_000)
  expect((await ask()).status).toBe(401)
})
