// Owns the outcomes of GET /v1/customers/{id}.
import { describe, expect, test } from 'vitest'
import { bankingStatuses } from '../../core/customer/banking-status.ts'
import { createCustomer } from '../../core/customer/customer-service.ts'
import { printId } from '../../lib/id.ts'
import { refusal, refusalOf, testBanking, unknownIds, uuidOf, wireTime } from './test-banking.ts'

const banking = testBanking()
const get = (id: string, key?: string) =>
  banking.call('GET', `/v1/customers/${id}`, key === undefined ? {} : { key })

const address = {
  line1: '123 Main St',
  city: 'New York',
  state: 'NY',
  postal_code: '10001',
  country: 'US',
}

describe('200', () => {
  test('a person, with the accounts', async () => {
    const { customerId, accountId } = await banking.save()
    const { status, json } = await get(customerId)
    expect(status).toBe(200)
    expect(json).toEqual({
      id: customerId,
      type: 'INDIVIDUAL',
      status: 'ACTIVE',
      email: 'john.doe@example.com',
      phone: '+12025550123',
      individual: {
        first_name: 'John',
        last_name: 'Doe',
        date_of_birth: '1990-01-15',
        address,
      },
      accounts: [{ id: accountId, currency: 'USD', status: 'ACTIVE' }],
      created_at: expect.stringMatching(wireTime),
      updated_at: expect.stringMatching(wireTime),
    })
  })

  test('a corporation, with the people behind it', async () => {
    const { customerId, accountId, individualId } = await banking.save({ kind: 'business' })
    expect((await get(customerId)).json).toEqual({
      id: customerId,
      type: 'CORPORATION',
      status: 'ACTIVE',
      email: 'contact@acmecorp.com',
      phone: '+14155550123',
      corporation: {
        legal_name: 'Acme Corporation',
        trading_name: 'Acme',
        registration_number: '7654321',
        tax_id: '12-3456789',
        address,
      },
      individuals: [{ id: individualId, role: 'BENEFICIAL_OWNER' }],
      accounts: [{ id: accountId, currency: 'USD', status: 'ACTIVE' }],
      created_at: expect.stringMatching(wireTime),
      updated_at: expect.stringMatching(wireTime),
    })
  })

  test('the accounts stand oldest first, and a new one is there at once', async () => {
    const { customerId, accountId } = await banking.save()
    expect((await get(customerId)).json.accounts).toHaveLength(1)
    const body = { customer_id: customerId, type: 'DEPOSIT', currency: 'EUR' }
    const { json } = await banking.call('POST', '/v1/accounts', { body })
    expect((await get(customerId)).json.accounts).toEqual([
      { id: accountId, currency: 'USD', status: 'ACTIVE' },
      { id: json.id, currency: 'EUR', status: 'ACTIVE' },
    ])
  })

  test.each(bankingStatuses)('a customer that is %s can be read', async (status) => {
    const { customerId } = await banking.save({ status })
    const answer = await get(customerId)
    expect([answer.status, answer.json.status]).toEqual([200, status])
  })

  test('a second line of the address is shown where there is one', async () => {
    const { customerId } = await banking.save()
    const body = { address: { line2: 'Apartment 4' } }
    await banking.call('PATCH', `/v1/customers/${customerId}`, { body })
    const shown = (await get(customerId)).json.individual.address
    expect(shown).toEqual({ ...address, line2: 'Apartment 4' })
  })

  test('every spelling of the id is the same customer', async () => {
    const { customerId } = await banking.save()
    const uuid = uuidOf('customer', customerId)
    for (const spelling of [uuid, uuid.toUpperCase(), printId('customer', uuid, 'cus')]) {
      expect((await get(spelling)).json.id).toBe(customerId)
    }
  })
})

describe('404', () => {
  test.each(unknownIds('cust'))('%s', async (id) => {
    expect(refusalOf(await get(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test('a record of which no application was approved, and another app’s: one answer', async () => {
    const { server } = banking
    const made = await createCustomer(server.contextOf(server.testApp), { kind: 'individual' })
    const plain = await get(printId('customer', made.id))
    const { customerId } = await banking.save()
    const { key } = await banking.newApp()
    const foreign = await get(customerId, key)
    expect(refusalOf(plain)).toEqual(refusal(404, 'NOT_FOUND'))
    expect(foreign.text).toBe(plain.text)
    expect(foreign.text).toBe((await get('cust_01h455vb4pex5vsknk084sn02q')).text)
  })
})
