// Owns the outcomes of GET /customers/{customerId}/payouts.
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
    `/payouts/customers/${customerId}/payouts${query}`,
    key === undefined ? {} : { key },
  )
const idsOf = (page: { id: string }[]) => page.map((payout) => payout.id)
const idsAt = async (query: string) => idsOf((await list(customerId, query)).json)

/** One payout more than a default page, oldest first. */
let customerId = ''
const savedIds: string[] = []
beforeAll(async () => {
  customerId = (await recipients.saveCustomer()).customerId
  for (let count = 0; count < 51; count += 1) {
    const { id } = await recipients.savePayout({ destinationCbu: cbu.seller, customerId })
    savedIds.push(id)
  }
})
const newestFirst = () => savedIds.toReversed()

describe('200', () => {
  test('a customer that was never paid lists a bare empty array', async () => {
    const { customerId: id } = await recipients.saveCustomer()
    const answer = await list(id)
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('[]')
  })

  test('the answer is a bare array of whole payouts, newest first', async () => {
    const answer = await list(customerId, '?limit=3')
    expect(answer.status).toBe(200)
    expect(idsOf(answer.json)).toEqual(newestFirst().slice(0, 3))
    for (const payout of answer.json) {
      expect(payout).toEqual((await recipients.call('GET', `/payouts/payouts/${payout.id}`)).json)
    }
  })

  test('a page holds 50 by default, and limit goes from 1 to 200', async () => {
    expect(await idsAt('')).toEqual(newestFirst().slice(0, 50))
    expect(await idsAt('?limit=1')).toEqual(newestFirst().slice(0, 1))
    expect(await idsAt('?limit=200')).toEqual(newestFirst())
  })

  test('startingAfter goes on behind the payout that it names, to the end', async () => {
    const seen: string[] = []
    let query = '?limit=20'
    for (const length of [20, 20, 11]) {
      const ids = await idsAt(query)
      expect(ids.length).toBe(length)
      seen.push(...ids)
      query = `?limit=20&startingAfter=${uuidOf('payout', seen.at(-1) ?? '')}`
    }
    expect(seen).toEqual(newestFirst())
    expect(await idsAt(query)).toEqual([])
  })

  test('every spelling of the customer lists the same payouts', async () => {
    const uuid = uuidOf('customer', customerId)
    for (const spelling of [uuid, uuid.toUpperCase(), printId('customer', uuid, 'cus')]) {
      const page = await list(spelling, '?limit=2')
      expect(idsOf(page.json)).toEqual(newestFirst().slice(0, 2))
    }
  })

  test("another customer's payouts, and those of nobody, are not in the list", async () => {
    const { customerId: otherId } = await recipients.saveCustomer()
    const other = await recipients.savePayout({ destinationCbu: cbu.seller, customerId: otherId })
    await recipients.savePayout({ destinationCbu: cbu.seller })
    expect(idsOf((await list(otherId)).json)).toEqual([other.id])
    expect(await idsAt('?limit=200')).toEqual(newestFirst())
  })
})

describe('400', () => {
  test.each([...refusedPages, ['status=pending', 'status']])(
    '?%s is refused by the name %s',
    async (query, param) => {
      const answer = await list(customerId, `?${query}`)
      expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', param))
    },
  )

  test.each(unknownIds('payout'))('the cursor %s is unknown', async (cursor) => {
    const answer = await list(customerId, `?startingAfter=${cursor}`)
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'startingAfter'))
  })

  test("another customer's payout is an unknown cursor", async () => {
    const other = await recipients.saveCustomer()
    const paid = { destinationCbu: cbu.seller, customerId: other.customerId }
    const { id } = await recipients.savePayout(paid)
    const answer = await list(customerId, `?startingAfter=${id}`)
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'startingAfter'))
  })

  test("another app's payout is an unknown cursor", async () => {
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
