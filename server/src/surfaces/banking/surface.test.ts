// Owns what all operations of this surface have in common: scopes, refusals, methods, replays.
import { randomUUID } from 'node:crypto'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import type { ErrorKind } from '../../core/errors.ts'
import { statusOf } from '../../http/answer-error.ts'
import { bankingSurface } from './surface.ts'
import { refusal, refusalOf, testBanking } from './test-banking.ts'

const banking = testBanking()

test('the operations of customers, individuals and accounts, with scope and success status', () => {
  const served = bankingSurface.operations.map(
    ({ method, path, scope, returns }) => `${method} ${path} ${scope} ${returns.status}`,
  )
  expect(served).toEqual(
    expect.arrayContaining([
      'POST /oauth2/token null 200',
      'GET /v1/customers customers:read 200',
      'GET /v1/customers/{id} customers:read 200',
      'PATCH /v1/customers/{id} customers:write 200',
      'GET /v1/customers/{id}/individuals/{individual_id} customers:read 200',
      'PATCH /v1/customers/{id}/individuals/{individual_id} customers:write 200',
      'POST /v1/accounts accounts:write 201',
      'GET /v1/accounts accounts:read 200',
      'GET /v1/accounts/{id} accounts:read 200',
      'PATCH /v1/accounts/{id} accounts:write 200',
    ]),
  )
  expect(bankingSurface.basePath).toBe('/banking')
})

describe('refusals', () => {
  const isRefusal = Compile(bankingSurface.errorSchema)

  test.each<[ErrorKind, number, string]>([
    ['malformed', 400, 'INVALID_REQUEST'],
    ['invalid', 400, 'INVALID_REQUEST'],
    ['unauthenticated', 401, 'UNAUTHORIZED'],
    ['forbidden', 403, 'FORBIDDEN'],
    ['missing', 404, 'NOT_FOUND'],
    ['method_not_allowed', 405, 'INVALID_REQUEST'],
    ['conflict', 409, 'CONFLICT'],
    ['key_reused', 409, 'CONFLICT'],
    ['too_large', 413, 'INVALID_REQUEST'],
    ['unsupported_media', 415, 'INVALID_REQUEST'],
    ['rate_limited', 429, 'RATE_LIMITED'],
    ['internal', 500, 'INTERNAL_ERROR'],
    ['upstream', 502, 'INTERNAL_ERROR'],
    ['upstream_refused', 502, 'INTERNAL_ERROR'],
    ['unavailable', 503, 'INTERNAL_ERROR'],
    ['upstream_timeout', 504, 'INTERNAL_ERROR'],
  ])('what is %s answers %i with %s', (kind, status, code) => {
    const definition = { code: 'x_y', kind, title: 'T', detail: 'D.', fix: 'F.' }
    const bare = { definition, message: 'D. F.', param: undefined, issues: [], requestId: 'req_1' }
    expect(statusOf(bankingSurface, kind)).toBe(status)
    const body = bankingSurface.renderError({ ...bare, status })
    expect(body).toEqual({ error: { code, message: 'D. F.', details: [] } })
    const named = bankingSurface.renderError({ ...bare, status, param: 'address.country' })
    expect(named).toMatchObject({
      error: { details: [{ field: 'address.country', message: 'D. F.' }] },
    })
    const issues = [
      { param: 'email', message: 'is missing' },
      { param: 'phone', message: 'is empty' },
    ]
    const several = bankingSurface.renderError({ ...bare, status, param: 'email', issues })
    expect(several).toMatchObject({
      error: {
        details: [
          { field: 'email', message: 'is missing' },
          { field: 'phone', message: 'is empty' },
        ],
      },
    })
    expect([body, named, several].every((one) => isRefusal.Check(one))).toBe(true)
  })

  test('no key, an unknown key and no scope are told apart', async () => {
    const path = '/v1/customers'
    const none = await banking.call('GET', path, { key: null })
    expect(refusalOf(none)).toEqual(refusal(401, 'UNAUTHORIZED'))
    const unknown = await banking.call('GET', path, { key: 'sk_test_x' })
    expect(refusalOf(unknown)).toEqual(refusal(401, 'UNAUTHORIZED'))
    const { server } = banking
    const key = await server.createKey(server.testApp, ['customers:write', 'payouts:read'])
    const answer = await banking.call('GET', path, { key })
    expect(refusalOf(answer)).toEqual(refusal(403, 'FORBIDDEN'))
    expect(answer.json.error.message).toContain('customers:read')
  })

  test.each([[['banking:read']], [['customers:read']], [['*']]])(
    'a key with the scopes %j lists customers',
    async (scopes) => {
      const { server } = banking
      const key = await server.createKey(server.testApp, scopes)
      expect((await banking.call('GET', '/v1/customers', { key })).status).toBe(200)
      const isEverything = scopes.includes('*')
      const accounts = await banking.call('GET', '/v1/accounts', { key })
      const isOpen = isEverything || scopes.includes('banking:read')
      expect(accounts.status).toBe(isOpen ? 200 : 403)
    },
  )
})

describe('methods', () => {
  test('a customer cannot be posted: 405, and where customers come from', async () => {
    const body = { type: 'INDIVIDUAL', email: 'john.doe@example.com' }
    const answer = await banking.call('POST', '/v1/customers', { body })
    expect(refusalOf(answer)).toEqual(refusal(405, 'INVALID_REQUEST'))
    expect(answer.json.error.message).toContain('Customers arise from applications')
    expect(answer.json.error.message).toContain('POST /v1/applications')
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'HEAD'])
  })

  test('another method says nothing of applications', async () => {
    const answer = await banking.call('DELETE', '/v1/customers')
    expect(refusalOf(answer)).toEqual(refusal(405, 'INVALID_REQUEST'))
    expect(answer.json.error.message).not.toContain('applications')
  })
})

test('a write is replayed under both names of the idempotency header', async () => {
  const { customerId } = await banking.save()
  for (const name of ['x-bultra-idempotency-id', 'Idempotency-Key']) {
    const headers = { [name]: randomUUID() }
    const body = { customer_id: customerId, type: 'DEPOSIT', currency: 'EUR' }
    const first = await banking.call('POST', '/v1/accounts', { headers, body })
    const again = await banking.call('POST', '/v1/accounts', { headers, body })
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const other = { ...body, currency: 'GBP' }
    const reused = await banking.call('POST', '/v1/accounts', { headers, body: other })
    expect(refusalOf(reused)).toEqual(refusal(409, 'CONFLICT', 'Idempotency-Key'))
  }
})
