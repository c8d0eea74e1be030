// Owns the outcomes of GET /v1/customers/{id}.
import { describe, expect, test } from 'vitest'
import { makeBankingCustomer } from '../../../../test/banking-customers.ts'
import { problem, problemOf } from './test-connections.ts'
import { testRecords } from './test-records.ts'

const records = testRecords()
const get = (id: string, query = '') => records.call('GET', `/customers/${id}${query}`)

const noFacets = {
  registrations: [],
  wallets: [],
  bank_accounts: [],
  payouts: [],
  accounts: [],
  individuals: [],
  files: [],
  activity: {
    payment_intents: 0,
    invoices: 0,
    subscriptions: 0,
    recent_payment_intents: [],
    recent_invoices: [],
  },
}

describe('200', () => {
  test('the record and every facet, with its version as ETag', async () => {
    const record = await records.create({ email: 'alice@example.com' })
    const answer = await get(record.id)
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"1"'])
    expect(answer.json).toEqual({ ...record, ...noFacets })
  })

  test('the facets that are asked for, and no other', async () => {
    const record = await records.create()
    expect((await get(record.id, '?include=')).json).toEqual(record)
    const { wallets, payouts } = noFacets
    const some = await get(record.id, '?include=payouts,wallets')
    expect(some.json).toEqual({ ...record, wallets, payouts })
  })

  test('what other surfaces hung on it', async () => {
    const { customerId } = await makeBankingCustomer(records.context(), { kind: 'business' })
    const account = {
      country: 'AR',
      currency: 'ARS',
      rail: 'OTHER',
      accountType: 'checking',
      accountNumber: '0070327530004025541644',
      holderName: 'Acme Ltda',
    }
    const { call } = records.server
    const added = await call('POST', `/payouts/customers/${customerId}/bank-accounts`, {
      body: account,
    })
    expect(added.status, added.text).toBe(201)
    const { json } = await get(customerId)
    expect(json.banking_status).toBe('ACTIVE')
    expect(json.individuals.length).toBeGreaterThan(0)
    expect(json.accounts).toMatchObject([{ type: 'DEPOSIT', status: 'ACTIVE' }])
    expect(json.bank_accounts).toMatchObject([
      { currency: 'ARS', account_number_last4: '1644', holder_name: 'Acme Ltda' },
    ])
    expect(JSON.stringify(json)).not.toContain(account.accountNumber)
  })

  test('the record as it was, by version and by time', async () => {
    const first = await records.create()
    const { id } = first
    const between = new Date(records.server.clock.now()).toISOString()
    records.server.clock.advance(60_000)
    const second = (await records.patch(id, '*', { name: 'Alice Jones' })).json
    const third = (await records.patch(id, '*', { country: 'AR' })).json
    expect((await get(id, '?as_of=1')).json).toEqual(first)
    expect((await get(id, '?as_of=2')).json).toEqual(second)
    expect((await get(id, '?as_of=3')).json).toEqual(third)
    expect((await get(id, `?as_of=${between}`)).json).toEqual(first)
    const later = await get(id, '?as_of=2999-01-01T00:00:00Z')
    expect(later.json).toEqual(third)
    expect(later.headers.get('etag')).toBe('"3"')
  })
})

describe('404', () => {
  test.each(['cust_01h455vb4pex5vsknk084sn02q', 'x'])('%s', async (id) => {
    expect(problemOf(await get(id))).toEqual(problem(404, 'customer_not_found'))
    expect(problemOf(await get(id, '?as_of=1'))).toEqual(problem(404, 'customer_not_found'))
  })

  test.each(['2', '999999999999999', '2000-01-01T00:00:00Z'])('as_of=%s', async (asOf) => {
    const { id } = await records.create()
    const answer = await get(id, `?as_of=${asOf}`)
    expect(problemOf(answer)).toEqual(problem(404, 'version_not_found'))
  })
})

test.each([
  ['?include=wallet', '/include'],
  ['?include=wallets,wallets,', '/include'],
  ['?include=wallets&as_of=1', '/include'],
  ['?as_of=0', '/as_of'],
  ['?as_of=yesterday', '/as_of'],
  ['?as_of=2026-02-30T12:00:00Z', '/as_of'],
])('422: %s', async (query, pointer) => {
  const { id } = await records.create()
  expect(problemOf(await get(id, query))).toEqual(problem(422, 'field_invalid', pointer))
})
