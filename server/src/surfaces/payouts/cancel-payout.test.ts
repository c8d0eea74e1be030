// Owns the outcomes of POST /payouts/{id}/cancel.
import { describe, expect, test } from 'vitest'
import { recordPayoutOutcome } from '../../core/payouts/payout-transfer.ts'
import { cbu, refusal, refusalOf, testRecipients, unknownIds, uuidOf } from './test-recipients.ts'

const recipients = testRecipients()
const cancel = (id: string, options = {}) =>
  recipients.call('POST', `/payouts/payouts/${id}/cancel`, options)
const get = async (id: string) => (await recipients.call('GET', `/payouts/payouts/${id}`)).json

describe('200', () => {
  test('a pending payout becomes cancelled, and nothing else of it changes', async () => {
    const payout = await recipients.savePayout({ destinationCbu: cbu.seller })
    const answer = await cancel(payout.id)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ ...payout, status: 'cancelled' })
    expect(await get(payout.id)).toEqual(answer.json)
  })

  test('a cancelled payout is never paid: its job ends without asking the rail', async () => {
    const { customerId } = await recipients.saveCustomer()
    const payout = await recipients.savePayout({ destinationCbu: cbu.seller, customerId })
    await cancel(payout.id)
    await recipients.server.drainJobs()
    expect(await get(payout.id)).toEqual({ ...payout, status: 'cancelled' })
    const transfers = await recipients.server.system.db
      .selectFrom('sandbox_transfers')
      .selectAll()
      .where('payout_id', '=', uuidOf('payout', payout.id))
      .execute()
    expect(transfers).toEqual([])
    expect((await recipients.countRows())['jobs']).toBe(0)
    expect(await recipients.historyOf(customerId)).toEqual([
      '1 customer.created',
      '2 customer.payout.accepted',
      '3 customer.payout.cancelled',
    ])
  })

  test('the plain UUID and an empty object as body are fine', async () => {
    const payout = await recipients.savePayout({ destinationCbu: cbu.seller })
    const answer = await cancel(uuidOf('payout', payout.id), { body: {} })
    expect(answer.json).toEqual({ ...payout, status: 'cancelled' })
  })

  test('a live payout can be cancelled for as long as nobody has recorded an outcome', async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    const payout = await recipients.savePayout({ destinationCbu: cbu.seller }, key)
    recipients.server.clock.advance(24 * 60 * 60 * 1000)
    expect((await cancel(payout.id, { key })).json.status).toBe('cancelled')
    const live = recipients.server.contextOf(recipients.server.liveApp)
    const outcome = recordPayoutOutcome(live, uuidOf('payout', payout.id), { state: 'completed' })
    await expect(outcome).rejects.toThrow('It is cancelled and cannot become processing')
  })
})

describe('404', () => {
  test.each(unknownIds('payout'))('%s is no payout', async (id) => {
    expect(refusalOf(await cancel(id))).toEqual(refusal(404, 'not_found'))
  })

  test("another app's payout looks missing and stays pending", async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    const payout = await recipients.savePayout({ destinationCbu: cbu.seller })
    expect(refusalOf(await cancel(payout.id, { key }))).toEqual(refusal(404, 'not_found'))
    expect(await get(payout.id)).toEqual(payout)
  })
})

describe('409', () => {
  test.each([
    ['completed', '1.00'],
    ['failed', '1.13'],
  ])('a %s payout stays so, and the refusal lists what it may become', async (status, amount) => {
    const { customerId } = await recipients.saveCustomer()
    const payout = await recipients.savePayout({ amount, destinationCbu: cbu.seller, customerId })
    await recipients.server.drainJobs()
    const before = await get(payout.id)
    expect(before.status).toBe(status)
    const history = await recipients.historyOf(customerId)
    const answer = await cancel(payout.id)
    expect(refusalOf(answer)).toEqual(refusal(409, 'conflict'))
    expect(answer.json.error.message).toContain(`It is ${status} and cannot become cancelled`)
    expect(answer.json.error.message).toContain('it may become: nothing')
    expect(await get(payout.id)).toEqual(before)
    expect(await recipients.historyOf(customerId)).toEqual(history)
  })

  test('a payout that is being tried lists completed and failed', async () => {
    const payout = await recipients.savePayout({ amount: '1.14', destinationCbu: cbu.seller })
    recipients.server.clock.advance(1_000)
    await recipients.server.worker.runDue()
    expect(await get(payout.id)).toMatchObject({ status: 'processing', attempts: 1 })
    const answer = await cancel(payout.id)
    expect(refusalOf(answer)).toEqual(refusal(409, 'conflict'))
    expect(answer.json.error.message).toContain('it may become: completed, failed')
    await recipients.server.drainJobs()
    expect(await get(payout.id)).toMatchObject({ status: 'completed', attempts: 3 })
  })

  test('cancelling twice is refused the second time, also from ten callers at once', async () => {
    const { customerId } = await recipients.saveCustomer()
    const payout = await recipients.savePayout({ destinationCbu: cbu.seller, customerId })
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(payout.id)))
    const statuses = answers.map((answer) => answer.status).sort()
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 409)])
    expect((await recipients.historyOf(customerId)).at(-1)).toBe('3 customer.payout.cancelled')
  })
})

describe('400', () => {
  test('a body with members is refused, and the payout stays pending', async () => {
    const payout = await recipients.savePayout({ destinationCbu: cbu.seller })
    const answer = await cancel(payout.id, { body: { reason: 'mistake' } })
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'body'))
    expect(await get(payout.id)).toEqual(payout)
  })
})
