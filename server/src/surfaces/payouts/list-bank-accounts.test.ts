// Owns the outcomes of GET /customers/{customerId}/bank-accounts.
import { beforeAll, describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import {
  cbu,
  refusal,
  refusalOf,
  refusedPages,
  testRecipients,
  unknownIds,
  uuidOf,
} from './test-recipients.ts'

const recipients = testRecipients()
const list = (customerId: string, query = '', key?: string) =>
  recipients.call(
    'GET',
    `/payouts/customers/${customerId}/bank-accounts${query}`,
    key === undefined ? {} : { key },
  )
const idsOf = (page: { bankAccountId: string }[]) => page.map((account) => account.bankAccountId)

/** A customer with one account more than a default page, oldest first; one has a number. */
let customerId = ''
let savedIds: string[] = []
beforeAll(async () => {
  customerId = (await recipients.saveCustomer()).customerId
  const saved: string[] = [(await recipients.saveBankAccount(customerId)).bankAccountId]
  for (let count = 0; count < 50; count += 1) {
    const account = await recipients.saveBankAccount(customerId, { accountNumber: null })
    saved.push(account.bankAccountId)
  }
  savedIds = saved
})

describe('200', () => {
  test('a customer without bank accounts lists a bare empty array', async () => {
    const { customerId: id } = await recipients.saveCustomer()
    const answer = await list(id)
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('[]')
  })

  test('all accounts are listed as they were answered when added, oldest first', async () => {
    const { customerId: id } = await recipients.saveCustomer()
    const added = [
      await recipients.saveBankAccount(id, { accountNumber: cbu.third }),
      await recipients.saveBankAccount(id, { accountNumber: cbu.seller, accountType: 'savings' }),
      await recipients.saveBankAccount(id, { accountNumber: cbu.virtual, metadata: { a: 'b' } }),
    ]
    const answer = await list(id)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual(added)
    for (const number of Object.values(cbu)) expect(answer.text).not.toContain(number)
  })

  test('a page holds 50 by default, and limit goes from 1 to 200', async () => {
    expect(idsOf((await list(customerId)).json)).toEqual(savedIds.slice(0, 50))
    expect(idsOf((await list(customerId, '?limit=1')).json)).toEqual(savedIds.slice(0, 1))
    expect(idsOf((await list(customerId, '?limit=200')).json)).toEqual(savedIds)
  })

  test('startingAfter goes on behind the account that it names, to the end', async () => {
    const seen: string[] = []
    let query = '?limit=20'
    for (const length of [20, 20, 11]) {
      const ids = idsOf((await list(customerId, query)).json)
      expect(ids.length).toBe(length)
      seen.push(...ids)
      query = `?limit=20&startingAfter=${seen.at(-1)}`
    }
    expect(seen).toEqual(savedIds)
    expect((await list(customerId, query)).text).toBe('[]')
  })

  test('cus_ and plain UUIDs name customer and cursor as the printed ids do', async () => {
    const uuid = uuidOf('customer', customerId)
    const cursor = uuidOf('bankAccount', savedIds[2] ?? '')
    for (const id of [uuid, printId('customer', uuid, 'cus')]) {
      const page = await list(id, `?limit=2&startingAfter=${cursor}`)
      expect(idsOf(page.json)).toEqual(savedIds.slice(3, 5))
    }
  })

  test("another customer's accounts are not in the list", async () => {
    const { customerId: id } = await recipients.saveCustomer()
    const { bankAccountId } = await recipients.saveBankAccount(id)
    expect(idsOf((await list(id)).json)).toEqual([bankAccountId])
    expect(idsOf((await list(customerId, '?limit=200')).json)).not.toContain(bankAccountId)
  })
})

describe('400', () => {
  test.each(refusedPages)('?%s is refused by the name %s', async (query, param) => {
    const answer = await list(customerId, `?${query}`)
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', param))
  })

  test.each(unknownIds('bankAccount'))('the cursor %s is unknown', async (cursor) => {
    const answer = await list(customerId, `?startingAfter=${cursor}`)
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'startingAfter'))
  })

  test("the customer's own id and another customer's account are unknown cursors", async () => {
    const { customerId: otherId } = await recipients.saveCustomer()
    const { bankAccountId } = await recipients.saveBankAccount(otherId)
    for (const cursor of [customerId, uuidOf('customer', customerId), bankAccountId]) {
      const answer = await list(customerId, `?startingAfter=${cursor}`)
      expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'startingAfter'))
    }
  })

  test("another app's account is an unknown cursor", async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    const live = await recipients.saveCustomer({}, key)
    const answer = await list(live.customerId, `?startingAfter=${savedIds[0]}`, key)
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'startingAfter'))
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    expect(refusalOf(await list(id))).toEqual(refusal(404, 'not_found'))
  })

  test("another app's customer looks missing", async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    expect(refusalOf(await list(customerId, '', key))).toEqual(refusal(404, 'not_found'))
  })
})
