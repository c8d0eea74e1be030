// Owns the outcomes of GET /customers/{customerId}.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import { cbu, refusal, refusalOf, testRecipients, unknownIds, uuidOf } from './test-recipients.ts'

const recipients = testRecipients()
const get = (id: string, key?: string) =>
  recipients.call('GET', `/payouts/customers/${id}`, key === undefined ? {} : { key })

describe('200', () => {
  test('a customer reads as it was answered when it was created', async () => {
    const created = await recipients.saveCustomer({
      email: 'ana@example.com',
      metadata: { internalUserId: 'USR-1', note: 'línea ✓' },
    })
    const answer = await get(created.customerId)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual(created)
    expect(answer.headers.get('request-id')).toMatch(/^req_[0-9a-z]{16,}$/)
  })

  test('cust_, cus_ and the plain UUID in either case are one customer', async () => {
    const { customerId } = await recipients.saveCustomer()
    const uuid = uuidOf('customer', customerId)
    const spellings = [customerId, printId('customer', uuid, 'cus'), uuid, uuid.toUpperCase()]
    for (const spelling of spellings) {
      const answer = await get(spelling)
      expect(answer.status).toBe(200)
      expect(answer.json.customerId).toBe(customerId)
    }
  })

  test('it shows the default bank account and the time of the latest accepted payout', async () => {
    const { customerId } = await recipients.saveCustomer()
    const account = await recipients.saveBankAccount(customerId)
    const payout = await recipients.savePayout({ customerId })
    expect((await get(customerId)).json).toMatchObject({
      defaultBankAccountId: account.bankAccountId,
      last_out: payout.createdAt,
    })
  })

  test('last_out moves with each accepted payout, and a refused one does not move it', async () => {
    const { customerId } = await recipients.saveCustomer()
    const lastOut = async () => (await get(customerId)).json.last_out
    expect(await lastOut()).toBeNull()
    const first = await recipients.savePayout({ customerId, destinationCbu: cbu.seller })
    expect(await lastOut()).toBe(first.createdAt)
    recipients.server.clock.advance(5_000)
    const second = await recipients.savePayout({ customerId, destinationCbu: cbu.seller })
    expect(second.createdAt > first.createdAt).toBe(true)
    expect(await lastOut()).toBe(second.createdAt)
    recipients.server.clock.advance(5_000)
    const refused = { amount: '0', currency: 'ARS', destinationCbu: cbu.seller, customerId }
    expect((await recipients.call('POST', '/payouts/payouts', { body: refused })).status).toBe(422)
    expect(await lastOut()).toBe(second.createdAt)
  })

  test('cancelling or failing a payout leaves last_out: it is the time of acceptance', async () => {
    const { customerId } = await recipients.saveCustomer()
    await recipients.saveBankAccount(customerId)
    const cancelled = await recipients.savePayout({ customerId })
    await recipients.call('POST', `/payouts/payouts/${cancelled.id}/cancel`)
    expect((await get(customerId)).json.last_out).toBe(cancelled.createdAt)
    recipients.server.clock.advance(3_000)
    const failed = await recipients.savePayout({ customerId, amount: '1.13' })
    await recipients.server.drainJobs()
    expect((await get(customerId)).json.last_out).toBe(failed.createdAt)
  })

  test('reading writes nothing', async () => {
    const { customerId } = await recipients.saveCustomer()
    const before = await recipients.countRows()
    await get(customerId)
    expect(await recipients.countRows()).toEqual(before)
    expect(await recipients.historyOf(customerId)).toEqual(['1 customer.created'])
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    expect(refusalOf(await get(id))).toEqual(refusal(404, 'not_found'))
  })

  test('the id of a bank account or payout of the customer is no customer', async () => {
    const { customerId } = await recipients.saveCustomer()
    const account = await recipients.saveBankAccount(customerId)
    expect(refusalOf(await get(account.bankAccountId))).toEqual(refusal(404, 'not_found'))
    const uuid = uuidOf('bankAccount', account.bankAccountId)
    expect(refusalOf(await get(uuid))).toEqual(refusal(404, 'not_found'))
  })

  test("another app's customer looks missing, in every spelling", async () => {
    const liveKey = await recipients.server.createKey(recipients.server.liveApp)
    const { customerId } = await recipients.saveCustomer()
    const missing = await get(unknownIds('customer')[0] ?? '')
    for (const id of [customerId, uuidOf('customer', customerId)]) {
      const answer = await get(id, liveKey)
      expect(refusalOf(answer)).toEqual(refusal(404, 'not_found'))
      expect(answer.json.error.message).toBe(missing.json.error.message)
    }
  })
})
