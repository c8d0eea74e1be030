// Owns what this surface's operations have in common: credentials, envelope, refusals, replays.
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../../../../test/harness.ts'
import type { ErrorKind } from '../../core/errors.ts'
import { statusOf } from '../../http/answer-error.ts'
import { cryptoSurface } from './surface.ts'
import { newCustomer, refusal, refusalOf, testCustomers } from './test-customers.ts'

const customers = testCustomers()
const isWireError = Compile(cryptoSurface.errorSchema)

test("the customer operations are the contract's, each with its success status", () => {
  const served = cryptoSurface.operations.map(
    ({ method, path, returns }) => `${method} ${path} ${returns.status}`,
  )
  expect(served).toEqual(
    expect.arrayContaining([
      'POST /customers 201',
      'GET /customers/{id} 200',
      'GET /customers 200',
      'PUT /customers/{id} 200',
    ]),
  )
  expect(cryptoSurface.basePath).toBe('/crypto')
})

test('reading needs the scope to read, everything else the one to write', () => {
  for (const { id, method, scope } of cryptoSurface.operations) {
    expect([id, scope]).toEqual([id, method === 'GET' ? 'crypto:read' : 'crypto:write'])
  }
})

describe('envelope', () => {
  test('success is {success, data}, lists add pagination; with x-request-id, never cached', async () => {
    const { id } = await customers.saveCustomer()
    for (const path of ['/customers', `/customers/${id}`]) {
      const answer = await customers.call('GET', path)
      const members = ['success', 'data', ...(path === '/customers' ? ['pagination'] : [])]
      expect([answer.status, Object.keys(answer.json)]).toEqual([200, members])
      expect(answer.json.success).toBe(true)
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{16,}$/)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('a refusal carries x-request-id too, another for each request', async () => {
    const answers = [
      await customers.call('GET', '/customers/garbage'),
      await customers.call('GET', '/customers', { key: null }),
      await customers.call('GET', '/nothing'),
    ]
    const ids = answers.map((answer) => answer.headers.get('x-request-id'))
    expect(answers.map(({ status }) => status)).toEqual([404, 401, 404])
    for (const id of ids) expect(id).toMatch(/^req_[0-9a-z]{16,}$/)
    expect(new Set(ids).size).toBe(3)
  })

  test('NodeRails-Version is accepted and ignored', async () => {
    const headers = { 'noderails-version': '1999-01-01' }
    const body = newCustomer
    const answer = await customers.call('POST', '/customers', { body, headers })
    const plain = await customers.call('POST', '/customers', { body })
    expect([answer.status, plain.status]).toEqual([201, 201])
    expect(Object.keys(answer.json.data)).toEqual(Object.keys(plain.json.data))
  })
})

describe('credentials', () => {
  /** The same random part behind another product's prefix. */
  const asNodeRails = (key: string) => key.replace(/^sk_(test|live)_/, 'nr_$1_sk_')

  test.each(['test', 'live'] as const)('a %s key works in both spellings', async (mode) => {
    const { server } = customers
    const app = mode === 'test' ? server.testApp : server.liveApp
    const key = await server.createKey(app)
    expect(key).toMatch(new RegExp(`^sk_${mode}_`))
    expect(asNodeRails(key)).toMatch(new RegExp(`^nr_${mode}_sk_`))
    const { id } = await customers.saveCustomer({}, key)
    for (const spelling of [key, asNodeRails(key)]) {
      const answer = await customers.call('GET', `/customers/${id}`, { key: spelling })
      expect([answer.status, answer.json.data.appId]).toEqual([200, app.id])
    }
  })

  test.each<[string, (key: string) => Record<string, string>]>([
    ['no key', () => ({})],
    ['an empty key', () => ({ 'x-api-key': '' })],
    ['Bearer before it', (key) => ({ 'x-api-key': `Bearer ${key}` })],
    ['another header', (key) => ({ authorization: `Bearer ${key}` })],
    ['one character more', (key) => ({ 'x-api-key': `${key}a` })],
    ['the other mode', (key) => ({ 'x-api-key': key.replace('_test_', '_live_') })],
    [
      'the other spelling of the other mode',
      (key) => ({ 'x-api-key': key.replace('sk_test_', 'nr_live_sk_') }),
    ],
    ['half of each spelling', (key) => ({ 'x-api-key': key.replace('sk_test_', 'nr_test_') })],
    ['a key that is none', () => ({ 'x-api-key': 'nr_test_sk_abc' })],
  ])('%s: 401', async (_name, headersOf) => {
    const headers = headersOf(customers.server.key)
    const answer = await customers.call('GET', '/customers', { key: null, headers })
    expect(refusalOf(answer)).toEqual(refusal(401, 'AUTHENTICATION_ERROR'))
    expect(isWireError.Check(answer.json)).toBe(true)
  })

  test('a key of the other half of the scopes is forbidden, and told which it lacks', async () => {
    const { server } = customers
    const key = await server.createKey(server.testApp, ['crypto:write', 'payouts:read'])
    const answer = await customers.call('GET', '/customers', { key })
    expect(refusalOf(answer)).toEqual(refusal(403, 'AUTHORIZATION_ERROR'))
    expect(answer.json.error.message).toContain('crypto:read')
  })
})

describe('refusals', () => {
  test.each<[ErrorKind, number, string]>([
    ['malformed', 400, 'VALIDATION_ERROR'],
    ['invalid', 400, 'VALIDATION_ERROR'],
    ['unauthenticated', 401, 'AUTHENTICATION_ERROR'],
    ['forbidden', 403, 'AUTHORIZATION_ERROR'],
    ['missing', 404, 'NOT_FOUND'],
    ['method_not_allowed', 405, 'VALIDATION_ERROR'],
    ['conflict', 409, 'CONFLICT'],
    ['key_reused', 409, 'CONFLICT'],
    ['too_large', 413, 'VALIDATION_ERROR'],
    ['unsupported_media', 415, 'VALIDATION_ERROR'],
    ['rate_limited', 429, 'RATE_LIMIT_EXCEEDED'],
    ['internal', 500, 'INTERNAL_ERROR'],
    ['upstream', 502, 'INTERNAL_ERROR'],
    ['upstream_refused', 502, 'INTERNAL_ERROR'],
    ['unavailable', 503, 'INTERNAL_ERROR'],
    ['upstream_timeout', 504, 'INTERNAL_ERROR'],
  ])('what is %s answers %i %s, in the error form', (kind, status, code) => {
    const definition = { code: 'x', kind, title: 'T', detail: 'D.', fix: 'F.' }
    const bare = { definition, message: 'D. F.', param: undefined, issues: [], requestId: 'req_1' }
    expect(statusOf(cryptoSurface, kind)).toBe(status)
    const body = cryptoSurface.renderError({ ...bare, status })
    expect(body).toEqual({ success: false, error: { code, message: 'D. F.' } })
    const issues = [
      { param: 'email', message: 'is missing' },
      { param: 'city', message: 'is blank' },
    ]
    const named = cryptoSurface.renderError({ ...bare, status, param: 'email', issues })
    const details = [
      { path: 'email', message: 'is missing' },
      { path: 'city', message: 'is blank' },
    ]
    expect(named).toEqual({ success: false, error: { code, message: 'D. F.', details } })
    expect([body, named].every((one) => isWireError.Check(one))).toBe(true)
  })

  const json = { 'content-type': 'application/json' }
  const big = JSON.stringify({ ...newCustomer, city: 'a'.repeat(1024 * 1024) })
  const invalid = 'VALIDATION_ERROR'
  test.each<[number, string, string[], string, string, object]>([
    [404, 'NOT_FOUND', [], 'GET', '/nothing', {}],
    [405, invalid, [], 'DELETE', '/customers', {}],
    [413, invalid, ['body'], 'POST', '/customers', { body: big, headers: json }],
    [
      415,
      invalid,
      [],
      'POST',
      '/customers',
      { body: '{}', headers: { 'content-type': 'text/plain' } },
    ],
  ])('%i %s', async (status, code, paths, method, path, options) => {
    const before = await customers.countRows()
    const answer = await customers.call(method, path, options)
    expect(refusalOf(answer)).toEqual(refusal(status, code, ...paths))
    expect(isWireError.Check(answer.json)).toBe(true)
    expect(await customers.countRows()).toEqual(before)
  })

  test('405 says which methods the path takes', async () => {
    const answer = await customers.call('PATCH', '/customers')
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'HEAD', 'POST'])
  })

  test('409: an idempotency key that was used for another body', async () => {
    const headers = { 'idempotency-key': 'reused' }
    const send = (body: object) => customers.call('POST', '/customers', { body, headers })
    const first = await send(newCustomer)
    const again = await send(newCustomer)
    expect([again.status, again.text]).toEqual([201, first.text])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const rows = await customers.countRows()
    const other = await send({ ...newCustomer, city: 'Paris' })
    expect(refusalOf(other)).toEqual(refusal(409, 'CONFLICT', 'Idempotency-Key'))
    expect(await customers.countRows()).toEqual(rows)
  })

  test('a refused request leaves its idempotency key free for the corrected one', async () => {
    const headers = { 'idempotency-key': 'corrected' }
    const send = (body: object) => customers.call('POST', '/customers', { body, headers })
    const held = await customers.saveCustomer({ externalId: 'held' })
    expect((await send({ externalId: 'held' })).status).toBe(409)
    expect((await send({ email: 'ada' })).status).toBe(400)
    const answer = await send({ externalId: 'free' })
    expect([answer.status, answer.json.data.id === held.id]).toEqual([201, false])
  })

  test('429 comes with Retry-After', async () => {
    const server = await startTestServer({ CLIENTELE_REQUESTS_PER_SECOND: '2' })
    try {
      const options = { key: null, headers: { 'x-api-key': server.key } }
      const burst = Array.from({ length: 12 }, () =>
        server.call('GET', '/crypto/customers', options),
      )
      const limited = (await Promise.all(burst)).filter((answer) => answer.status !== 200)
      expect(limited.length).toBeGreaterThan(0)
      for (const answer of limited) {
        expect(refusalOf(answer)).toEqual(refusal(429, 'RATE_LIMIT_EXCEEDED'))
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      }
    } finally {
      await server.close()
    }
  })

  test('500 says nothing about what broke', async () => {
    const { key } = await customers.newApp()
    const broken = await customers.saveCustomer({}, key)
    await customers.server.system.database.transaction((db) =>
      db
        .updateTable('customers')
        .set({ profile: new Uint8Array(64) })
        .where('id', '=', broken.id)
        .execute(),
    )
    const answer = await customers.call('GET', `/customers/${broken.id}`, { key })
    expect(refusalOf(answer)).toEqual(refusal(500, 'INTERNAL_ERROR'))
    expect(answer.json.error.message).not.toMatch(/seal|decrypt|authenticate|profile|\.ts/i)
  })
})

describe('field names', () => {
  test.each([
    ['address.line1', 'address'],
    ['address.city', 'city'],
    ['address.state', 'state'],
    ['address.postalCode', 'postalCode'],
    ['metadata.plan', 'metadata.plan'],
    ['customerId', 'customerAccountId'],
    ['planId', 'productPlanId'],
    ['priceId', 'productPlanPriceId'],
    ['email', 'email'],
    ['externalId', 'externalId'],
  ])('the core says %s, this surface %s', (core, wire) => {
    // The first that fits, as a refusal looks it up.
    const { fieldNames = {} } = cryptoSurface
    const named = Object.keys(fieldNames).find((one) => core === one || core.startsWith(`${one}.`))
    const rest = core.slice(named?.length ?? core.length)
    expect(named === undefined ? core : fieldNames[named] + rest).toBe(wire)
  })
})
