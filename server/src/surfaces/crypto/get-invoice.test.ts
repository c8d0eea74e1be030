// Owns the outcomes of GET /invoices/{id}.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import { refusal, refusalOf, unknownIds } from './test-customers.ts'
import { testPayments } from './test-payments.ts'

const payments = testPayments()
const get = (id: string, key?: string) =>
  payments.call('GET', `/invoices/${id}`, key === undefined ? {} : { key })

describe('200', () => {
  test('it reads as it was answered, by every spelling of its id', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const invoice = await payments.saveInvoice({ customerAccountId })
    for (const id of [invoice.id, invoice.id.toUpperCase(), printId('invoice', invoice.id)]) {
      const answer = await get(id)
      expect([answer.status, answer.json]).toEqual([200, { success: true, data: invoice }])
    }
  })

  test('an open one becomes PAST_DUE by time alone, here and beside its customer', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const due = payments.server.clock.now() + 60_000
    const dueDate = new Date(due).toISOString()
    const open = await payments.saveInvoice({ customerAccountId, dueDate })
    const draft = await payments.saveInvoice({ customerAccountId, dueDate })
    await payments.move(`/invoices/${open.id}/open`)
    const statuses = async () => {
      const { invoices } = await payments.read(`/customers/${customerAccountId}`)
      const beside = invoices.map((one: Record<string, string>) => one['status'])
      const alone = [draft.id, open.id].map((id) => payments.read(`/invoices/${id}`))
      return [beside, (await Promise.all(alone)).map(({ status }) => status)]
    }
    expect(await statuses()).toEqual([
      ['DRAFT', 'OPEN'],
      ['DRAFT', 'OPEN'],
    ])
    payments.server.clock.advance(60_000)
    expect(await statuses()).toEqual([
      ['DRAFT', 'PAST_DUE'],
      ['DRAFT', 'PAST_DUE'],
    ])
  })
})

describe('404', () => {
  test.each(unknownIds('invoice'))('%s is no invoice', async (id) => {
    expect(refusalOf(await get(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test("another app's looks missing", async () => {
    const { key } = await payments.newApp()
    const { id: customerAccountId } = await payments.saveCustomer()
    const invoice = await payments.saveInvoice({ customerAccountId })
    expect(refusalOf(await get(invoice.id, key))).toEqual(refusal(404, 'NOT_FOUND'))
  })
})
