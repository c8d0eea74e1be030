// Owns the outcomes of GET /payments/intents.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf } from './test-customers.ts'
import { refusedPages, testPayments } from './test-payments.ts'

const payments = testPayments()
const list = (query: string, key?: string) =>
  payments.call('GET', `/payments/intents${query}`, key === undefined ? {} : { key })
const idsOf = (entries: { id: string }[]) => entries.map(({ id }) => id)

describe('200', () => {
  test('newest first, each once, with the exact number of all', async () => {
    const { key } = await payments.newApp()
    const { id: customerAccountId } = await payments.saveCustomer({}, key)
    const made: string[] = []
    for (let index = 0; index < 7; index += 1) {
      const fields = index % 2 === 0 ? {} : { customerAccountId }
      made.unshift((await payments.saveIntent(fields, key)).id)
    }
    const pages = await Promise.all([1, 2, 3].map((page) => list(`?page=${page}&pageSize=3`, key)))
    expect(pages.flatMap((page) => idsOf(page.json.data))).toEqual(made)
    expect(pages.map((page) => page.json.pagination)).toEqual(
      [1, 2, 3].map((page) => ({ total: 7, page, pageSize: 3, totalPages: 3 })),
    )
    const whole = (await list('', key)).json
    expect(idsOf(whole.data)).toEqual(made)
    expect(whole.data[0]).toEqual(await payments.read(`/payments/intents/${made[0]}`, key))
    expect(whole.pagination).toEqual({ total: 7, page: 1, pageSize: 20, totalPages: 1 })
  })

  test('a status shows those in it, and counts them alone', async () => {
    const { key } = await payments.newApp()
    const made = []
    for (let index = 0; index < 3; index += 1) made.unshift((await payments.saveIntent({}, key)).id)
    await payments.move(`/payments/intents/${made[1]}/cancel`, undefined, key)
    const created = (await list('?status=CREATED&pageSize=1&page=2', key)).json
    expect(idsOf(created.data)).toEqual([made[2]])
    expect(created.pagination).toEqual({ total: 2, page: 2, pageSize: 1, totalPages: 2 })
    expect(idsOf((await list('?status=CANCELLED', key)).json.data)).toEqual([made[1]])
    expect((await list('?status=DISPUTED', key)).json).toEqual({
      success: true,
      data: [],
      pagination: { total: 0, page: 1, pageSize: 20, totalPages: 0 },
    })
  })

  test('a page that is past the end is empty, and an app sees its own alone', async () => {
    const { key } = await payments.newApp()
    await payments.saveIntent()
    await payments.saveIntent({}, key)
    const far = (await list('?page=1000000000&pageSize=100', key)).json
    expect(far).toMatchObject({ data: [], pagination: { total: 1, totalPages: 1 } })
    expect((await list('', key)).json.pagination.total).toBe(1)
  })
})

describe('400', () => {
  test.each(refusedPages)('%s is refused by name', async (query, param) => {
    expect(refusalOf(await list(`?${query}`))).toEqual(refusal(400, 'VALIDATION_ERROR', param))
  })
})
