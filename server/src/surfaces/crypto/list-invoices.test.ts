// Owns the outcomes of GET /invoices.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf } from './test-customers.ts'
import { refusedPages, testPayments } from './test-payments.ts'

const payments = testPayments()
const list = (query: string, key?: string) =>
  payments.call('GET', `/invoices${query}`, key === undefined ? {} : { key })
const idsOf = (entries: { id: string }[]) => entries.map(({ id }) => id)

describe('200', () => {
  test('newest first, each once, with the exact number of all', async () => {
    const { key } = await payments.newApp()
    const owners = [await payments.saveCustomer({}, key), await payments.saveCustomer({}, key)]
    const made: string[] = []
    for (let index = 0; index < 7; index += 1) {
      const customerAccountId = owners[index % 2].id
      made.unshift((await payments.saveInvoice({ customerAccountId }, key)).id)
    }
    const pages = await Promise.all([1, 2, 3].map((page) => list(`?page=${page}&pageSize=3`, key)))
    expect(pages.flatMap((page) => idsOf(page.json.data))).toEqual(made)
    expect(pages.map((page) => page.json.pagination)).toEqual(
      [1, 2, 3].map((page) => ({ total: 7, page, pageSize: 3, totalPages: 3 })),
    )
    const whole = (await list('', key)).json
    expect(whole.data[0]).toEqual(await payments.read(`/invoices/${made[0]}`, key))
    const { key: otherKey } = await payments.newApp()
    expect((await list('', otherKey)).json).toMatchObject({ data: [], pagination: { total: 0 } })
  })

  test('a status is the one that is shown: an open one that is due is PAST_DUE alone', async () => {
    const { key } = await payments.newApp()
    const { id: customerAccountId } = await payments.saveCustomer({}, key)
    const dueDate = new Date(payments.server.clock.now() + 60_000).toISOString()
    const saved = async (fields: object, ...moves: string[]) => {
      const { id } = await payments.saveInvoice({ customerAccountId, ...fields }, key)
      for (const move of moves) await payments.move(`/invoices/${id}/${move}`, undefined, key)
      return id
    }
    const draft = await saved({ dueDate })
    const undated = await saved({}, 'open')
    const due = await saved({ dueDate }, 'open')
    const later = await saved({ dueDate: '2999-01-01' }, 'open')
    const paid = await saved({ dueDate }, 'open', 'pay')
    const voided = await saved({ dueDate }, 'void')
    const shown = async (status: string) => {
      const { data, pagination } = (await list(`?status=${status}`, key)).json
      expect(pagination.total).toBe(data.length)
      for (const one of data) expect(one.status).toBe(status)
      return idsOf(data)
    }
    const others = { DRAFT: [draft], PAID: [paid], VOID: [voided], UNCOLLECTIBLE: [] }
    const early = { ...others, OPEN: [later, due, undated], PAST_DUE: [] }
    const late = { ...others, OPEN: [later, undated], PAST_DUE: [due] }
    for (const [status, ids] of Object.entries(early)) expect(await shown(status)).toEqual(ids)
    payments.server.clock.advance(60_000)
    for (const [status, ids] of Object.entries(late)) expect(await shown(status)).toEqual(ids)
  })
})

describe('400', () => {
  test.each(refusedPages)('%s is refused by name', async (query, param) => {
    expect(refusalOf(await list(`?${query}`))).toEqual(refusal(400, 'VALIDATION_ERROR', param))
  })
})
