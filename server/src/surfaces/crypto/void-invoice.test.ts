// Owns the outcomes of POST /invoices/{id}/void.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, unknownIds, wireTime } from './test-customers.ts'
import { testPayments } from './test-payments.ts'

const payments = testPayments()
const voidIt = (id: string, options = {}) => payments.call('POST', `/invoices/${id}/void`, options)
const read = (id: string) => payments.read(`/invoices/${id}`)

async function saved(fields = {}) {
  const { id: customerAccountId } = await payments.saveCustomer()
  return payments.saveInvoice({ customerAccountId, ...fields })
}

describe('200', () => {
  test('a draft, an open and a past due one become VOID, and keep their numbers', async () => {
    for (const fields of [null, {}, { dueDate: '2020-01-01' }]) {
      let invoice = await saved(fields ?? {})
      if (fields) invoice = await payments.move(`/invoices/${invoice.id}/open`)
      const answer = await voidIt(invoice.id)
      expect(answer.status).toBe(200)
      const { updatedAt } = answer.json.data
      const voidedAt = expect.stringMatching(wireTime)
      expect(answer.json.data).toEqual({ ...invoice, status: 'VOID', voidedAt, updatedAt })
      expect(await read(invoice.id)).toEqual(answer.json.data)
      expect((await payments.historyOf(invoice.customerAccountId)).at(-1)).toMatch(
        /^\d customer\.invoice\.voided$/,
      )
    }
  })
})

describe('404', () => {
  test.each(unknownIds('invoice'))('%s is no invoice', async (id) => {
    expect(refusalOf(await voidIt(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })
})

describe('409', () => {
  test('one that is paid, and one that is void', async () => {
    for (const move of ['pay', 'void']) {
      const { id } = await saved()
      await payments.move(`/invoices/${id}/open`)
      const ended = await payments.move(`/invoices/${id}/${move}`)
      const answer = await voidIt(id)
      expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
      expect(answer.json.error.message).toContain('it may become: nothing.')
      expect(await read(id)).toEqual(ended)
    }
  })
})
