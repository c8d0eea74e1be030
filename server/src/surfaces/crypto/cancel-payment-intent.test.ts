// Owns the outcomes of POST /payments/intents/{id}/cancel.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, unknownIds, wireTime } from './test-customers.ts'
import { authorization, testPayments } from './test-payments.ts'

const payments = testPayments()
const cancel = (id: string, options = {}) =>
  payments.call('POST', `/payments/intents/${id}/cancel`, options)
const read = (id: string) => payments.read(`/payments/intents/${id}`)

describe('200', () => {
  test('one that was made or authorized becomes CANCELLED, and nothing else changes', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    for (const isAuthorized of [false, true]) {
      let intent = await payments.saveIntent({ customerAccountId })
      const authorize = `/payments/intents/${intent.id}/authorize`
      if (isAuthorized) intent = await payments.move(authorize, authorization)
      const answer = await cancel(intent.id, isAuthorized ? { body: {} } : {})
      expect(answer.status).toBe(200)
      const { updatedAt } = answer.json.data
      expect(answer.json.data).toEqual({
        ...intent,
        status: 'CANCELLED',
        cancelledAt: expect.stringMatching(wireTime),
        updatedAt,
      })
      expect(await read(intent.id)).toEqual(answer.json.data)
    }
    expect((await payments.historyOf(customerAccountId)).at(-1)).toBe(
      '6 customer.payment_intent.cancelled',
    )
  })
})

describe('400', () => {
  test('a body with members', async () => {
    const intent = await payments.saveIntent()
    const answer = await cancel(intent.id, { body: { reason: 'mistake' } })
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', 'body'))
    expect(await read(intent.id)).toEqual(intent)
  })
})

describe('404', () => {
  test.each(unknownIds('paymentIntent'))('%s is no payment intent', async (id) => {
    expect(refusalOf(await cancel(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test("another app's looks missing", async () => {
    const { key } = await payments.newApp()
    const intent = await payments.saveIntent()
    expect(refusalOf(await cancel(intent.id, { key }))).toEqual(refusal(404, 'NOT_FOUND'))
    expect(await read(intent.id)).toEqual(intent)
  })
})

describe('409', () => {
  test('one that is captured is refunded instead', async () => {
    const { id } = await payments.saveIntent()
    await payments.move(`/payments/intents/${id}/authorize`, authorization)
    const captured = await payments.move(`/payments/intents/${id}/capture`)
    const answer = await cancel(id)
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(answer.json.error.message).toContain(
      'from CAPTURED it may become: SETTLED, PARTIALLY_REFUNDED, REFUNDED, DISPUTED.',
    )
    expect(await read(id)).toEqual(captured)
  })

  test('of ten callers at once one cancels', async () => {
    const { id } = await payments.saveIntent()
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(id)))
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, ...Array(9).fill(409)])
  })
})
