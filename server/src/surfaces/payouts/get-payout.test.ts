// Owns the outcomes of GET /payouts/{id}, from acceptance to the rail's last word.
import { describe, expect, test } from 'vitest'
import type { App } from '../../core/context.ts'
import { payoutJobKind } from '../../core/payouts/payout.ts'
import { recordPayoutOutcome } from '../../core/payouts/payout-transfer.ts'
import type { TransferOutcome } from '../../core/payouts/rail.ts'
import {
  cbu,
  refusal,
  refusalOf,
  testRecipients,
  unknownIds,
  uuidOf,
  wireTime,
} from './test-recipients.ts'

const recipients = testRecipients()
const get = (id: string, key?: string) =>
  recipients.call('GET', `/payouts/payouts/${id}`, key === undefined ? {} : { key })

/** Accepts a payout to a new customer, lets the sandbox rail end it, and reads it again. */
async function payToTheEnd(amount: string) {
  const { customerId } = await recipients.saveCustomer()
  const accepted = await recipients.savePayout({ amount, destinationCbu: cbu.seller, customerId })
  await recipients.server.drainJobs()
  const [ended, history] = [await get(accepted.id), await recipients.historyOf(customerId)]
  return { accepted, ended: ended.json, history: history.slice(1) }
}

const sandboxReason = (cents: string) => `The sandbox rail refuses amounts that end in .${cents}.`

describe('200', () => {
  test('a payout reads as it was answered when it was accepted', async () => {
    const accepted = await recipients.savePayout({ destinationCbu: cbu.seller })
    const answer = await get(accepted.id)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual(accepted)
  })

  test('the plain UUID in either case names it as po_ does', async () => {
    const accepted = await recipients.savePayout({ destinationCbu: cbu.seller })
    const uuid = uuidOf('payout', accepted.id)
    for (const id of [uuid, uuid.toUpperCase()]) expect((await get(id)).json).toEqual(accepted)
  })
})

describe('on the sandbox rail', () => {
  test('a payout stays pending for a second, then completes at the first try', async () => {
    const { accepted, ended, history } = await payToTheEnd('5000.00')
    expect(accepted.status).toBe('pending')
    expect(ended).toEqual({
      ...accepted,
      status: 'completed',
      attempts: 1,
      submittedAt: expect.stringMatching(wireTime),
      completedAt: expect.stringMatching(wireTime),
    })
    expect(Date.parse(ended.submittedAt)).toBeGreaterThanOrEqual(Date.parse(accepted.createdAt))
    expect(Date.parse(ended.completedAt)).toBeGreaterThanOrEqual(Date.parse(ended.submittedAt))
    expect(history).toEqual([
      '2 customer.payout.accepted',
      '3 customer.payout.submitted',
      '4 customer.payout.completed',
    ])
  })

  test('an amount ending in .13 fails after three attempts, with the reason', async () => {
    const { accepted, ended, history } = await payToTheEnd('250.13')
    expect(ended).toEqual({
      ...accepted,
      status: 'failed',
      attempts: 3,
      submittedAt: expect.stringMatching(wireTime),
      completedAt: null,
      errorMessage: sandboxReason('13'),
    })
    expect(history).toEqual([
      '2 customer.payout.accepted',
      '3 customer.payout.submitted',
      '4 customer.payout.retried',
      '5 customer.payout.retried',
      '6 customer.payout.failed',
    ])
  })

  test('an amount ending in .14 fails twice and completes at the third attempt', async () => {
    const { accepted, ended, history } = await payToTheEnd('250.14')
    expect(ended).toEqual({
      ...accepted,
      status: 'completed',
      attempts: 3,
      submittedAt: expect.stringMatching(wireTime),
      completedAt: expect.stringMatching(wireTime),
      errorMessage: null,
    })
    expect(history).toEqual([
      '2 customer.payout.accepted',
      '3 customer.payout.submitted',
      '4 customer.payout.retried',
      '5 customer.payout.retried',
      '6 customer.payout.completed',
    ])
  })

  test.each(['13.00', '1.31', '0.03', '1314.10'])('%s completes like any other', async (amount) => {
    expect((await payToTheEnd(amount)).ended).toMatchObject({ status: 'completed', attempts: 1 })
  })

  test('between two attempts it is processing, with attempts and reason so far', async () => {
    const accepted = await recipients.savePayout({ amount: '9.14', destinationCbu: cbu.seller })
    recipients.server.clock.advance(1_000)
    await recipients.server.worker.runDue()
    expect((await get(accepted.id)).json).toMatchObject({
      status: 'processing',
      attempts: 1,
      errorMessage: sandboxReason('14'),
      completedAt: null,
    })
    await recipients.server.drainJobs()
  })

  test('each attempt is asked of the rail once, and the actor is the job', async () => {
    const { accepted } = await payToTheEnd('7.14')
    const asked = await recipients.server.system.db
      .selectFrom('sandbox_transfers')
      .select(['attempt', 'outcome'])
      .where('payout_id', '=', uuidOf('payout', accepted.id))
      .orderBy('attempt')
      .execute()
    expect(asked.map(({ attempt, outcome }) => [Number(attempt), outcome])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'completed'],
    ])
    const actors = (await recipients.eventsOf(accepted.customerId)).map((event) => event.actor)
    expect(actors.slice(2)).toEqual(Array(4).fill(`job:${payoutJobKind}`))
  })

  test('a payout without a customer goes the same way', async () => {
    const accepted = await recipients.savePayout({ destinationCbu: cbu.virtual })
    await recipients.server.drainJobs()
    expect((await get(accepted.id)).json).toMatchObject({ status: 'completed', attempts: 1 })
  })
})

describe('on the manual rail', () => {
  const record = (app: App, id: string, outcome: TransferOutcome) =>
    recordPayoutOutcome(recipients.server.contextOf(app), uuidOf('payout', id), outcome)

  async function livePayout() {
    const { liveApp } = recipients.server
    const key = await recipients.server.createKey(liveApp)
    const { customerId } = await recipients.saveCustomer({}, key)
    const fields = { destinationCbu: cbu.seller, customerId, amount: '1.13' }
    const accepted = await recipients.savePayout(fields, key)
    const historyOf = async () => (await recipients.historyOf(customerId, liveApp)).slice(1)
    return { key, accepted, liveApp, historyOf }
  }

  test('a live payout stays pending: no job, nothing pretends that money moved', async () => {
    const jobsBefore = (await recipients.countRows())['jobs']
    const { key, accepted, historyOf } = await livePayout()
    expect((await recipients.countRows())['jobs']).toBe(jobsBefore)
    recipients.server.clock.advance(60 * 60 * 1000)
    await recipients.server.drainJobs()
    expect((await get(accepted.id, key)).json).toEqual(accepted)
    expect(await historyOf()).toEqual(['2 customer.payout.accepted'])
  })

  test('a recorded completion ends it, whatever the amount', async () => {
    const { key, accepted, liveApp, historyOf } = await livePayout()
    await record(liveApp, accepted.id, { state: 'completed' })
    expect((await get(accepted.id, key)).json).toEqual({
      ...accepted,
      status: 'completed',
      attempts: 1,
      submittedAt: expect.stringMatching(wireTime),
      completedAt: expect.stringMatching(wireTime),
    })
    expect(await historyOf()).toEqual(['2 customer.payout.accepted', '3 customer.payout.completed'])
  })

  test('a recorded failure ends it with the reason, and no second outcome is taken', async () => {
    const { key, accepted, liveApp, historyOf } = await livePayout()
    await record(liveApp, accepted.id, { state: 'failed', reason: 'The account is closed.' })
    const failed = (await get(accepted.id, key)).json
    expect(failed).toMatchObject({ status: 'failed', errorMessage: 'The account is closed.' })
    expect(failed.completedAt).toBeNull()
    const again = record(liveApp, accepted.id, { state: 'completed' })
    await expect(again).rejects.toMatchObject({ definition: { code: 'payout_status_refused' } })
    expect((await get(accepted.id, key)).json).toEqual(failed)
    expect(await historyOf()).toEqual(['2 customer.payout.accepted', '3 customer.payout.failed'])
  })

  test("another app cannot record this app's outcome", async () => {
    const { key, accepted } = await livePayout()
    const outcome = record(recipients.server.testApp, accepted.id, { state: 'completed' })
    await expect(outcome).rejects.toMatchObject({ definition: { code: 'payout_not_found' } })
    expect((await get(accepted.id, key)).json).toEqual(accepted)
  })
})

describe('404', () => {
  test.each(unknownIds('payout'))('%s is no payout', async (id) => {
    expect(refusalOf(await get(id))).toEqual(refusal(404, 'not_found'))
  })

  test("another app's payout looks missing", async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    const accepted = await recipients.savePayout({ destinationCbu: cbu.seller })
    expect(refusalOf(await get(accepted.id, key))).toEqual(refusal(404, 'not_found'))
  })

  test('the id of a customer is no payout', async () => {
    const { customerId } = await recipients.saveCustomer()
    for (const id of [customerId, uuidOf('customer', customerId)]) {
      expect(refusalOf(await get(id))).toEqual(refusal(404, 'not_found'))
    }
  })
})
