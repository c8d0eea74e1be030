// Owns the outcomes of GET /v1/accounts.
import { beforeAll, describe, expect, test } from 'vitest'
import { refusal, refusalOf, testBanking, unknownIds } from './test-banking.ts'

const banking = testBanking()
interface Saved {
  id: string
  customer_id: string
  currency: string
  status: string
}
/** Newest first. */
const saved: Saved[] = []

beforeAll(async () => {
  for (const status of ['ACTIVE', 'FROZEN'] as const) {
    const { customerId, accountId } = await banking.save()
    saved.unshift({ id: accountId, customer_id: customerId, currency: 'USD', status: 'ACTIVE' })
    for (const currency of ['EUR', 'USD', 'BRL']) {
      const body = { customer_id: customerId, type: 'DEPOSIT', currency }
      const { json } = await banking.call('POST', '/v1/accounts', { body })
      saved.unshift({ id: json.id, customer_id: customerId, currency, status: 'ACTIVE' })
    }
    if (status === 'ACTIVE') continue
    const body = { status, reason: 'A test' }
    await banking.server.call('POST', `/v1/customers/${customerId}/status`, { body })
    for (const one of saved) if (one.customer_id === customerId) one.status = status
  }
})

const list = (query = '', key?: string) =>
  banking.call('GET', `/v1/accounts${query}`, key === undefined ? {} : { key })
const idsOf = (json: { data: { id: string }[] }) => json.data.map(({ id }) => id)

async function walk(query: string, limit: number): Promise<string[]> {
  const seen: string[] = []
  let cursor = ''
  for (let page = 0; page < 100; page += 1) {
    const answer = await list(`?limit=${limit}${query}${cursor}`)
    expect(answer.status).toBe(200)
    seen.push(...idsOf(answer.json))
    if (!answer.json.pagination.has_more) return seen
    cursor = `&cursor=${answer.json.pagination.next_cursor}`
  }
  throw new Error('the walk does not end')
}

describe('200', () => {
  test('newest first, each as it is read by itself', async () => {
    const { json } = await list()
    expect(idsOf(json)).toEqual(saved.map(({ id }) => id))
    const [first] = json.data
    expect((await banking.call('GET', `/v1/accounts/${first.id}`)).json).toEqual(first)
  })

  test('every combination of filters walks over its own and no others', async () => {
    const customers = ['', ...new Set(saved.map(({ customer_id }) => customer_id))]
    for (const customer_id of customers) {
      for (const status of ['', 'ACTIVE', 'FROZEN', 'CLOSED']) {
        for (const currency of ['', 'USD', 'BRL']) {
          const wanted = Object.entries({ customer_id, status, currency }).filter(([, v]) => v)
          const own = saved.filter((one) =>
            wanted.every(([name, value]) => Reflect.get(one, name) === value),
          )
          const query = wanted.map(([name, value]) => `&${name}=${value}`).join('')
          expect(await walk(query, 2)).toEqual(own.map(({ id }) => id))
        }
      }
    }
  })

  test("another app's accounts are not in the list", async () => {
    const { key } = await banking.newApp()
    expect((await list('', key)).json).toEqual({
      data: [],
      pagination: { has_more: false, next_cursor: null },
    })
  })
})

describe('400', () => {
  test.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['status=active', 'status'],
    ['currency=US', 'currency'],
    ['type=DEPOSIT', 'type'],
    ['cursor=cursor_abc123', 'cursor'],
  ])('?%s is refused by the name %s', async (query, field) => {
    expect(refusalOf(await list(`?${query}`))).toEqual(refusal(400, 'INVALID_REQUEST', field))
  })

  test('a cursor of the customers is unknown here', async () => {
    const { json } = await banking.call('GET', '/v1/customers?limit=1')
    const answer = await list(`?cursor=${json.pagination.next_cursor}`)
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', 'cursor'))
  })
})

describe('404', () => {
  test.each(unknownIds('cust'))('the customer %s', async (id) => {
    const answer = await list(`?customer_id=${id}`)
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'customer_id'))
  })
})
