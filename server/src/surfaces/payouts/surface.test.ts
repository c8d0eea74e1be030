// Owns what all operations of this surface have in common: credentials, headers, refusals, replays.
import { pino } from 'pino'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { createTestDatabase, startTestServer } from '../../../../test/harness.ts'
import { createApplication } from '../../app.ts'
import { readConfig } from '../../config.ts'
import type { ErrorKind } from '../../core/errors.ts'
import { statusOf } from '../../http/answer-error.ts'
import { payoutsSurface } from './surface.ts'
import {
  cbu,
  newBankAccount,
  newCustomer,
  refusal,
  refusalOf,
  testRecipients,
  uuidOf,
} from './test-recipients.ts'

const recipients = testRecipients()
const customers = '/payouts/customers'
const pay = { amount: '1.00', currency: 'ARS', destinationCbu: cbu.seller }
const isWireError = Compile(payoutsSurface.errorSchema)

test("the operations are the contract's, each with its success status", () => {
  const served = payoutsSurface.operations.map(
    ({ method, path, returns }) => `${method} ${path} ${returns.status}`,
  )
  expect(served.toSorted()).toEqual(
    [
      'POST /customers 201',
      'GET /customers/{customerId} 200',
      'GET /customers 200',
      'POST /customers/{customerId}/bank-accounts 201',
      'GET /customers/{customerId}/bank-accounts 200',
      'PUT /customers/{customerId}/default-bank-account 200',
      'POST /payouts 201',
      'GET /payouts/{id} 200',
      'GET /payouts 200',
      'POST /payouts/{id}/cancel 200',
      'GET /customers/{customerId}/payouts 200',
    ].toSorted(),
  )
  expect(payoutsSurface.basePath).toBe('/payouts')
})

/** A request to every operation that succeeds, by the operation's id. */
async function everyRequest(): Promise<Record<string, [string, string, object?]>> {
  const { customerId } = await recipients.saveCustomer()
  const { bankAccountId } = await recipients.saveBankAccount(customerId)
  const { id } = await recipients.savePayout({ customerId })
  const customer = `${customers}/${customerId}`
  return {
    createCustomer: ['POST', customers, newCustomer],
    listCustomers: ['GET', customers],
    getCustomer: ['GET', customer],
    addBankAccount: [
      'POST',
      `${customer}/bank-accounts`,
      { ...newBankAccount, accountNumber: cbu.second },
    ],
    listBankAccounts: ['GET', `${customer}/bank-accounts`],
    setDefaultBankAccount: ['PUT', `${customer}/default-bank-account`, { bankAccountId }],
    listCustomerPayouts: ['GET', `${customer}/payouts`],
    createPayout: ['POST', '/payouts/payouts', pay],
    listPayouts: ['GET', '/payouts/payouts'],
    getPayout: ['GET', `/payouts/payouts/${id}`],
    cancelPayout: ['POST', `/payouts/payouts/${id}/cancel`],
  }
}

const byId = payoutsSurface.operations.map((operation) => [operation.id, operation] as const)

async function requestOf(id: string) {
  const [method, path, body] = (await everyRequest())[id] ?? ['', '']
  return { method, path, options: body === undefined ? {} : { body } }
}

describe.each(byId)('%s', (id, operation) => {
  test('answers by its own schema, as JSON without an envelope, with a Request-Id', async () => {
    const { method, path, options } = await requestOf(id)
    const answer = await recipients.call(method, path, options)
    expect(answer.status).toBe(operation.returns.status)
    expect(Compile(operation.returns.schema).Errors(answer.json)).toEqual([])
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('request-id')).toMatch(/^req_[0-9a-z]{16,}$/)
  })

  test('a key of the other half of the scopes is forbidden', async () => {
    const { method, path, options } = await requestOf(id)
    const other = operation.scope === 'payouts:read' ? 'payouts:write' : 'payouts:read'
    expect(operation.scope).toBe(method === 'GET' ? 'payouts:read' : 'payouts:write')
    const key = await recipients.server.createKey(recipients.server.testApp, [other])
    const answer = await recipients.call(method, path, { ...options, key })
    expect(refusalOf(answer)).toEqual(refusal(403, 'forbidden'))
    expect(answer.json.error.message).toContain(operation.scope)
  })
})

test.each(byId.filter(([, operation]) => operation.method !== 'GET'))(
  '%s: a retry with the same Idempotency-Key gets the same bytes and happens once',
  async (id, operation) => {
    const { method, path, options } = await requestOf(id)
    const headers = { 'Idempotency-Key': `retry-${id}` }
    const first = await recipients.call(method, path, { ...options, headers })
    const rows = await recipients.countRows()
    const again = await recipients.call(method, path, { ...options, headers })
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect([again.status, again.text]).toEqual([operation.returns.status, first.text])
    expect(await recipients.countRows()).toEqual(rows)
    expect(again.headers.get('request-id')).not.toBe(first.headers.get('request-id'))
  },
)

describe('credentials', () => {
  test('sk_ and di_ spell the same key, in test and in live', async () => {
    const { server } = recipients
    for (const app of [server.testApp, server.liveApp]) {
      const key = await server.createKey(app)
      expect(key.startsWith(`sk_${app.mode}_`)).toBe(true)
      const { customerId } = await recipients.saveCustomer({}, key)
      const spelled = key.replace('sk_', 'di_')
      const answer = await recipients.call('GET', `${customers}/${customerId}`, { key: spelled })
      expect(answer.json.customerId).toBe(customerId)
    }
  })

  test.each<[string, (key: string) => Record<string, string>]>([
    ['no key', () => ({})],
    ['an empty key', () => ({ authorization: 'Bearer ' })],
    ['no Bearer before it', (key) => ({ authorization: key })],
    ['Basic', (key) => ({ authorization: `Basic ${btoa(`${key}:`)}` })],
    ['one character more', (key) => ({ authorization: `Bearer ${key}a` })],
    ['one character less', (key) => ({ authorization: `Bearer ${key.slice(0, -1)}` })],
    ['the other mode', (key) => ({ authorization: `Bearer ${key.replace('_test_', '_live_')}` })],
    ['an unknown prefix', (key) => ({ authorization: `Bearer ${key.replace('sk_', 'pk_')}` })],
    ['the key in another header', (key) => ({ 'x-api-key': key })],
  ])('%s is unauthorized', async (_name, headersOf) => {
    const headers = headersOf(recipients.server.key)
    const answer = await recipients.call('GET', customers, { key: null, headers })
    expect(refusalOf(answer)).toEqual(refusal(401, 'unauthorized'))
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })
})

describe('refusals', () => {
  test.each<[ErrorKind, number, string]>([
    ['malformed', 400, 'invalid_request'],
    ['unauthenticated', 401, 'unauthorized'],
    ['forbidden', 403, 'forbidden'],
    ['missing', 404, 'not_found'],
    ['method_not_allowed', 405, 'invalid_request'],
    ['conflict', 409, 'conflict'],
    ['key_reused', 409, 'idempotency_key_reused'],
    ['too_large', 413, 'invalid_request'],
    ['unsupported_media', 415, 'invalid_request'],
    ['invalid', 422, 'validation_failed'],
    ['rate_limited', 429, 'rate_limited'],
    ['internal', 500, 'internal_error'],
    ['unavailable', 503, 'temporarily_unavailable'],
  ])('what is %s answers %i %s, in the error form', (kind, status, code) => {
    const definition = { code: 'x', kind, title: 'T', detail: 'D.', fix: 'F.' }
    const message = 'D. F.'
    const bare = {
      definition,
      message,
      param: undefined,
      issues: [],
      status: 422,
      requestId: 'req_1',
    }
    expect(statusOf(payoutsSurface, kind)).toBe(status)
    const body = payoutsSurface.renderError(bare)
    expect(body).toEqual({ error: { code, message, requestId: 'req_1' } })
    expect(payoutsSurface.renderError({ ...bare, param: 'name' })).toEqual({
      error: { code, message, param: 'name', requestId: 'req_1' },
    })
    expect(isWireError.Check(body)).toBe(true)
  })

  const json = { 'content-type': 'application/json' }
  test.each<[number, string, string | undefined, string, string, object]>([
    [404, 'not_found', undefined, 'GET', '/payouts/nothing', {}],
    [405, 'invalid_request', undefined, 'DELETE', customers, {}],
    [413, 'invalid_request', 'body', 'POST', customers, { body: bigBody(), headers: json }],
    [415, 'invalid_request', undefined, 'POST', customers, textBody()],
  ])('%i %s', async (status, code, param, method, path, options) => {
    const before = await recipients.countRows()
    const answer = await recipients.call(method, path, options)
    expect(refusalOf(answer)).toEqual(refusal(status, code, param))
    expect(isWireError.Check(answer.json)).toBe(true)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await recipients.countRows()).toEqual(before)
  })

  test('405 says which methods the path takes', async () => {
    const answer = await recipients.call('PUT', '/payouts/payouts')
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'HEAD', 'POST'])
  })

  test('409: an idempotency key that was used for another body', async () => {
    const headers = { 'idempotency-key': 'reused' }
    const send = (body: object) => recipients.call('POST', '/payouts/payouts', { body, headers })
    expect((await send(pay)).status).toBe(201)
    const rows = await recipients.countRows()
    const answer = await send({ ...pay, amount: '2.00' })
    expect(refusalOf(answer)).toMatchObject({ status: 409, code: 'idempotency_key_reused' })
    expect(await recipients.countRows()).toEqual(rows)
  })

  test('a refused request leaves its idempotency key free for the corrected one', async () => {
    const headers = { 'idempotency-key': 'corrected' }
    const send = (body: object) => recipients.call('POST', '/payouts/payouts', { body, headers })
    expect((await send({ ...pay, amount: '0' })).status).toBe(422)
    expect((await send(pay)).status).toBe(201)
  })

  test('429 comes with Retry-After', async () => {
    const server = await startTestServer({ CLIENTELE_REQUESTS_PER_SECOND: '2' })
    try {
      const burst = Array.from({ length: 12 }, () => server.call('GET', customers))
      const limited = (await Promise.all(burst)).filter((answer) => answer.status !== 200)
      expect(limited.length).toBeGreaterThan(0)
      for (const answer of limited) {
        expect(refusalOf(answer)).toEqual(refusal(429, 'rate_limited'))
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      }
    } finally {
      await server.close()
    }
  })

  test('500 says nothing about what broke', async () => {
    const key = await recipients.newAppKey()
    const { customerId } = await recipients.saveCustomer({}, key)
    await recipients.server.system.database.transaction((db) =>
      db
        .updateTable('customers')
        .set({ profile: new Uint8Array(64) })
        .where('id', '=', uuidOf('customer', customerId))
        .execute(),
    )
    const answer = await recipients.call('GET', `${customers}/${customerId}`, { key })
    expect(refusalOf(answer)).toEqual(refusal(500, 'internal_error'))
    expect(answer.json.error.message).not.toMatch(/seal|decrypt|authenticate|profile|\.ts/i)
  })

  test('503 until the start has ended, with Retry-After', async () => {
    const database = await createTestDatabase()
    const config = readConfig(database.environment)
    const application = await createApplication(config, pino({ enabled: false }))
    try {
      await application.server.listen({ host: '127.0.0.1', port: 0 })
      const response = await fetch(application.server.listeningOrigin + customers, {
        headers: { authorization: `Bearer ${recipients.server.key}` },
      })
      const { error } = (await response.json()) as { error: { code: string } }
      expect([response.status, error.code]).toEqual([503, 'temporarily_unavailable'])
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    } finally {
      await application.close()
      await database.remove()
    }
  })
})

function bigBody(): string {
  return JSON.stringify({ ...newCustomer, name: 'a'.repeat(1024 * 1024) })
}

function textBody(): object {
  return { body: JSON.stringify(newCustomer), headers: { 'content-type': 'text/plain' } }
}
