// Owns the outcomes of POST /invoices/{id}/open.
import { describe, expect, test } from 'vitest'
import { makeBankingCustomer } from '../../../../test/banking-customers.ts'
import { moveBankingStatus } from '../../core/accounts/status-service.ts'
import { parseId } from '../../lib/id.ts'
import { refusal, refusalOf, unknownIds, wireTime } from './test-customers.ts'
import { testPayments } from './test-payments.ts'

const payments = testPayments()
const open = (id: string, options = {}) => payments.call('POST', `/invoices/${id}/open`, options)
const read = (id: string) => payments.read(`/invoices/${id}`)

async function savedDraft(fields = {}) {
  const { id: customerAccountId } = await payments.saveCustomer()
  return payments.saveInvoice({ customerAccountId, ...fields })
}

describe('200', () => {
  test('a draft becomes OPEN, and nothing else of it changes', async () => {
    const invoice = await savedDraft()
    const answer = await open(invoice.id, { body: {} })
    expect(answer.status).toBe(200)
    const { updatedAt } = answer.json.data
    const openedAt = expect.stringMatching(wireTime)
    expect(answer.json.data).toEqual({ ...invoice, status: 'OPEN', openedAt, updatedAt })
    expect(await read(invoice.id)).toEqual(answer.json.data)
    expect((await payments.historyOf(invoice.customerAccountId)).at(-1)).toBe(
      '3 customer.invoice.opened',
    )
  })

  test('one that was due before it was opened is PAST_DUE at once', async () => {
    const invoice = await savedDraft({ dueDate: '2020-01-01' })
    expect((await open(invoice.id)).json.data.status).toBe('PAST_DUE')
  })
})

describe('404', () => {
  test.each(unknownIds('invoice'))('%s is no invoice', async (id) => {
    expect(refusalOf(await open(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })
})

describe('409', () => {
  test('of a customer that the bank has closed: nothing is asked of them any more', async () => {
    const context = payments.server.contextOf(payments.server.testApp)
    const { customerId: customerAccountId } = await makeBankingCustomer(context)
    const draft = await payments.saveInvoice({ customerAccountId })
    const id = parseId('customer', customerAccountId) ?? ''
    await moveBankingStatus(context, id, { status: 'CLOSED', reason: 'By request' })
    const answer = await open(draft.id)
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(await read(draft.id)).toEqual(draft)
  })

  test('one that is open, and one that is past due, which may not become OPEN again', async () => {
    for (const [dueDate, message] of [
      [null, 'from OPEN it may become: PAID, PAST_DUE, VOID, UNCOLLECTIBLE.'],
      ['2020-01-01', 'from PAST_DUE it may become: PAID, VOID, UNCOLLECTIBLE.'],
    ]) {
      const invoice = await savedDraft({ dueDate })
      const { data } = (await open(invoice.id)).json
      const answer = await open(invoice.id)
      expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
      expect(answer.json.error.message).toContain(message)
      expect(await read(invoice.id)).toEqual(data)
    }
  })
})
