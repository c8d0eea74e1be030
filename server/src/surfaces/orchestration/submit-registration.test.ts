// Owns the outcomes of POST /api/v1/provider-registration/{customer_id}/submit.
import { describe, expect, test } from 'vitest'
import { createMerchant } from '../../core/apps/app-service.ts'
import { notFound, refusal, refusalOf, testCustomers, unknownIds } from './test-customers.ts'

const customers = testCustomers()
const submit = (id: string, body: unknown, key?: string) =>
  customers.call('POST', `/provider-registration/${id}/submit`, {
    body,
    ...(key === undefined ? {} : { key }),
  })
const atStripe = { provider: 'stripe', target_role: 'customer' }
const statusOf = async (id: string) =>
  (await customers.call('GET', `/provider-registration/${id}/status`)).json.data

describe('200', () => {
  test('answers the registrations as an array, with the new one submitted', async () => {
    const { id } = await customers.saveCustomer()
    const answer = await submit(id, { ...atStripe, provider_data: { source: 'web', level: 2 } })
    expect(answer.status).toBe(200)
    expect(answer.json.msg).toBe('Registration submitted')
    expect(answer.json.data).toMatchObject([
      {
        ...atStripe,
        status: 'submitted',
        provider_data: { source: 'web', level: 2 },
        readiness: { missing: [] },
      },
    ])
    expect(answer.json.data).toEqual(await statusOf(id))
    expect(await customers.historyOf(id)).toEqual([
      '1 customer.created',
      '2 customer.registration.submitted',
    ])
  })

  test('provider_data is kept beside what was given before', async () => {
    const { id } = await customers.saveCustomer({ last_name: null })
    const body = { provider: 'bridge', target_role: 'customer' }
    await submit(id, { ...body, provider_data: { a: 1, b: 1 } })
    const { json } = await submit(id, { ...body, provider_data: { b: 2 } })
    expect(json.data[0].provider_data).toEqual({ a: 1, b: 2 })
    expect((await submit(id, { ...body, provider_data: null })).json.data[0].provider_data).toEqual(
      {
        a: 1,
        b: 2,
      },
    )
  })

  test('a field of provider_data that is missing is named as one', async () => {
    const { id } = await customers.saveCustomer()
    const body = { provider: 'mercado_pago', target_role: 'connected_account' }
    const { json } = await submit(id, body)
    expect(json.data[0].status).toBe('not_submitted')
    expect(json.data[0].readiness.missing).toEqual(['provider_data.redirect_uri'])
    const provider_data = { redirect_uri: 'https://example.com/linked' }
    const again = await submit(id, { ...body, provider_data })
    expect(again.json.data[0]).toMatchObject({ status: 'submitted', readiness: { missing: [] } })
  })

  test('secrets in provider_data are not shown again, nor kept in plain', async () => {
    const { id } = await customers.saveCustomer()
    const secrets = { id_token: 'S-one-S', client_secret: 'S-two-S', Password: 'S-three-S' }
    const answer = await submit(id, { ...atStripe, provider_data: { ...secrets, plain: 'shown' } })
    expect(answer.json.data[0].provider_data).toEqual({
      id_token: '…',
      client_secret: '…',
      Password: '…',
      plain: 'shown',
    })
    expect(answer.text).not.toMatch(/S-\w+-S/)
    const { db } = customers.server.system
    const rows = await db.selectFrom('registrations').selectAll().execute()
    expect(JSON.stringify(rows)).not.toMatch(/S-\w+-S/)
    expect(customers.server.logLines.join('')).not.toMatch(/S-\w+-S/)
  })

  test('a rejected registration can be submitted again', async () => {
    const { id } = await customers.saveCustomer({ email: 'alice+reject@example.com' })
    await customers.register(id)
    expect((await statusOf(id))[0].status).toBe('rejected')
    const { json } = await submit(id, atStripe)
    expect(json.data[0]).toMatchObject({ status: 'submitted', rejection_reason: null })
    expect(json.data[0].failure_reasons).toEqual([])
  })

  test('an approved one is left as it is', async () => {
    const { id } = await customers.saveCustomer()
    await customers.register(id)
    const history = await customers.historyOf(id)
    expect((await submit(id, atStripe)).json.data[0].status).toBe('approved')
    expect(await customers.historyOf(id)).toEqual(history)
  })
})

describe('400', () => {
  test.each<[unknown, string[]]>([
    [{}, ['provider', 'target_role']],
    [{ provider: 'stripe' }, ['target_role']],
    [{ ...atStripe, provider: 'paypal' }, ['provider']],
    [{ ...atStripe, target_role: 'owner' }, ['target_role']],
    [{ ...atStripe, target_role: 'subaccount' }, ['target_role']],
    [{ ...atStripe, provider_data: 'x' }, ['provider_data']],
    [{ ...atStripe, providerData: {} }, ['providerData']],
    [undefined, ['body']],
  ])('%j names %j', async (body, fields) => {
    const { id } = await customers.saveCustomer()
    const before = await customers.countRows()
    expect(refusalOf(await submit(id, body))).toEqual(refusal(400, ...fields))
    expect(await customers.countRows()).toEqual(before)
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const answer = await submit(id, atStripe)
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test("another app's customer looks missing", async () => {
    const { id } = await customers.saveCustomer()
    // Of a test app, so that no connection is asked for.
    const { test: other } = await createMerchant(customers.server.system, 'Another')
    const key = await customers.server.createKey(other)
    const answer = await submit(id, atStripe, key)
    expect([answer.status, answer.json]).toEqual([404, notFound])
    expect(await customers.historyOf(id)).toEqual(['1 customer.created'])
  })
})

test('409: a live app without a connection', async () => {
  const key = await customers.server.createKey(customers.server.liveApp)
  const { id } = await customers.saveCustomer({}, key)
  expect(refusalOf(await submit(id, atStripe, key))).toEqual(refusal(409))
})
