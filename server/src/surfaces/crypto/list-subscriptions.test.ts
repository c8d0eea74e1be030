// Owns the outcomes of GET /subscriptions.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf } from './test-customers.ts'
import { refusedPages, testPayments } from './test-payments.ts'

const payments = testPayments()
const list = (query: string, key?: string) =>
  payments.call('GET', `/subscriptions${query}`, key === undefined ? {} : { key })
const idsOf = (entries: { id: string }[]) => entries.map(({ id }) => id)

describe('200', () => {
  test('newest first, each once, in all and by status, with exact numbers', async () => {
    const { key } = await payments.newApp()
    const { id: customerAccountId } = await payments.saveCustomer({}, key)
    const made: string[] = []
    for (let index = 0; index < 5; index += 1) {
      made.unshift((await payments.saveSubscription({ customerAccountId }, key)).id)
    }
    await payments.move(`/subscriptions/${made[1]}/activate`, undefined, key)
    const pages = await Promise.all([1, 2, 3].map((page) => list(`?page=${page}&pageSize=2`, key)))
    expect(pages.flatMap((page) => idsOf(page.json.data))).toEqual(made)
    expect(pages.map((page) => page.json.pagination)).toEqual(
      [1, 2, 3].map((page) => ({ total: 5, page, pageSize: 2, totalPages: 3 })),
    )
    const active = (await list('?status=ACTIVE', key)).json
    expect(active.data).toEqual([await payments.read(`/subscriptions/${made[1]}`, key)])
    expect(active.pagination.total).toBe(1)
    const created = (await list('?status=CREATED&pageSize=3&page=2', key)).json
    expect(idsOf(created.data)).toEqual([made[4]])
    expect(created.pagination).toEqual({ total: 4, page: 2, pageSize: 3, totalPages: 2 })
    const { key: otherKey } = await payments.newApp()
    expect((await list('', otherKey)).json).toMatchObject({ data: [], pagination: { total: 0 } })
  })
})

describe('400', () => {
  test.each(refusedPages)('%s is refused by name', async (query, param) => {
    expect(refusalOf(await list(`?${query}`))).toEqual(refusal(400, 'VALIDATION_ERROR', param))
  })
})
