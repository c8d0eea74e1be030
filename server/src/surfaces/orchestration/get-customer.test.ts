// Owns the outcomes of GET /api/v1/customers/{id}.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import { newCustomer, notFound, testCustomers, unknownIds, uuidOf } from './test-customers.ts'

const customers = testCustomers()
const get = (id: string, key?: string) =>
  customers.call('GET', `/customers/${id}`, key === undefined ? {} : { key })

describe('200', () => {
  test('a customer reads as it was answered when it was created', async () => {
    const created = await customers.saveCustomer({ additional_info: { plan: 'gold ✓' } })
    const answer = await get(created.id)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ msg: 'Customer found', data: created })
    expect(answer.headers.get('request-id')).toMatch(/^req_[0-9a-z]{16,}$/)
  })

  test('cus_, cust_ and the plain UUID in either case are one customer, printed cus_', async () => {
    const { id } = await customers.saveCustomer()
    const uuid = uuidOf('customer', id)
    for (const spelling of [id, printId('customer', uuid), uuid, uuid.toUpperCase()]) {
      const answer = await get(spelling)
      expect([answer.status, answer.json.data.id]).toEqual([200, id])
      expect(answer.json.data.customer_id).toBe(id)
    }
  })

  test('one that was created for payouts is the same customer here', async () => {
    const metadata = { internalUserId: 'USR-1' }
    const fields = { type: 'individual', name: 'Ana Sosa', country: 'AR', metadata }
    const id = await customers.savePayoutsCustomer({ ...fields, email: 'ana@example.com' })
    expect((await get(id)).json.data).toMatchObject({
      id,
      email: 'ana@example.com',
      country_code: 'AR',
      additional_info: metadata,
      status: 'NOT_STARTED',
    })
  })

  test('a registration shows in status, roles and synced', async () => {
    const { id } = await customers.saveCustomer()
    await customers.register(id)
    const { data } = (await get(id)).json
    expect(data).toMatchObject({ status: 'APPROVED', roles: ['customer'], synced: true })
    expect(Date.parse(data.synced_at)).toBeGreaterThan(Date.parse(data.created_at))
  })

  test('reading writes nothing', async () => {
    const { id } = await customers.saveCustomer()
    const before = await customers.countRows()
    await get(id)
    expect(await customers.countRows()).toEqual(before)
    expect(await customers.historyOf(id)).toEqual(['1 customer.created'])
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const answer = await get(id)
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test("another app's customer looks missing, in every spelling", async () => {
    const key = await customers.newAppKey()
    const { id } = await customers.saveCustomer(newCustomer)
    for (const spelling of [id, uuidOf('customer', id)]) {
      const answer = await get(spelling, key)
      expect([answer.status, answer.json]).toEqual([404, notFound])
    }
  })
})
