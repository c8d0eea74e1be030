// Owns the outcomes of GET /api/v1/customers/{id}/balances.
import { describe, expect, test } from 'vitest'
import { depositInSandbox } from '../../providers/sandbox/sandbox.ts'
import {
  notFound,
  refusal,
  refusalOf,
  testCustomers,
  unknownIds,
  uuidOf,
  wireTime,
} from './test-customers.ts'

const customers = testCustomers()
const query = '?provider=stripe&role=customer'
const get = (id: string, asked = query, key?: string) =>
  customers.call('GET', `/customers/${id}/balances${asked}`, key === undefined ? {} : { key })

interface Money {
  currency: string
  available: number
  pending: number
}

async function deposit(remoteId: string, money: Money): Promise<void> {
  const { server } = customers
  const { database, vault } = server.system
  const connection = {
    appId: server.testApp.id,
    connectionId: null,
    mode: 'test' as const,
    baseUrl: null,
    credentials: {},
    mayReplaceLegalAddress: false,
  }
  const parts = { database, vault, clock: server.clock }
  await depositInSandbox(parts, connection, { remoteId, ...money })
}

async function saveWithMoney(currency: string, available: number, pending: number) {
  const { id } = await customers.saveCustomer()
  await customers.register(id)
  const { json } = await customers.server.call('GET', `/v1/customers/${id}/registrations`)
  const remoteId: string = json.data[0].provider_customer_id
  await deposit(remoteId, { currency, available, pending })
  return { id, remoteId }
}

describe('200', () => {
  test('integers in minor units; amount is what is available', async () => {
    const { id, remoteId } = await saveWithMoney('USD', 1_234_567_890_123, 99)
    const answer = await get(id)
    expect(answer.status).toBe(200)
    const as_of = expect.stringMatching(wireTime)
    const total = { amount: 1_234_567_890_123, available: 1_234_567_890_123, pending: 99 }
    const totals = [{ currency: 'USD', ...total, reserved: 0, instant_payouts: 1_234_567_890_123 }]
    expect(answer.json).toEqual({
      msg: 'Balances found',
      data: {
        as_of,
        filters: { customer_id: id, provider: 'stripe', role: 'customer' },
        balances: [
          {
            account_id: remoteId,
            provider: 'stripe',
            customer: { id, role: 'customer' },
            as_of,
            totals,
          },
        ],
      },
    })
    expect(answer.json.data.balances[0].as_of).toBe(answer.json.data.as_of)
  })

  test('asked live at every call: what comes meanwhile is in the next answer', async () => {
    const { id, remoteId } = await saveWithMoney('USD', 100, 0)
    const first = (await get(id)).json.data
    await deposit(remoteId, { currency: 'USD', available: 23, pending: 7 })
    customers.server.clock.advance(60_000)
    const second = (await get(id)).json.data
    expect(first.balances[0].totals[0]).toMatchObject({ amount: 100, pending: 0 })
    expect(second.balances[0].totals[0]).toMatchObject({ amount: 123, pending: 7 })
    expect(Date.parse(second.as_of)).toBeGreaterThanOrEqual(Date.parse(first.as_of) + 60_000)
  })

  test('every spelling of the id is answered with the one that is printed', async () => {
    const { id } = await saveWithMoney('USD', 1, 0)
    const { data } = (await get(uuidOf('customer', id))).json
    expect([data.filters.customer_id, data.balances[0].customer.id]).toEqual([id, id])
  })

  test('asking writes nothing', async () => {
    const { id } = await saveWithMoney('USD', 1, 1)
    const before = await customers.countRows()
    await get(id)
    expect(await customers.countRows()).toEqual(before)
  })
})

describe('400', () => {
  test.each([
    ['?provider=stripe', 'role'],
    ['?role=customer', 'provider'],
    ['?provider=paypal&role=customer', 'provider'],
    ['?provider=stripe&role=owner', 'role'],
    ['?provider=stripe&role=customer&currency=USD', 'currency'],
    ['?provider=stripe&target_role=customer&role=customer', 'target_role'],
  ])('%s names %s', async (asked, field) => {
    const { id } = await customers.saveCustomer()
    const answer = await get(id, asked)
    expect(refusalOf(answer)).toEqual(refusal(400, field))
    expect(answer.json.msg).toContain(`${field}: `)
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const answer = await get(id)
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test('no registration for that provider and role: says so', async () => {
    const { id } = await saveWithMoney('USD', 1, 0)
    for (const [provider, role] of [
      ['stripe', 'connected_account'],
      ['bridge', 'customer'],
    ]) {
      const answer = await get(id, `?provider=${provider}&role=${role}`)
      const there = `The customer is not registered at ${provider} as ${role}.`
      const msg = `${there} Register the customer there first.`
      expect([answer.status, answer.json]).toEqual([404, { msg, data: null }])
    }
  })

  test('a registration that the provider has not made yet has no balance', async () => {
    const { id } = await customers.saveCustomer()
    const body = { provider: 'stripe', target_role: 'customer' }
    await customers.call('POST', `/customers/${id}/platforms`, { body })
    expect(refusalOf(await get(id))).toEqual(refusal(404))
  })

  test("another app's customer looks missing", async () => {
    const { id } = await saveWithMoney('USD', 1, 0)
    const answer = await get(uuidOf('customer', id), query, await customers.newAppKey())
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })
})

describe('a bad day at the provider', () => {
  test('502: it is down; never a made-up zero', async () => {
    const { id, remoteId } = await saveWithMoney('USD', 5, 0)
    await customers.server.system.database.transaction((db) =>
      db
        .updateTable('sandbox_customers')
        .set({ behaviour: 'down' })
        .where('remote_id', '=', remoteId)
        .execute(),
    )
    const answer = await get(id)
    expect(refusalOf(answer)).toEqual(refusal(502))
    expect(answer.text).not.toContain('totals')
  })
})
