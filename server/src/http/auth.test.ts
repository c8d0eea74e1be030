// Owns the tests of telling who calls.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { recordQueries } from '../../../test/recorded-queries.ts'
import { createKey, requireScope, revokeKey } from '../core/apps/app-service.ts'
import { recordUses } from '../core/apps/key-service.ts'
import { AppError } from '../core/errors.ts'
import { createAuthenticator } from './auth.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.definition.code : String(error)),
  )

test('a key is its app and itself', async () => {
  const authenticator = createAuthenticator(() => server.system)
  const input = { app: server.liveApp, name: 'live', scopes: ['payouts:read'] }
  const { key, secret } = await createKey(server.system, input)
  expect(await authenticator.authenticate(secret)).toEqual({ app: server.liveApp, key })
})

test('no key and an unknown key are told apart', async () => {
  const authenticator = createAuthenticator(() => server.system)
  expect(await codeOf(authenticator.authenticate(null))).toBe('key_missing')
  expect(await codeOf(authenticator.authenticate('x'))).toBe('key_unknown')
  expect(await codeOf(authenticator.authenticate(''))).toBe('key_unknown')
})

test('a key is remembered for half a second, however often it is used', async () => {
  const authenticator = createAuthenticator(() => server.system)
  const { key, secret } = await createKey(server.system, {
    app: server.testApp,
    name: 'remembered',
    scopes: ['*'],
  })
  await authenticator.authenticate(secret)
  const recorded = recordQueries(server)
  for (let count = 0; count < 100; count += 1) await authenticator.authenticate(secret)
  vi.restoreAllMocks()
  // On a machine that stalls, half a second may pass within the loop.
  expect(recorded.length).toBeLessThan(20)
  await revokeKey(server.system, { appId: key.appId, id: key.id })
  server.clock.advance(500)
  expect(await codeOf(authenticator.authenticate(secret))).toBe('key_unknown')
})

test('what is forgotten is read again at once', async () => {
  const authenticator = createAuthenticator(() => server.system)
  const input = { app: server.testApp, name: 'forgotten', scopes: ['*'] }
  const { key, secret } = await createKey(server.system, input)
  await authenticator.authenticate(secret)
  await revokeKey(server.system, { appId: key.appId, id: key.id })
  authenticator.forget()
  expect(await codeOf(authenticator.authenticate(secret))).toBe('key_unknown')
})

test('what was being read while it forgot is not remembered', async () => {
  const authenticator = createAuthenticator(() => server.system)
  const input = { app: server.testApp, name: 'under way', scopes: ['*'] }
  const { key, secret } = await createKey(server.system, input)
  const underWay = authenticator.authenticate(secret)
  authenticator.forget()
  await underWay
  await revokeKey(server.system, { appId: key.appId, id: key.id })
  expect(await codeOf(authenticator.authenticate(secret))).toBe('key_unknown')
})

test('a use is told once, and not again within a minute of the last one that was written', async () => {
  const authenticator = createAuthenticator(() => server.system)
  const input = { app: server.testApp, name: 'used', scopes: ['*'] }
  const { key, secret } = await createKey(server.system, input)
  const use = async () => {
    server.clock.advance(500)
    await authenticator.authenticate(secret)
  }
  await use()
  await use()
  const uses = authenticator.takeUses()
  expect(uses).toEqual([{ appId: key.appId, id: key.id, at: expect.any(Number) }])
  expect(authenticator.takeUses()).toEqual([])
  await recordUses(server.system, uses)
  await use()
  expect(authenticator.takeUses()).toEqual([])
  server.clock.advance(60_000)
  await use()
  expect(authenticator.takeUses()).toHaveLength(1)
})

test('an unknown key is not remembered as unknown', async () => {
  const authenticator = createAuthenticator(() => server.system)
  const { secret } = await createKey(server.system, {
    app: server.testApp,
    name: 'late',
    scopes: ['*'],
  })
  const away = vi.spyOn(server.system.vault, 'hashSecret').mockReturnValue(Buffer.alloc(32))
  expect(await codeOf(authenticator.authenticate(secret))).toBe('key_unknown')
  away.mockRestore()
  expect(await codeOf(authenticator.authenticate(secret))).toBe('done')
})

const unused = {
  revokedAt: null,
  expiresAt: null,
  lastUsedAt: null,
  previousEndsAt: null,
  isOperator: false,
}

test.each([
  [['*'], 'payouts:write', true],
  [['payouts:write'], 'payouts:write', true],
  [['payouts:read', 'payouts:write'], 'payouts:write', true],
  [['payouts:read'], 'payouts:write', false],
  [['payouts'], 'payouts:write', false],
  [['payouts:*'], 'payouts:write', false],
  [['payouts:write2'], 'payouts:write', false],
  [[''], 'payouts:write', false],
])('the scopes %j open %s: %s', async (scopes, scope, isOpen) => {
  const key = { appId: 'a', id: 'k', name: 'n', last4: 'xxxx', createdAt: 0, ...unused }
  const caller = { app: server.testApp, key: { ...key, scopes } }
  const required = (async () => requireScope(caller, scope))()
  expect(await codeOf(required)).toBe(isOpen ? 'done' : 'scope_missing')
  if (!isOpen) await expect(required).rejects.toThrow(scope)
})
