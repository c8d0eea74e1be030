// Owns the tests of giving, rotating and ending keys, and of noting their use.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { refused } from '../../../../test/refused.ts'
import { surfaces } from '../../surfaces/surfaces.ts'
import type { App, Context } from '../context.ts'
import { overlapMs } from './app.ts'
import { createKey, createMerchant, findCaller, listKeys, revokeKey } from './app-service.ts'
import { giveKey, type KeyTerms, recordUses, rotateKey } from './key-service.ts'
import { scopeNames } from './scopes.ts'

let server: TestServer
let app: App
beforeAll(async () => {
  server = await startTestServer()
  app = (await createMerchant(server.system, 'Market')).test
})
afterAll(() => server.close())

/** A context with the key of a caller; without terms, one that no key limits. */
async function contextWith(
  terms: { scopes?: string[]; isOperator?: boolean; expiresAt?: number | null } | null,
): Promise<Context> {
  const context = server.contextOf(app)
  if (terms === null) return context
  const { key } = await createKey(server.system, { app, name: 'giver', scopes: ['*'], ...terms })
  return { ...context, key }
}

const wanted = (more: Partial<KeyTerms> = {}): KeyTerms => ({
  name: 'made',
  scopes: ['payouts:read'],
  expiresAt: null,
  isOperator: false,
  ...more,
})
const codeOf = async (work: () => Promise<unknown>) => (await refused(work)).definition.code
const idOf = async (secret: string) => (await findCaller(server.system, secret))?.key.id ?? null

test('the scopes that can be given are those that operations ask for, and what stands for them', () => {
  const asked = surfaces.flatMap(({ operations }) => operations.flatMap(({ scope }) => scope ?? []))
  const masked = surfaces.flatMap(({ masking }) => masking?.masked ?? [])
  const standing = ['*', 'banking:read', 'banking:write']
  const all = new Set([...asked, ...masked, ...standing])
  expect([...scopeNames].sort()).toEqual([...all].sort())
})

describe('giving', () => {
  test.each<[held: string[], given: string[], code: string | null]>([
    [['*'], ['*'], null],
    [['*'], ['banking:write', 'payouts:read'], null],
    [['payouts:read', 'platform:write'], ['payouts:read'], null],
    [['banking:read'], ['customers:read', 'accounts:read'], null],
    [['payouts:read'], ['payouts:write'], 'scope_missing'],
    [['payouts:read'], ['payouts:read', '*'], 'scope_missing'],
    [['platform:write'], ['platform:read'], 'scope_missing'],
    [['platform:read'], ['platform:read_masked'], null],
    [['platform:read_masked', 'platform:write'], ['platform:read'], 'scope_missing'],
    [['customers:read', 'applications:read', 'accounts:read'], ['banking:read'], 'scope_missing'],
    [['*'], ['payouts:paint'], 'scope_unknown'],
    [['*'], ['payouts'], 'scope_unknown'],
    [['*'], ['payouts:*'], 'scope_unknown'],
    [['*'], [''], 'scope_unknown'],
  ])('with %j the scopes %j: %s', async (scopes, given, code) => {
    const context = await contextWith({ scopes })
    const before = await listKeys(server.system, app.id)
    if (code === null) {
      const { key, secret } = await giveKey(context, wanted({ scopes: given }))
      expect(key).toMatchObject({ appId: app.id, scopes: given, isOperator: false })
      expect((await findCaller(server.system, secret))?.key).toEqual(key)
      return
    }
    expect(await codeOf(() => giveKey(context, wanted({ scopes: given })))).toBe(code)
    expect(await listKeys(server.system, app.id)).toEqual(before)
  })

  test('an operator key comes from an operator key alone', async () => {
    const plain = await contextWith({})
    const isOperator = true
    expect(await codeOf(() => giveKey(plain, wanted({ isOperator })))).toBe('operator_required')
    const operator = await contextWith({ isOperator })
    expect((await giveKey(operator, wanted({ isOperator }))).key.isOperator).toBe(true)
  })

  test('what ends gives nothing that ends later', async () => {
    const end = server.clock.now() + 60_000
    const context = await contextWith({ expiresAt: end })
    for (const expiresAt of [null, end + 1]) {
      expect(await codeOf(() => giveKey(context, wanted({ expiresAt })))).toBe('field_invalid')
    }
    expect((await giveKey(context, wanted({ expiresAt: end }))).key.expiresAt).toBe(end)
  })

  test('an end that has passed is refused by name', async () => {
    const context = await contextWith(null)
    const expiresAt = server.clock.now() - 1
    expect((await refused(() => giveKey(context, wanted({ expiresAt })))).param).toBe('expiresAt')
  })

  test.each([' ', 'a\nb', 'x'.repeat(101)])('the name %j is refused', async (name) => {
    const context = await contextWith(null)
    expect((await refused(() => giveKey(context, wanted({ name })))).param).toBe('name')
  })
})

test('a key names its app until its end, and nobody from then on', async () => {
  const expiresAt = server.clock.now() + 60_000
  const input = { app, name: 'short', scopes: ['*'], expiresAt }
  const { secret } = await createKey(server.system, input)
  const at = (now: number) => ({ ...server.system, clock: { ...server.clock, now: () => now } })
  expect(await findCaller(at(expiresAt - 1), secret)).not.toBeNull()
  expect(await findCaller(at(expiresAt), secret)).toBeNull()
})

describe('rotating', () => {
  const newKey = () => createKey(server.system, { app, name: 'turning', scopes: ['*'] })

  test('both secrets name the key until the overlap ends, then the new one alone', async () => {
    const context = await contextWith(null)
    const { key, secret: before } = await newKey()
    const rotated = await rotateKey(context, key.id, {})
    expect(rotated.secret).not.toBe(before)
    expect(rotated.key.last4).toBe(rotated.secret.slice(-4))
    expect(await idOf(before)).toBe(key.id)
    expect(await idOf(rotated.secret)).toBe(key.id)
    expect((await findCaller(server.system, rotated.secret))?.key).toEqual(rotated.key)
    server.clock.advance(overlapMs.default)
    expect(await idOf(before)).toBeNull()
    expect(await idOf(rotated.secret)).toBe(key.id)
  })

  test('without an overlap the secret before ends at once', async () => {
    const { key, secret: before } = await newKey()
    const { key: after } = await rotateKey(await contextWith(null), key.id, { overlap: 0 })
    expect(after.previousEndsAt).toBeNull()
    expect(await idOf(before)).toBeNull()
  })

  test('again within the overlap: of three secrets the last two work', async () => {
    const context = await contextWith(null)
    const { key, secret: first } = await newKey()
    const { secret: second } = await rotateKey(context, key.id, {})
    const { secret: third } = await rotateKey(context, key.id, {})
    expect([await idOf(first), await idOf(second), await idOf(third)]).toEqual([
      null,
      key.id,
      key.id,
    ])
  })

  test('ten at once leave the last secret and the one before it, and no other', async () => {
    const context = await contextWith(null)
    const { key } = await newKey()
    const all = await Promise.all(Array.from({ length: 10 }, () => rotateKey(context, key.id, {})))
    const working = await Promise.all(all.map(({ secret }) => idOf(secret)))
    expect(working.filter((id) => id === key.id)).toHaveLength(2)
  })

  test('for longer than seven days is refused', async () => {
    const { key } = await newKey()
    const overlap = overlapMs.max + 1
    const context = await contextWith(null)
    const error = await refused(() => rotateKey(context, key.id, { overlap }))
    expect(error.param).toBe('overlap')
  })

  test('what may do more than the caller is refused: its secret would be a way up', async () => {
    const { key, secret } = await newKey()
    const context = await contextWith({ scopes: ['platform:write'] })
    expect(await codeOf(() => rotateKey(context, key.id, {}))).toBe('scope_missing')
    const operator = await createKey(server.system, {
      ...{ app, name: 'operator', scopes: ['platform:write'], isOperator: true },
    })
    expect(await codeOf(() => rotateKey(context, operator.key.id, {}))).toBe('operator_required')
    expect(await idOf(secret)).toBe(key.id)
  })

  test('a key with fewer scopes than its record, as a token has, cannot rotate itself', async () => {
    const { key } = await newKey()
    const narrow = { ...server.contextOf(app), key: { ...key, scopes: ['platform:write'] } }
    expect(await codeOf(() => rotateKey(narrow, key.id, {}))).toBe('scope_missing')
  })

  test('what has ended is refused, and what another app has looks missing', async () => {
    const context = await contextWith(null)
    const { key: revoked } = await newKey()
    await revokeKey(server.system, revoked)
    expect(await codeOf(() => rotateKey(context, revoked.id, {}))).toBe('key_ended')
    const expiresAt = server.clock.now() + 1
    const short = await createKey(server.system, { app, name: 's', scopes: ['*'], expiresAt })
    server.clock.advance(1_000)
    expect(await codeOf(() => rotateKey(context, short.key.id, {}))).toBe('key_ended')
    const other = server.contextOf(server.liveApp)
    const { key } = await newKey()
    expect(await codeOf(() => rotateKey(other, key.id, {}))).toBe('key_not_found')
  })

  test('a revocation ends the secret before too', async () => {
    const { key, secret: before } = await newKey()
    const { secret } = await rotateKey(await contextWith(null), key.id, {})
    await revokeKey(server.system, key)
    expect([await idOf(before), await idOf(secret)]).toEqual([null, null])
  })
})

test('a use is written at most once a minute, and never back', async () => {
  const { key } = await createKey(server.system, { app, name: 'used', scopes: ['*'] })
  const use = (at: number) => recordUses(server.system, [{ appId: app.id, id: key.id, at }])
  const lastUsedAt = async () =>
    (await listKeys(server.system, app.id)).find(({ id }) => id === key.id)?.lastUsedAt
  expect(await lastUsedAt()).toBeNull()
  await use(1_000_000)
  await use(1_059_999)
  expect(await lastUsedAt()).toBe(1_000_000)
  await use(1_060_000)
  await use(500_000)
  expect(await lastUsedAt()).toBe(1_060_000)
})
