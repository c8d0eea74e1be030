// Owns the outcomes of GET /payouts.
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
const list = (query = '', key?: string) =>
  recipients.call('GET', `/payouts/payouts${query}`, key === undefined ? {} : { key })
const idsOf = (page: { id: string }[]) => page.map((payout) => payout.id)
const idsAt = async (query: string) => idsOf((await list(query)).json)

/** One payout more than a default page, oldest first; every third one names the customer. */
let customerId = ''
const savedIds: string[] = []
const ofCustomer: string[] = []
/** One payout in each status, of two other customers. */
const byStatus: Record<string, string> = {}

beforeAll(async () => {
  const number = { destinationCbu: cbu.seller }
  customerId = (await recipients.saveCustomer()).customerId
  const save = async (status: string, fields: object) => {
    const { id } = await recipients.savePayout({ ...number, ...fields })
    byStatus[status] = id
    savedIds.push(id)
  }
  await save('completed', {})
  await save('failed', { amount: '1.13' })
  await recipients.server.drainJobs()
  await save('processing', { amount: '1.14' })
  recipients.server.clock.advance(1_000)
  await recipients.server.worker.runDue()
  await save('cancelled', {})
  await recipients.call('POST', `/payouts/payouts/${byStatus['cancelled']}/cancel`)
  for (let count = 4; count < 51; count += 1) {
    const isOfCustomer = count % 3 === 0
    await save('pending', isOfCustomer ? { customerId } : {})
    if (isOfCustomer) ofCustomer.push(savedIds.at(-1) ?? '')
  }
})
const newestFirst = () => savedIds.toReversed()

describe('200', () => {
  test('an app without payouts lists a bare empty array', async () => {
    const answer = await list('', await recipients.newAppKey())
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('[]')
  })

  test('the answer is a bare array of whole payouts, newest first', async () => {
    const answer = await list('?limit=4')
    expect(answer.status).toBe(200)
    expect(idsOf(answer.json)).toEqual(newestFirst().slice(0, 4))
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
    let query = '?limit=17'
    for (const length of [17, 17, 17, 0]) {
      const ids = await idsAt(query)
      expect(ids.length).toBe(length)
      seen.push(...ids)
      query = `?limit=17&startingAfter=${seen.at(-1)}`
    }
    expect(seen).toEqual(newestFirst())
  })

  test('a cursor may be the plain UUID', async () => {
    const cursor = uuidOf('payout', newestFirst()[9] ?? '')
    expect(await idsAt(`?limit=3&startingAfter=${cursor}`)).toEqual(newestFirst().slice(10, 13))
  })

  test.each(['completed', 'failed', 'processing', 'cancelled'])('status=%s', async (status) => {
    expect(await idsAt(`?status=${status}`)).toEqual([byStatus[status]])
  })

  test('status=pending holds every pending payout and no other', async () => {
    const answer = await list('?status=pending')
    expect(answer.json.length).toBe(47)
    expect(idsOf(answer.json)).toEqual(newestFirst().slice(0, 47))
  })

  test('customerId holds the payouts of that customer, in every spelling', async () => {
    const uuid = uuidOf('customer', customerId)
    for (const spelling of [customerId, uuid, printId('customer', uuid, 'cus')]) {
      expect(await idsAt(`?customerId=${spelling}`)).toEqual(ofCustomer.toReversed())
    }
  })

  test('filters, limit and cursor go together', async () => {
    const filter = `?customerId=${customerId}&status=pending&limit=2`
    const first = await idsAt(filter)
    const second = await idsAt(`${filter}&startingAfter=${first.at(-1)}`)
    expect([...first, ...second]).toEqual(ofCustomer.toReversed().slice(0, 4))
    expect((await list(`?customerId=${customerId}&status=failed`)).text).toBe('[]')
  })

  test("another app's payouts are not in the list", async () => {
    const key = await recipients.newAppKey()
    const other = await recipients.savePayout({ destinationCbu: cbu.seller }, key)
    expect(idsOf((await list('', key)).json)).toEqual([other.id])
    expect(await idsAt('?limit=1')).not.toContain(other.id)
  })
})

describe('400', () => {
  test.each([
    ...refusedPages,
    ['status=paid', 'status'],
    ['status=', 'status'],
    ['status=pending&status=failed', 'status'],
  ])('?%s is refused by the name %s', async (query, param) => {
    expect(refusalOf(await list(`?${query}`))).toEqual(refusal(400, 'invalid_request', param))
  })

  test.each(unknownIds('payout'))('the cursor %s is unknown', async (cursor) => {
    const answer = await list(`?startingAfter=${cursor}`)
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', 'startingAfter'))
  })

  test("another app's payout, and a customer, are unknown cursors", async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    const refused = refusal(400, 'invalid_request', 'startingAfter')
    expect(refusalOf(await list(`?startingAfter=${savedIds[0]}`, key))).toEqual(refused)
    const uuid = uuidOf('customer', customerId)
    expect(refusalOf(await list(`?startingAfter=${uuid}`))).toEqual(refused)
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('customerId=%s names no customer', async (id) => {
    const answer = await list(`?customerId=${id}`)
    expect(refusalOf(answer)).toMatchObject({ status: 404, code: 'not_found', isWhole: true })
  })

  test("another app's customer looks missing", async () => {
    const key = await recipients.server.createKey(recipients.server.liveApp)
    const answer = await list(`?customerId=${customerId}`, key)
    expect(refusalOf(answer)).toMatchObject({ status: 404, code: 'not_found', isWhole: true })
  })
})
