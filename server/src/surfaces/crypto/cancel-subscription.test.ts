// Owns the outcomes of POST /subscriptions/{id}/cancel.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, unknownIds, wireTime } from './test-customers.ts'
import { testPayments } from './test-payments.ts'

const payments = testPayments()
const cancel = (id: string, options = {}) =>
  payments.call('POST', `/subscriptions/${id}/cancel`, options)
const atPeriodEnd = { body: { cancelAtPeriodEnd: true } }
const read = (id: string) => payments.read(`/subscriptions/${id}`)

async function saved() {
  const { id: customerAccountId } = await payments.saveCustomer()
  return payments.saveSubscription({ customerAccountId })
}
async function savedActive() {
  const { id } = await saved()
  return payments.move(`/subscriptions/${id}/activate`)
}

describe('200', () => {
  test.each([
    ['no body', {}],
    ['an empty body', { body: {} }],
    ['false', { body: { cancelAtPeriodEnd: false } }],
  ])('%s: now, with the time', async (_, options) => {
    const active = await savedActive()
    const answer = await cancel(active.id, options)
    expect(answer.status).toBe(200)
    const { updatedAt } = answer.json.data
    const cancelledAt = expect.stringMatching(wireTime)
    expect(answer.json.data).toEqual({ ...active, status: 'CANCELLED', cancelledAt, updatedAt })
    expect(await read(active.id)).toEqual(answer.json.data)
    expect((await payments.historyOf(active.customerAccountId)).at(-1)).toBe(
      '4 customer.subscription.cancelled',
    )
  })

  test('when its period ends: it stays ACTIVE and says when; then it can end now', async () => {
    const active = await savedActive()
    const { data } = (await cancel(active.id, atPeriodEnd)).json
    const { updatedAt } = data
    const cancelAt = active.currentPeriodEnd
    expect(data).toEqual({ ...active, cancelAtPeriodEnd: true, cancelAt, updatedAt })
    expect(await read(active.id)).toEqual(data)
    const ended = (await cancel(active.id)).json.data
    expect(ended).toMatchObject({ status: 'CANCELLED', cancelAtPeriodEnd: false, cancelAt: null })
    expect((await payments.historyOf(active.customerAccountId)).slice(-2)).toEqual([
      '4 customer.subscription.cancel_scheduled',
      '5 customer.subscription.cancelled',
    ])
  })

  test('where no period runs that could be waited for, it ends now', async () => {
    const created = await saved()
    expect((await cancel(created.id, atPeriodEnd)).json.data).toMatchObject({
      status: 'CANCELLED',
      cancelAtPeriodEnd: false,
    })
    const active = await savedActive()
    await payments.move(`/subscriptions/${active.id}/pause`)
    payments.server.clock.advance(32 * 86_400_000)
    expect((await cancel(active.id, atPeriodEnd)).json.data.status).toBe('CANCELLED')
  })

  test('after its period has ended, with the one that follows', async () => {
    const active = await savedActive()
    payments.server.clock.advance(32 * 86_400_000)
    const { data } = (await cancel(active.id, atPeriodEnd)).json
    expect(data).toMatchObject({ status: 'ACTIVE', currentPeriodStart: active.currentPeriodEnd })
    expect(data.cancelAt).toBe(data.currentPeriodEnd)
    expect((await payments.historyOf(active.customerAccountId)).slice(-2)).toEqual([
      '4 customer.subscription.renewed',
      '5 customer.subscription.cancel_scheduled',
    ])
  })
})

describe('400', () => {
  test.each([
    [{ cancelAtPeriodEnd: 'true' }, 'cancelAtPeriodEnd'],
    [{ now: true }, 'now'],
  ])('%j', async (body, path) => {
    const active = await savedActive()
    const answer = await cancel(active.id, { body })
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', path))
    expect(await read(active.id)).toEqual(active)
  })
})

describe('404', () => {
  test.each(unknownIds('subscription'))('%s is no subscription', async (id) => {
    expect(refusalOf(await cancel(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })
})

describe('409', () => {
  test('one that is cancelled stays so, also when it is to end later', async () => {
    const { id } = await savedActive()
    const { data } = (await cancel(id)).json
    for (const options of [{}, atPeriodEnd]) {
      const answer = await cancel(id, options)
      expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
      expect(answer.json.error.message).toContain('from CANCELLED it may become: nothing.')
    }
    expect(await read(id)).toEqual(data)
  })
})
