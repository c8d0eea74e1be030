// Owns the outcomes of POST /subscriptions/{id}/activate.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import { refusal, refusalOf, unknownIds } from './test-customers.ts'
import { address, testPayments } from './test-payments.ts'

const payments = testPayments()
const activate = (id: string, options = {}) =>
  payments.call('POST', `/subscriptions/${id}/activate`, options)
const read = (id: string) => payments.read(`/subscriptions/${id}`)

async function saved() {
  const { id: customerAccountId } = await payments.saveCustomer()
  return payments.saveSubscription({ customerAccountId })
}
const savedWallet = (customerId: string) =>
  payments.saveWallet(customerId, { address, authorizationTxHash: null })

describe('200', () => {
  test('it becomes ACTIVE for a month, and is paid by the wallet that is named', async () => {
    const subscription = await saved()
    const walletId = await savedWallet(subscription.customerAccountId)
    const body = { walletId: printId('wallet', walletId) }
    const answer = await activate(subscription.id, { body })
    expect(answer.status).toBe(200)
    const { currentPeriodStart, currentPeriodEnd, updatedAt } = answer.json.data
    expect(answer.json.data).toEqual({
      ...subscription,
      status: 'ACTIVE',
      customerWalletId: walletId,
      currentPeriodStart,
      currentPeriodEnd,
      updatedAt,
    })
    const month = (Date.parse(currentPeriodEnd) - Date.parse(currentPeriodStart)) / 86_400_000
    expect(month).toBeGreaterThanOrEqual(28)
    expect(month).toBeLessThanOrEqual(31)
    expect(Number.isInteger(month)).toBe(true)
    expect(currentPeriodStart).toBe(updatedAt)
    expect(await read(subscription.id)).toEqual(answer.json.data)
    expect((await payments.historyOf(subscription.customerAccountId)).at(-1)).toBe(
      '3 customer.subscription.activated',
    )
  })

  test('without a wallet, also after a trial; past due, a new period with the same wallet', async () => {
    const trial = await saved()
    await payments.force('subscriptions', trial.id, 'TRIALING')
    expect((await activate(trial.id)).json.data).toMatchObject({
      status: 'ACTIVE',
      customerWalletId: null,
    })
    const late = await saved()
    const walletId = await savedWallet(late.customerAccountId)
    await payments.move(`/subscriptions/${late.id}/activate`, { walletId })
    await payments.force('subscriptions', late.id, 'PAST_DUE')
    payments.server.clock.advance(40 * 86_400_000)
    const { data } = (await activate(late.id, { body: { walletId: null } })).json
    expect(data).toMatchObject({ status: 'ACTIVE', customerWalletId: walletId })
    expect(data.currentPeriodStart).toBe(data.updatedAt)
  })
})

describe('404', () => {
  test.each(unknownIds('subscription'))('%s is no subscription', async (id) => {
    expect(refusalOf(await activate(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test('a wallet that is none, or is of another customer', async () => {
    const subscription = await saved()
    const other = await payments.saveCustomer()
    const foreign = await savedWallet(other.id)
    for (const walletId of [...unknownIds('wallet'), foreign]) {
      const answer = await activate(subscription.id, { body: { walletId } })
      expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'walletId'))
    }
    expect(await read(subscription.id)).toEqual(subscription)
  })
})

describe('409', () => {
  test('one that is active, one that is paused, and one of a frozen customer', async () => {
    const { id, customerAccountId } = await saved()
    await activate(id)
    expect(refusalOf(await activate(id))).toEqual(refusal(409, 'CONFLICT'))
    const paused = await payments.move(`/subscriptions/${id}/pause`)
    const answer = await activate(id)
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(answer.json.error.message).toContain('it becomes ACTIVE by resume')
    expect(await read(id)).toEqual(paused)
    const frozen = await payments.saveSubscription({ customerAccountId })
    await payments.server.system.database.transaction((db) =>
      db
        .updateTable('customers')
        .set({ banking_status: 'FROZEN' })
        .where('id', '=', customerAccountId)
        .execute(),
    )
    expect(refusalOf(await activate(frozen.id))).toEqual(refusal(409, 'CONFLICT'))
    expect(await read(frozen.id)).toEqual(frozen)
  })
})
