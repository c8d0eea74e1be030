// Owns the tests of access tokens: what they stand for, and everything that ends them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { refused } from '../../../../test/refused.ts'
import { printId } from '../../lib/id.ts'
import { createAccessToken, findTokenCaller } from './access-token.ts'
import {
  createKey,
  createMerchant,
  everyScope,
  findCaller,
  grantAccessToken,
  revokeKey,
} from './app-service.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const hour = { secondsMax: 3_600 }

async function newKey(scopes = [everyScope]) {
  const { test: app, live } = await createMerchant(server.system, 'Market')
  const { key, secret } = await createKey(server.system, { app, name: 'oak', scopes })
  const credentials = { keyId: printId('key', key.id), secret }
  const token = await grantAccessToken(server.system, credentials, hour)
  return { app, live, key, secret, credentials, token }
}

const callerOf = (token: string) => findCaller(server.system, token)
const list = async (token: string) =>
  (await server.call('GET', '/orchestration/api/v1/customers', { key: token })).status

describe('a grant', () => {
  test('stands for its key: the same app, key and scopes', async () => {
    const { app, key, secret, token } = await newKey(['orchestration:read'])
    expect(token).toMatch(/^at_[\w-]+\.[\w-]{43}$/)
    expect(await callerOf(token)).toEqual({ app, key })
    expect(await callerOf(token)).toEqual(await callerOf(secret))
  })

  test('takes every spelling of the id and of the secret', async () => {
    const { key, secret } = await newKey()
    for (const keyId of [key.id, key.id.toUpperCase(), printId('key', key.id)]) {
      for (const spelled of [secret, secret.replace('sk_', 'di_')]) {
        const credentials = { keyId, secret: spelled }
        const token = await grantAccessToken(server.system, credentials, hour)
        expect((await callerOf(token))?.key.id).toBe(key.id)
      }
    }
  })

  test('holds no secret: neither the key itself nor a part of it', async () => {
    const { secret, token } = await newKey()
    const [payload = ''] = token.slice('at_'.length).split('.')
    const text = Buffer.from(payload, 'base64url').toString('utf8')
    expect(text).not.toContain(secret.slice(-10))
    expect(token).not.toContain(secret.slice(-10))
  })

  test('is refused for a wrong id with a right secret, in the same words as for a wrong secret', async () => {
    const [one, other] = [await newKey(), await newKey()]
    const wrong = [
      { ...one.credentials, keyId: other.credentials.keyId },
      { ...one.credentials, keyId: printId('app', one.key.id) },
      { ...one.credentials, keyId: '' },
      { ...one.credentials, secret: other.secret },
      { ...one.credentials, secret: '' },
      { ...one.credentials, secret: one.secret.replace('_test_', '_live_') },
    ]
    const messages = new Set<string>()
    for (const credentials of wrong) {
      const error = await refused(() => grantAccessToken(server.system, credentials, hour))
      expect(error.definition.code).toBe('key_unknown')
      messages.add(error.message)
    }
    expect(messages.size).toBe(1)
  })

  test('is refused for a token: it would never end', async () => {
    const { credentials, token } = await newKey()
    const traded = { ...credentials, secret: token }
    const error = await refused(() => grantAccessToken(server.system, traded, hour))
    expect(error.definition.code).toBe('key_unknown')
  })
})

describe('scopes of a grant', () => {
  const grant = (credentials: { keyId: string; secret: string }, scopes: string[]) =>
    grantAccessToken(server.system, credentials, { ...hour, scopes })

  test('are what was asked for, however much its key may', async () => {
    const { app, key, credentials } = await newKey()
    const token = await grant(credentials, ['customers:read', 'accounts:write'])
    const scopes = ['customers:read', 'accounts:write']
    expect(await callerOf(token)).toEqual({ app, key: { ...key, scopes } })
    expect(await list(token)).toBe(403)
  })

  test('are refused where the key does not have them, and the one is named', async () => {
    const { credentials } = await newKey(['customers:read'])
    const work = () => grant(credentials, ['customers:read', 'customers:write'])
    const error = await refused(work)
    expect(error.definition.code).toBe('scope_missing')
    expect(error.message).toContain('customers:write')
  })

  test('end with those of the key, for tokens that were granted before', async () => {
    const { app, key, credentials } = await newKey(['banking:read', 'accounts:write'])
    const token = await grant(credentials, ['customers:read', 'accounts:write'])
    const held = async () => (await callerOf(token))?.key.scopes
    expect(await held()).toEqual(['customers:read', 'accounts:write'])
    await server.system.database.transaction((db) =>
      db
        .updateTable('keys')
        .set({ scopes: 'accounts:write' })
        .where('app_id', '=', app.id)
        .where('id', '=', key.id)
        .execute(),
    )
    expect(await held()).toEqual(['accounts:write'])
  })
})

describe('an end', () => {
  test('comes with its time, to the millisecond', async () => {
    const { app, key } = await newKey()
    // A clock that stands still, so that the last millisecond can be looked at.
    const at = server.clock.now()
    const systemAt = (now: number) => ({
      ...server.system,
      clock: { ...server.clock, now: () => now },
    })
    const token = createAccessToken(systemAt(at), { app, key }, hour)
    const lastMoment = at + hour.secondsMax * 1_000 - 1
    expect(await findTokenCaller(systemAt(lastMoment), token)).toEqual({ app, key })
    expect(await findTokenCaller(systemAt(lastMoment + 1), token)).toBeNull()
    expect(await findTokenCaller(systemAt(at + 1e12), token)).toBeNull()
  })

  test('comes for requests when the clock has passed it', async () => {
    const { token } = await newKey()
    expect(await list(token)).toBe(200)
    server.clock.advance(hour.secondsMax * 1_000)
    expect(await list(token)).toBe(401)
  })

  test("comes with its key's revocation, within a second", async () => {
    const { key, credentials, token } = await newKey()
    const second = await grantAccessToken(server.system, credentials, hour)
    expect([await list(token), await list(second)]).toEqual([200, 200])
    await revokeKey(server.system, key)
    server.clock.advance(1_000)
    expect([await list(token), await list(second)]).toEqual([401, 401])
    expect(await callerOf(token)).toBeNull()
  })

  test("does not come with another key's revocation", async () => {
    const { app, token } = await newKey()
    const input = { app, name: 'other', scopes: [everyScope] }
    const { key: other } = await createKey(server.system, input)
    await revokeKey(server.system, other)
    expect((await callerOf(token))?.app).toEqual(app)
  })
})

describe('a forgery', () => {
  test('by any changed byte stands for nobody', async () => {
    const { token } = await newKey()
    const end = token.length
    for (let at = 'at_'.length; at < end; at += 1) {
      for (const other of token[at] === 'A' ? ['B', '_'] : ['A', '_']) {
        const changed = token.slice(0, at) + other + token.slice(at + 1)
        // The last character of a hash in base64url has two bits that say nothing.
        if (changed === token || isSameText(changed, token)) continue
        expect([at, await callerOf(changed)]).toEqual([at, null])
      }
    }
  })

  test("by another app's id, another key's id or a later end stands for nobody", async () => {
    const { app, live, key, token } = await newKey()
    const other = await newKey()
    const [payload = '', mac = ''] = token.slice('at_'.length).split('.')
    const [appId, keyId, end] = Buffer.from(payload, 'base64url').toString('utf8').split(' ')
    expect([appId, keyId]).toEqual([app.id, key.id])
    for (const content of [
      [live.id, keyId, end],
      [other.app.id, other.key.id, end],
      [appId, other.key.id, end],
      [appId, keyId, String(Number(end) + 1)],
      [appId, keyId, 'Infinity'],
    ]) {
      const forged = Buffer.from(content.join(' ')).toString('base64url')
      expect(await callerOf(`at_${forged}.${mac}`)).toBeNull()
    }
  })

  test('by this installation itself, for a key that another app has, stands for nobody', async () => {
    const { live, key } = await newKey()
    const token = createAccessToken(server.system, { app: live, key }, hour)
    expect(await callerOf(token)).toBeNull()
  })

  test('with the master key of another installation stands for nobody', async () => {
    const { app, key } = await newKey()
    const elsewhere = await startTestServer()
    try {
      const token = createAccessToken(elsewhere.system, { app, key }, hour)
      expect(await callerOf(token)).toBeNull()
    } finally {
      await elsewhere.close()
    }
  })

  test.each(['at_', 'at_.', 'at_a.b', 'at_a.b.c', `at_${'a'.repeat(10_000)}.b`, 'at_é.é'])(
    '%j is no token',
    async (text) => {
      expect(await callerOf(text)).toBeNull()
    },
  )

  test('with something behind it stands for nobody', async () => {
    const { token } = await newKey()
    for (const changed of [`${token}.`, `${token}.x`, `${token.slice(0, -1)}`]) {
      expect(await callerOf(changed)).toBeNull()
    }
  })
})

function isSameText(left: string, right: string): boolean {
  const [first, second] = [left, right].map((token) => token.split('.'))
  const bytes = (text = '') => Buffer.from(text, 'base64url').toString('hex')
  return first?.[0] === second?.[0] && bytes(first?.[1]) === bytes(second?.[1])
}
