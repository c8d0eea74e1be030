// Owns what this surface's operations have in common: credentials, envelope, refusals, replays.
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../../../../test/harness.ts'
import type { ErrorKind } from '../../core/errors.ts'
import { statusOf } from '../../http/answer-error.ts'
import { orchestrationSurface } from './surface.ts'
import { newCustomer, refusal, refusalOf, testCustomers, uuidOf } from './test-customers.ts'
import { toWireFieldName } from './wire.ts'

const customers = testCustomers()
const isWireError = Compile(orchestrationSurface.errorSchema)

test("the operations are the contract's, each with its success status", () => {
  const served = orchestrationSurface.operations.map(
    ({ method, path, returns }) => `${method} ${path} ${returns.status}`,
  )
  expect(served.toSorted()).toEqual(
    [
      'POST /api/v1/merchant/token/grant 200',
      'POST /api/v1/customers 201',
      'GET /api/v1/customers/{id} 200',
      'GET /api/v1/customers 200',
      'PUT /api/v1/customers/{id} 200',
      'POST /api/v1/customers/{id}/sync 200',
      'GET /api/v1/customers/{id}/balances 200',
      'POST /api/v1/customers/{id}/files 201',
      'GET /api/v1/customers/{id}/files 200',
      'GET /api/v1/customers/{id}/files/{file_id} 200',
      'POST /api/v1/customers/{id}/platforms 200',
      'GET /api/v1/provider-registration/schema 200',
      'GET /api/v1/provider-registration/{customer_id}/status 200',
      'POST /api/v1/provider-registration/{customer_id}/submit 200',
    ].toSorted(),
  )
  expect(orchestrationSurface.basePath).toBe('/orchestration')
})

test('reading needs the scope to read, everything else the one to write; a token none', () => {
  for (const { id, method, scope } of orchestrationSurface.operations) {
    const half = method === 'GET' ? 'orchestration:read' : 'orchestration:write'
    expect([id, scope]).toEqual([id, id === 'grantToken' ? null : half])
  }
})

describe('envelope', () => {
  test('success is {msg, data}, with a Request-Id, never cached', async () => {
    const { id } = await customers.saveCustomer()
    for (const path of ['/customers', `/customers/${id}`, `/customers/${id}/files`]) {
      const answer = await customers.call('GET', path)
      expect(Object.keys(answer.json)).toEqual(['msg', 'data'])
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(answer.headers.get('request-id')).toMatch(/^req_[0-9a-z]{16,}$/)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('Oak-Version is accepted and ignored', async () => {
    const headers = { 'oak-version': '1999-01-01' }
    expect((await customers.call('GET', '/customers', { headers })).status).toBe(200)
  })
})

describe('credentials', () => {
  test('the secret key itself is a bearer', async () => {
    expect((await customers.call('GET', '/customers')).status).toBe(200)
  })

  test.each<[string, (key: string) => Record<string, string>]>([
    ['no key', () => ({})],
    ['an empty key', () => ({ authorization: 'Bearer ' })],
    ['no Bearer before it', (key) => ({ authorization: key })],
    ['Basic', (key) => ({ authorization: `Basic ${btoa(`${key}:`)}` })],
    ['one character more', (key) => ({ authorization: `Bearer ${key}a` })],
    ['the other mode', (key) => ({ authorization: `Bearer ${key.replace('_test_', '_live_')}` })],
    ['a token that is none', () => ({ authorization: 'Bearer at_e30.AAAA' })],
    ['the key in another header', (key) => ({ 'x-api-key': key })],
  ])('%s: 401 {msg, data: null}', async (_name, headersOf) => {
    const headers = headersOf(customers.server.key)
    const answer = await customers.call('GET', '/customers', { key: null, headers })
    expect(refusalOf(answer)).toEqual(refusal(401))
    expect(Object.keys(answer.json)).toEqual(['msg', 'data'])
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('a key of the other half of the scopes is forbidden, and told which it lacks', async () => {
    const { server } = customers
    const key = await server.createKey(server.testApp, ['orchestration:write', 'payouts:read'])
    const answer = await customers.call('GET', '/customers', { key })
    expect(refusalOf(answer)).toEqual(refusal(403))
    expect(answer.json.msg).toContain('orchestration:read')
  })
})

describe('refusals', () => {
  test.each<[ErrorKind, number]>([
    ['malformed', 400],
    ['invalid', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['missing', 404],
    ['method_not_allowed', 405],
    ['conflict', 409],
    ['key_reused', 409],
    ['too_large', 413],
    ['unsupported_media', 415],
    ['rate_limited', 429],
    ['internal', 500],
    ['upstream', 502],
    ['upstream_refused', 502],
    ['unavailable', 503],
    ['upstream_timeout', 504],
  ])('what is %s answers %i, in the error form', (kind, status) => {
    const definition = { code: 'x', kind, title: 'T', detail: 'D.', fix: 'F.' }
    const bare = { definition, message: 'D. F.', param: undefined, issues: [], requestId: 'req_1' }
    expect(statusOf(orchestrationSurface, kind)).toBe(status)
    const body = orchestrationSurface.renderError({ ...bare, status })
    expect(body).toEqual({ msg: 'D. F.', data: null })
    const issues = [
      { param: 'email', message: 'is missing' },
      { param: 'dob', message: 'is blank' },
    ]
    const named = orchestrationSurface.renderError({ ...bare, status, param: 'email', issues })
    expect(named).toEqual({
      msg: 'D. F.',
      data: null,
      errors: [
        { field: 'email', message: 'is missing' },
        { field: 'dob', message: 'is blank' },
      ],
    })
    expect([body, named].every((one) => isWireError.Check(one))).toBe(true)
  })

  const json = { 'content-type': 'application/json' }
  const big = JSON.stringify({ ...newCustomer, city: 'a'.repeat(1024 * 1024) })
  test.each<[number, string[], string, string, object]>([
    [404, [], 'GET', '/nothing', {}],
    [405, [], 'DELETE', '/customers', {}],
    [413, ['body'], 'POST', '/customers', { body: big, headers: json }],
    [415, [], 'POST', '/customers', { body: '{}', headers: { 'content-type': 'text/plain' } }],
  ])('%i', async (status, fields, method, path, options) => {
    const before = await customers.countRows()
    const answer = await customers.call(method, path, options)
    expect(refusalOf(answer)).toEqual(refusal(status, ...fields))
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
    expect((await send({ ...newCustomer, city: 'Rio' })).status).toBe(409)
    expect(await customers.countRows()).toEqual(rows)
  })

  test('429 comes with Retry-After', async () => {
    const server = await startTestServer({ CLIENTELE_REQUESTS_PER_SECOND: '2' })
    try {
      const burst = Array.from({ length: 12 }, () =>
        server.call('GET', '/orchestration/api/v1/customers'),
      )
      const limited = (await Promise.all(burst)).filter((answer) => answer.status !== 200)
      expect(limited.length).toBeGreaterThan(0)
      for (const answer of limited) {
        expect(refusalOf(answer)).toEqual(refusal(429))
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      }
    } finally {
      await server.close()
    }
  })

  test('500 says nothing about what broke', async () => {
    const key = await customers.newAppKey()
    const broken = await customers.saveCustomer({}, key)
    await customers.server.system.database.transaction((db) =>
      db
        .updateTable('customers')
        .set({ profile: new Uint8Array(64) })
        .where('id', '=', uuidOf('customer', broken.id))
        .execute(),
    )
    const answer = await customers.call('GET', `/customers/${broken.id}`, { key })
    expect(refusalOf(answer)).toEqual(refusal(500))
    expect(answer.json.msg).not.toMatch(/seal|decrypt|authenticate|profile|\.ts/i)
  })
})

describe('field names', () => {
  test.each([
    ['givenName', 'first_name'],
    ['familyName', 'last_name'],
    ['companyName', 'company_name'],
    ['phoneParts.countryCode', 'phone_country_code'],
    ['phoneParts.areaCode', 'phone_area_code'],
    ['phoneParts.number', 'phone_number'],
    ['phone', 'phone_number'],
    ['document.number', 'document_number'],
    ['document.type', 'document_type'],
    ['document', 'document_number'],
    ['dateOfBirth', 'dob'],
    ['country', 'country_code'],
    ['address', 'street_name'],
    ['address.line1', 'street_name'],
    ['address.postalCode', 'postal_code'],
    ['background.monthlyNetIncome', 'monthly_net_income'],
    ['background.ownerDocumentNumber', 'owner_document_number'],
    ['metadata.plan', 'additional_info.plan'],
    ['providerData.redirect_uri', 'provider_data.redirect_uri'],
    ['email', 'email'],
  ])('the core says %s, this surface %s, in refusals and in readiness', (core, wire) => {
    expect(toWireFieldName(core)).toBe(wire)
    // The first that fits, as a refusal looks it up.
    const { fieldNames = {} } = orchestrationSurface
    const named = Object.keys(fieldNames).find((one) => core === one || core.startsWith(`${one}.`))
    const rest = core.slice(named?.length ?? core.length)
    expect(named === undefined ? core : fieldNames[named] + rest).toBe(wire)
  })
})
