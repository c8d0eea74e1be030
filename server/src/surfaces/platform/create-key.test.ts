// Owns the outcomes of POST /v1/keys.
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { grantAccessToken } from '../../core/apps/app-service.ts'
import { printId } from '../../lib/id.ts'
import { problem, problemOf, wireTime } from './test-connections.ts'
import { testKeys } from './test-keys.ts'

const keys = testKeys()
const post = (body: unknown, key?: string, headers: Record<string, string> = {}) =>
  keys.call('POST', '/keys', key === undefined ? { body, headers } : { body, headers, key })
const newKey = { name: 'Back office', scopes: ['platform:read'] }

describe('201', () => {
  test('the key with its secret, which works with its scopes and no other', async () => {
    const answer = await post(newKey)
    expect(answer.status).toBe(201)
    const { secret } = answer.json
    expect(answer.json).toEqual({
      id: expect.stringMatching(/^key_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
      app_id: printId('app', keys.server.testApp.id),
      name: 'Back office',
      last4: secret.slice(-4),
      scopes: ['platform:read'],
      operator: false,
      created_at: expect.stringMatching(wireTime),
      expires_at: null,
      last_used_at: null,
      revoked_at: null,
      previous_secret_expires_at: null,
      secret: expect.stringMatching(/^sk_test_\w{49}$/),
    })
    expect(await keys.statusWith(secret)).toBe(200)
    expect((await post(newKey, secret)).status).toBe(403)
  })

  test('a repeat with one idempotency key shows the same bytes, and nothing stored has them', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const [first, again] = [
      await post(newKey, undefined, headers),
      await post(newKey, undefined, headers),
    ]
    expect([again.status, again.text]).toEqual([201, first.text])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const { db } = keys.server.system
    const rows = [
      ...(await db.selectFrom('replies').selectAll().execute()),
      ...(await db.selectFrom('keys').selectAll().execute()),
    ]
    const stored = rows.flatMap((row) =>
      Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
      ),
    )
    const secret: string = first.json.secret
    expect(stored.join('\n')).not.toContain(secret.slice('sk_test_'.length, -4))
    expect(keys.server.logLines.join('\n')).not.toContain(secret.slice('sk_test_'.length, -4))
  })

  test('a key that ends works until then', async () => {
    const expires_at = new Date(keys.server.clock.now() + 60_000).toISOString()
    const { json } = await post({ ...newKey, expires_at })
    expect(json.expires_at).toBe(expires_at)
    expect(await keys.statusWith(json.secret)).toBe(200)
    keys.server.clock.advance(61_000)
    expect(await keys.statusWith(json.secret)).toBe(401)
  })

  test('a scope that is given twice is one', async () => {
    const scopes = ['platform:read', 'platform:read']
    expect((await post({ ...newKey, scopes })).json.scopes).toEqual(['platform:read'])
  })

  test('an operator key makes keys in the app that it names', async () => {
    const { test: testApp, live } = await keys.newMerchant()
    const { secret } = await keys.make(live, { isOperator: true })
    const headers = { 'clientele-app': printId('app', testApp.id) }
    const { json } = await post({ ...newKey, operator: true }, secret, headers)
    expect(json).toMatchObject({ app_id: headers['clientele-app'], operator: true })
    expect(json.secret).toMatch(/^sk_test_/)
  })
})

describe('403', () => {
  test('a scope that the key does not have is named', async () => {
    const { secret } = await keys.make(keys.server.testApp, { scopes: ['platform:write'] })
    const answer = await post(newKey, secret)
    expect(problemOf(answer)).toEqual(problem(403, 'scope_missing'))
    expect(answer.json.detail).toContain('platform:read')
    expect((await post({ ...newKey, scopes: ['platform:write'] }, secret)).status).toBe(201)
  })

  test('an access token makes no key: it would outlive the token', async () => {
    const { id, secret } = await keys.make(keys.server.testApp)
    const credentials = { keyId: id, secret }
    const token = await grantAccessToken(keys.server.system, credentials, { secondsMax: 3_600 })
    expect(await keys.statusWith(token)).toBe(200)
    expect(problemOf(await post(newKey, token))).toEqual(problem(403, 'token_refused'))
  })
})

describe('422', () => {
  test.each<[string, string, object]>([
    ['scope_unknown', '/scopes', { scopes: ['payouts:paint'] }],
    ['scope_unknown', '/scopes', { scopes: ['__proto__'] }],
    ['field_invalid', '/scopes', { scopes: [] }],
    ['field_invalid', '/name', { name: '' }],
    ['field_invalid', '/name', { name: 'x'.repeat(101) }],
    ['field_invalid', '/expires_at', { expires_at: '2020-01-01T00:00:00Z' }],
    ['field_invalid', '/expires_at', { expires_at: 'tomorrow' }],
    ['field_invalid', '/expires_at', { expires_at: '2099-02-30T00:00:00Z' }],
    ['field_invalid', '/expires_at', { expires_at: '2099-01-01T00:00:00' }],
    ['operator_required', '/operator', { operator: true }],
  ])('%s at %s: %j', async (code, pointer, more) => {
    const answer = await post({ ...newKey, ...more })
    expect(problemOf(answer)).toEqual(problem(422, code, pointer))
  })
})
