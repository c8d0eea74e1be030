// Owns the outcomes of POST /subscriptions/{id}/resume.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, unknownIds } from './test-customers.ts'
import { testPayments } from './test-payments.ts'

const payments = testPayments()
const resume = (id: string, options = {}) =>
  payments.call('POST', `/subscriptions/${id}/resume`, options)
const read = (id: string) => payments.read(`/subscriptions/${id}`)

async function savedPaused() {
  const { id: customerAccountId } = await payments.saveCustomer()
  const { id } = await payments.saveSubscription({ customerAccountId })
  const active = await payments.move(`/subscriptions/${id}/activate`)
  await payments.move(`/subscriptions/${id}/pause`)
  return active
}

describe('200', () => {
  test('it is ACTIVE as it was before it was paused, in the same period', async () => {
    const active = await savedPaused()
    const answer = await resume(active.id)
    expect(answer.status).toBe(200)
    const { updatedAt } = answer.json.data
    expect(answer.json.data).toEqual({ ...active, updatedAt })
    expect(await read(active.id)).toEqual(answer.json.data)
    expect((await payments.historyOf(active.customerAccountId)).at(-1)).toBe(
      '5 customer.subscription.resumed',
    )
  })
})

describe('200, after its period has ended', () => {
  test('a new period begins now', async () => {
    const { id, currentPeriodEnd } = await savedPaused()
    payments.server.clock.advance(40 * 86_400_000)
    const { data } = (await resume(id)).json
    expect(data).toMatchObject({ status: 'ACTIVE', pausedAt: null })
    expect(data.currentPeriodStart).toBe(data.updatedAt)
    expect(Date.parse(data.currentPeriodStart)).toBeGreaterThan(Date.parse(currentPeriodEnd))
    expect(Date.parse(data.currentPeriodEnd)).toBeGreaterThan(payments.server.clock.now())
    expect(await read(id)).toEqual(data)
  })
})

describe('404', () => {
  test.each(unknownIds('subscription'))('%s is no subscription', async (id) => {
    expect(refusalOf(await resume(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })
})

describe('409', () => {
  test('one that was never activated, one that runs, and one that is cancelled', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const created = await payments.saveSubscription({ customerAccountId })
    const answer = await resume(created.id)
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(answer.json.error.message).toContain('it becomes ACTIVE by activate, not by resume')
    expect(await read(created.id)).toEqual(created)
    const { id } = await savedPaused()
    await resume(id)
    expect(refusalOf(await resume(id))).toEqual(refusal(409, 'CONFLICT'))
    await payments.move(`/subscriptions/${id}/cancel`)
    const ended = await resume(id)
    expect(ended.json.error.message).toContain('it may become: nothing.')
  })

  test('a customer whom the bank has frozen', async () => {
    const { id, customerAccountId } = await savedPaused()
    await payments.server.system.database.transaction((db) =>
      db
        .updateTable('customers')
        .set({ banking_status: 'FROZEN' })
        .where('id', '=', customerAccountId)
        .execute(),
    )
    expect(refusalOf(await resume(id))).toEqual(refusal(409, 'CONFLICT'))
    expect((await read(id)).status).toBe('PAUSED')
  })
})
