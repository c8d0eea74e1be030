// Owns the outcomes of GET /v1/customers/{id}/individuals/{individual_id}.
import { describe, expect, test } from 'vitest'
import { updateCustomer } from '../../core/customer/customer-service.ts'
import { refusal, refusalOf, testBanking, unknownIds, uuidOf, wireTime } from './test-banking.ts'

const banking = testBanking()
const get = (id: string, individualId: string, key?: string) => {
  const path = `/v1/customers/${id}/individuals/${individualId}`
  return banking.call('GET', path, key === undefined ? {} : { key })
}

describe('200', () => {
  test('a person behind a corporation', async () => {
    const { customerId, individualId } = await banking.save({ kind: 'business' })
    const { status, json } = await get(customerId, individualId)
    expect(status).toBe(200)
    expect(json).toEqual({
      id: individualId,
      customer_id: customerId,
      role: 'BENEFICIAL_OWNER',
      first_name: 'Jane',
      last_name: 'Smith',
      email: 'jane.smith@acmecorp.com',
      ownership_percentage: 30,
      address: {
        line1: '456 Oak Ave',
        city: 'San Francisco',
        state: 'CA',
        postal_code: '94102',
        country: 'US',
      },
      created_at: expect.stringMatching(wireTime),
    })
  })

  test('of a closed corporation too', async () => {
    const { customerId, individualId } = await banking.save({ kind: 'business', status: 'CLOSED' })
    expect((await get(customerId, individualId)).status).toBe(200)
  })
})

describe('404', () => {
  test('of a record that has become a person’s', async () => {
    const { customerId, individualId } = await banking.save({ kind: 'business' })
    const { server } = banking
    const id = uuidOf('customer', customerId)
    await updateCustomer(server.contextOf(server.testApp), id, { kind: 'individual' })
    expect(refusalOf(await get(customerId, individualId))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test.each(unknownIds('ind'))('the individual %s', async (individualId) => {
    const { customerId } = await banking.save({ kind: 'business' })
    expect(refusalOf(await get(customerId, individualId))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test.each(unknownIds('cust'))('the customer %s', async (id) => {
    const { individualId } = await banking.save({ kind: 'business' })
    expect(refusalOf(await get(id, individualId))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test('a person has nobody behind it, and nobody stands behind two companies', async () => {
    const { customerId: person } = await banking.save()
    const { customerId, individualId } = await banking.save({ kind: 'business' })
    const { customerId: other } = await banking.save({ kind: 'business' })
    for (const id of [person, other]) {
      expect(refusalOf(await get(id, individualId))).toEqual(refusal(404, 'NOT_FOUND'))
    }
    const { key } = await banking.newApp()
    expect(refusalOf(await get(customerId, individualId, key))).toEqual(refusal(404, 'NOT_FOUND'))
    expect((await get(customerId, individualId)).status).toBe(200)
  })
})
