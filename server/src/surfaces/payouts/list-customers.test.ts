// Owns the outcomes of GET /customers.
import { beforeAll, describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import {
  refusal,
  refusalOf,
  refusedPages,
  testRecipients,
  unknownIds,
  uuidOf,
} from './test-recipients.ts'

const recipients = testRecipients()
const list = (query = '', key?: string) =>
  recipients.call('GET', `/payouts/customers${query}`, key === undefined ? {} : { key })
const idsOf = (page: { customerId: string }[]) => page.map((customer) => customer.customerId)

/** One more than the largest page, oldest first. */
const savedIds: string[] = []
beforeAll(async () => {
  for (let count = 0; count < 201; count += 1) {
    const { customerId } = await recipients.saveCustomer({ name: `Recipient ${count}` })
    savedIds.push(customerId)
  }
})
const newestFirst = () => savedIds.toReversed()

describe('200', () => {
  test('an app without customers lists a bare empty array', async () => {
    const answer = await list('', await recipients.newAppKey())
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('[]')
  })

  test('the answer is a bare array of whole customers, newest first', async () => {
    const answer = await list('?limit=3')
    expect(answer.status).toBe(200)
    expect(Array.isArray(answer.json)).toBe(true)
    expect(idsOf(answer.json)).toEqual(newestFirst().slice(0, 3))
    for (const customer of answer.json) {
      const { json } = await recipients.call('GET', `/payouts/customers/${customer.customerId}`)
      expect(customer).toEqual(json)
    }
  })

  test('a page holds 50 by default', async () => {
    expect(idsOf((await list()).json)).toEqual(newestFirst().slice(0, 50))
  })

  test('limit goes from 1 to 200', async () => {
    expect(idsOf((await list('?limit=1')).json)).toEqual(newestFirst().slice(0, 1))
    expect(idsOf((await list('?limit=200')).json)).toEqual(newestFirst().slice(0, 200))
  })

  test('startingAfter goes on behind the customer that it names, to the end', async () => {
    const seen: string[] = []
    let query = '?limit=67'
    for (let page = 0; page < 4; page += 1) {
      const ids = idsOf((await list(query)).json)
      // Only the end has fewer entries than `limit`; after exactly three pages it is empty.
      expect(ids.length).toBe(Math.min(67, savedIds.length - seen.length))
      seen.push(...ids)
      query = `?limit=67&startingAfter=${seen.at(-1)}`
    }
    expect(seen).toEqual(newestFirst())
  })

  test('behind the oldest customer there is an empty array', async () => {
    expect((await list(`?startingAfter=${savedIds[0]}`)).text).toBe('[]')
  })

  test('every spelling of a cursor is the same cursor', async () => {
    const cursor = savedIds.at(-5) ?? ''
    const uuid = uuidOf('customer', cursor)
    for (const spelling of [cursor, printId('customer', uuid, 'cus'), uuid, uuid.toUpperCase()]) {
      const page = await list(`?limit=2&startingAfter=${spelling}`)
      expect(idsOf(page.json)).toEqual(newestFirst().slice(5, 7))
    }
  })

  test('customers created between two pages neither shift nor repeat an entry', async () => {
    const first = idsOf((await list('?limit=4')).json)
    const { customerId } = await recipients.saveCustomer()
    savedIds.push(customerId)
    const second = idsOf((await list(`?limit=4&startingAfter=${first.at(-1)}`)).json)
    expect([...first, ...second]).toEqual(newestFirst().slice(1, 9))
  })

  test("another app's customers are not in the list", async () => {
    const key = await recipients.newAppKey()
    const other = await recipients.saveCustomer({ name: 'Other recipient' }, key)
    expect(idsOf((await list('', key)).json)).toEqual([other.customerId])
    expect(idsOf((await list('?limit=1')).json)).not.toContain(other.customerId)
  })
})

describe('400', () => {
  test.each(refusedPages)('?%s is refused by the name %s', async (query, param) => {
    expect(refusalOf(await list(`?${query}`))).toEqual(refusal(400, 'invalid_request', param))
  })

  test.each(unknownIds('customer'))('the cursor %s is unknown', async (cursor) => {
    const answer = await list(`?startingAfter=${cursor}`)
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'startingAfter'))
  })

  test("another app's customer is an unknown cursor", async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    const answer = await list(`?startingAfter=${savedIds[0]}`, key)
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'startingAfter'))
  })

  test('a bank account is an unknown cursor, also as a plain UUID', async () => {
    const { bankAccountId } = await recipients.saveBankAccount(savedIds[0] ?? '')
    for (const cursor of [bankAccountId, uuidOf('bankAccount', bankAccountId)]) {
      const answer = await list(`?startingAfter=${cursor}`)
      expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'startingAfter'))
    }
  })
})
