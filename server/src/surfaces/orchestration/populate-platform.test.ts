// Owns the outcomes of POST /api/v1/customers/{id}/platforms.
import { describe, expect, test } from 'vitest'
import {
  fieldRefusal,
  notFound,
  refusal,
  refusalOf,
  testCustomers,
  unknownIds,
  wireTime,
} from './test-customers.ts'

const customers = testCustomers()
const populate = (id: string, body?: unknown, key?: string) =>
  customers.call('POST', `/customers/${id}/platforms`, {
    ...(body === undefined ? {} : { body }),
    ...(key === undefined ? {} : { key }),
  })
const atStripe = { provider: 'stripe', target_role: 'customer' }
const read = async (id: string) => (await customers.call('GET', `/customers/${id}`)).json.data

/** As a registration is when nothing was said about it. */
const opened = {
  ...atStripe,
  status: 'submitted',
  provider_data: {},
  provider_response: {},
  rejection_reason: null,
  readiness: { missing: [] },
  failure_reasons: [],
  action_required: null,
  action_url: null,
  created_at: expect.stringMatching(wireTime),
  updated_at: expect.stringMatching(wireTime),
}

describe('200', () => {
  test('opens and submits what is complete; the provider is asked by a job', async () => {
    const { id } = await customers.saveCustomer()
    const answer = await populate(id, atStripe)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ msg: 'Platform data populated', data: [opened] })
    expect(await customers.historyOf(id)).toEqual([
      '1 customer.created',
      '2 customer.registration.submitted',
    ])
    expect(await read(id)).toMatchObject({ status: 'PENDING', roles: ['customer'], synced: false })
  })

  test('the job makes it at the provider, whose word moves it on to approved', async () => {
    const { id } = await customers.saveCustomer()
    await populate(id, atStripe)
    await customers.server.drainJobs()
    const { json } = await populate(id)
    expect(json.data).toEqual([
      { ...opened, status: 'approved', provider_response: { sandbox: true } },
    ])
    expect(await customers.historyOf(id)).toEqual([
      '1 customer.created',
      '2 customer.registration.submitted',
      // As the provider says it: submitted, processing, approved.
      '3 customer.registration.changed',
      '4 customer.registration.changed',
      '5 customer.registration.changed',
    ])
    expect(await read(id)).toMatchObject({ status: 'APPROVED', synced: true })
  })

  test('what is missing is named in the words of this surface, and nothing is submitted', async () => {
    const { id } = await customers.saveCustomer({ first_name: null, last_name: null })
    const { json } = await populate(id, { provider: 'bridge', target_role: 'customer' })
    expect(json.data[0]).toMatchObject({
      status: 'not_submitted',
      readiness: { missing: ['first_name', 'last_name'] },
    })
    expect(await customers.historyOf(id)).toEqual([
      '1 customer.created',
      '2 customer.registration.opened',
    ])
    expect((await read(id)).status).toBe('INCOMPLETE')
  })

  test('it is submitted as soon as it is complete', async () => {
    const body = { provider: 'bridge', target_role: 'customer' }
    const { id } = await customers.saveCustomer({ last_name: null })
    await populate(id, body)
    await customers.call('PUT', `/customers/${id}`, { body: { last_name: 'Smith' } })
    const { json } = await populate(id, body)
    expect(json.data[0]).toMatchObject({ status: 'submitted', readiness: { missing: [] } })
    expect((await read(id)).status).toBe('PENDING')
  })

  test('one that is under way is left as it is', async () => {
    const { id } = await customers.saveCustomer()
    const first = await populate(id, atStripe)
    const history = await customers.historyOf(id)
    expect((await populate(id, atStripe)).json).toEqual(first.json)
    expect(await customers.historyOf(id)).toEqual(history)
  })

  test('a provider without a role means the role customer', async () => {
    const { id } = await customers.saveCustomer()
    expect((await populate(id, { provider: 'stripe' })).json.data).toEqual([opened])
  })

  test('one registration a provider and role, all of them answered', async () => {
    const { id } = await customers.saveCustomer()
    await populate(id, atStripe)
    await populate(id, { provider: 'stripe', target_role: 'connected_account' })
    const { json } = await populate(id, { provider: 'mercado_pago', target_role: 'customer' })
    const kept = json.data.map(
      (one: Record<string, string>) => `${one.provider} ${one.target_role}`,
    )
    expect(kept).toEqual(['stripe customer', 'stripe connected_account', 'mercado_pago customer'])
    expect((await read(id)).roles).toEqual(['connected_account', 'customer'])
  })

  test.each([undefined, {}])(
    'without a provider, said with %j: refreshes what is there',
    async (body) => {
      const { id } = await customers.saveCustomer()
      await customers.register(id)
      const { system } = customers.server
      await system.database.transaction((db) =>
        db.updateTable('sandbox_customers').set({ behaviour: 'reject' }).execute(),
      )
      expect((await populate(id, body)).json.data[0].status).toBe('approved')
      await customers.server.drainJobs()
      const { json } = await populate(id, body)
      expect(json.data[0]).toMatchObject({
        status: 'rejected',
        rejection_reason: 'The sandbox rejects customers whose e-mail asks for it',
      })
      expect((await read(id)).status).toBe('REJECTED')
    },
  )

  test('nothing on file: nothing to refresh, and nothing is written', async () => {
    const { id } = await customers.saveCustomer()
    const before = await customers.countRows()
    expect((await populate(id)).json).toEqual({ msg: 'Platform data populated', data: [] })
    expect(await customers.countRows()).toEqual(before)
  })
})

describe('400', () => {
  test('a role without a provider', async () => {
    const { id } = await customers.saveCustomer()
    const answer = await populate(id, { target_role: 'customer' })
    const rule = 'is missing beside target_role'
    expect([answer.status, answer.json]).toEqual([400, fieldRefusal('provider', rule)])
  })

  test('a role that the provider does not have: says which it has', async () => {
    const { id } = await customers.saveCustomer()
    const answer = await populate(id, { provider: 'stripe', target_role: 'subaccount' })
    expect(refusalOf(answer)).toEqual(refusal(400, 'target_role'))
    expect(answer.json.msg).toMatch(
      /^target_role: stripe has the roles customer, connected_account\./,
    )
    expect(await customers.historyOf(id)).toEqual(['1 customer.created'])
  })

  test.each<[unknown, string]>([
    [{ provider: 'paypal' }, 'provider'],
    [{ provider: 'stripe', target_role: 'owner' }, 'target_role'],
    [{ provider: 'stripe', role: 'customer' }, 'role'],
    [[], 'body'],
  ])('%j names %s', async (body, field) => {
    const { id } = await customers.saveCustomer()
    expect(refusalOf(await populate(id, body))).toEqual(refusal(400, field))
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    for (const body of [undefined, atStripe]) {
      const answer = await populate(id, body)
      expect([answer.status, answer.json]).toEqual([404, notFound])
    }
  })

  test("another app's customer looks missing", async () => {
    const { id } = await customers.saveCustomer()
    const key = await customers.newAppKey()
    expect((await populate(id, undefined, key)).json).toEqual(notFound)
    expect((await populate(id, undefined, key)).status).toBe(404)
  })
})

test('409: a live app without a connection, and nothing is written', async () => {
  const { liveApp } = customers.server
  const key = await customers.server.createKey(liveApp)
  const { id } = await customers.saveCustomer({}, key)
  const before = await customers.countRows()
  expect(refusalOf(await populate(id, atStripe, key))).toEqual(refusal(409))
  expect(await customers.countRows()).toEqual(before)
})
