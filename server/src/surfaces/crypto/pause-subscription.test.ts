// Owns the outcomes of POST /subscriptions/{id}/pause.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, unknownIds, wireTime } from './test-customers.ts'
import { testPayments } from './test-payments.ts'

const payments = testPayments()
const pause = (id: string, options = {}) =>
  payments.call('POST', `/subscriptions/${id}/pause`, options)
const read = (id: string) => payments.read(`/subscriptions/${id}`)

async function savedActive() {
  const { id: customerAccountId } = await payments.saveCustomer()
  const { id } = await payments.saveSubscription({ customerAccountId })
  return payments.move(`/subscriptions/${id}/activate`)
}

describe('200', () => {
  test('it becomes PAUSED with the time, and its period stays', async () => {
    const active = await savedActive()
    const answer = await pause(active.id, { body: {} })
    expect(answer.status).toBe(200)
    const { updatedAt } = answer.json.data
    const pausedAt = expect.stringMatching(wireTime)
    expect(answer.json.data).toEqual({ ...active, status: 'PAUSED', pausedAt, updatedAt })
    expect(await read(active.id)).toEqual(answer.json.data)
    expect((await payments.historyOf(active.customerAccountId)).at(-1)).toBe(
      '4 customer.subscription.paused',
    )
  })
})

describe('404', () => {
  test.each(unknownIds('subscription'))('%s is no subscription', async (id) => {
    expect(refusalOf(await pause(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })
})

describe('409', () => {
  test('one that is not active yet, and one that is paused', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const created = await payments.saveSubscription({ customerAccountId })
    const answer = await pause(created.id)
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(answer.json.error.message).toContain(
      'from CREATED it may become: TRIALING, ACTIVE, CANCELLED.',
    )
    expect(await read(created.id)).toEqual(created)
    const { id } = await savedActive()
    await pause(id)
    expect(refusalOf(await pause(id))).toEqual(refusal(409, 'CONFLICT'))
  })
})
