// Owns the outcomes of GET /subscriptions/{id}.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import { refusal, refusalOf, unknownIds } from './test-customers.ts'
import { testPayments } from './test-payments.ts'

const payments = testPayments()
const get = (id: string, key?: string) =>
  payments.call('GET', `/subscriptions/${id}`, key === undefined ? {} : { key })

async function saved() {
  const { id: customerAccountId } = await payments.saveCustomer()
  return payments.saveSubscription({ customerAccountId })
}

describe('200', () => {
  test('it reads as it was answered, by every spelling of its id', async () => {
    const data = await saved()
    for (const id of [data.id, data.id.toUpperCase(), printId('subscription', data.id)]) {
      const answer = await get(id)
      expect([answer.status, answer.json]).toEqual([200, { success: true, data }])
    }
  })
})

describe('404', () => {
  test.each(unknownIds('subscription'))('%s is no subscription', async (id) => {
    expect(refusalOf(await get(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test("another app's looks missing", async () => {
    const { key } = await payments.newApp()
    const { id } = await saved()
    expect(refusalOf(await get(id, key))).toEqual(refusal(404, 'NOT_FOUND'))
  })
})
