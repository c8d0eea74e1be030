// Owns the outcomes of POST /payments/intents/{id}/refund.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, unknownIds, wireTime } from './test-customers.ts'
import { authorization, testPayments } from './test-payments.ts'

const payments = testPayments()
const reason = 'The goods came back — unmistakably'
const refund = (id: string, body: unknown = { reason }) =>
  payments.call('POST', `/payments/intents/${id}/refund`, { body })
const read = (id: string) => payments.read(`/payments/intents/${id}`)

async function savedCaptured(fields = {}) {
  const { id } = await payments.saveIntent(fields)
  await payments.move(`/payments/intents/${id}/authorize`, authorization)
  return payments.move(`/payments/intents/${id}/capture`)
}

describe('200', () => {
  test('it becomes REFUNDED, whole, with the reason, which is sealed', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const intent = await savedCaptured({ customerAccountId })
    const answer = await refund(intent.id)
    expect(answer.status).toBe(200)
    const { updatedAt } = answer.json.data
    expect(answer.json.data).toEqual({
      ...intent,
      status: 'REFUNDED',
      refundReason: reason,
      refundedAt: expect.stringMatching(wireTime),
      updatedAt,
    })
    expect(await read(intent.id)).toEqual(answer.json.data)
    expect(await payments.stored('payment_intents', intent.id)).not.toContain('unmistakably')
    const events = await payments.eventsOf(customerAccountId)
    expect(events.at(-1)).toMatchObject({
      type: 'customer.payment_intent.refunded',
      changes: { paymentIntent: { id: intent.id, status: 'REFUNDED', refundReason: reason } },
    })
  })

  test('one that settled, was refunded in part, or whose dispute is over', async () => {
    for (const status of ['SETTLED', 'PARTIALLY_REFUNDED', 'DISPUTE_RESOLVED']) {
      const { id } = await savedCaptured()
      await payments.force('payment_intents', id, status)
      expect((await refund(id)).json.data.status).toBe('REFUNDED')
    }
  })
})

describe('400', () => {
  test.each([
    ['no reason', {}, 'reason'],
    ['a blank reason', { reason: ' ' }, 'reason'],
    ['501 characters', { reason: 'x'.repeat(501) }, 'reason'],
    ['a control character', { reason: 'a\u0000b' }, 'reason'],
    ['null', { reason: null }, 'reason'],
    ['an amount', { reason: 'x', amount: '1.00' }, 'amount'],
  ])('%s', async (_, body, path) => {
    const intent = await savedCaptured()
    const answer = await refund(intent.id, body)
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', path))
    expect(await read(intent.id)).toEqual(intent)
  })
})

describe('404', () => {
  test.each(unknownIds('paymentIntent'))('%s is no payment intent', async (id) => {
    expect(refusalOf(await refund(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })
})

describe('409', () => {
  test('one of which nothing was captured, and one that is refunded', async () => {
    const created = await payments.saveIntent()
    expect(refusalOf(await refund(created.id))).toEqual(refusal(409, 'CONFLICT'))
    const { id } = await savedCaptured()
    const { data } = (await refund(id)).json
    const answer = await refund(id, { reason: 'Again' })
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(answer.json.error.message).toContain('from REFUNDED it may become: nothing.')
    expect(await read(id)).toEqual(data)
  })
})
