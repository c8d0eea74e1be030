// Owns the outcomes of GET /payments/intents/{id}.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import { refusal, refusalOf, unknownIds } from './test-customers.ts'
import { testPayments } from './test-payments.ts'

const payments = testPayments()
const get = (id: string, key?: string) =>
  payments.call('GET', `/payments/intents/${id}`, key === undefined ? {} : { key })

describe('200', () => {
  test('it reads as it was answered, by every spelling of its id', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    for (const fields of [{}, { customerAccountId }]) {
      const intent = await payments.saveIntent(fields)
      for (const id of [intent.id, intent.id.toUpperCase(), printId('paymentIntent', intent.id)]) {
        const answer = await get(id)
        expect([answer.status, answer.json]).toEqual([200, { success: true, data: intent }])
      }
    }
  })
})

describe('404', () => {
  test.each(unknownIds('paymentIntent'))('%s is no payment intent', async (id) => {
    expect(refusalOf(await get(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test("another app's looks missing", async () => {
    const { key } = await payments.newApp()
    const intent = await payments.saveIntent()
    expect(refusalOf(await get(intent.id, key))).toEqual(refusal(404, 'NOT_FOUND'))
  })
})
