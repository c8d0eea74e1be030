// Owns the outcomes of POST /invoices/{id}/pay.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import { refusal, refusalOf, unknownIds, wireTime } from './test-customers.ts'
import { authorization, evmHash, testPayments } from './test-payments.ts'

const payments = testPayments()
const pay = (id: string, options = {}) => payments.call('POST', `/invoices/${id}/pay`, options)
const read = (id: string) => payments.read(`/invoices/${id}`)

async function savedOpen(fields = {}) {
  const { id: customerAccountId } = await payments.saveCustomer()
  const { id } = await payments.saveInvoice({ customerAccountId, ...fields })
  return payments.move(`/invoices/${id}/open`)
}

async function savedIntent(customerAccountId: string | null, txHash: string | null) {
  const { id } = await payments.saveIntent({ customerAccountId })
  return payments.move(`/payments/intents/${id}/authorize`, { ...authorization, txHash })
}

describe('200', () => {
  test.each([
    ['no body', {}],
    ['an empty body', { body: {} }],
  ])('%s: paid by what nobody told of', async (_, options) => {
    const invoice = await savedOpen()
    const answer = await pay(invoice.id, options)
    expect(answer.status).toBe(200)
    const { updatedAt } = answer.json.data
    const paidAt = expect.stringMatching(wireTime)
    expect(answer.json.data).toEqual({ ...invoice, status: 'PAID', paidAt, updatedAt })
    expect(await read(invoice.id)).toEqual(answer.json.data)
    expect((await payments.historyOf(invoice.customerAccountId)).at(-1)).toBe(
      '4 customer.invoice.paid',
    )
  })

  test('by an intent of the same customer that is captured or settled, however spelled', async () => {
    for (const status of ['CAPTURED', 'SETTLED']) {
      const invoice = await savedOpen()
      const intent = await savedIntent(invoice.customerAccountId, evmHash)
      await payments.force('payment_intents', intent.id, status)
      const paymentIntentId = printId('paymentIntent', intent.id)
      const { data } = (await pay(invoice.id, { body: { paymentIntentId } })).json
      expect(data).toMatchObject({ status: 'PAID', paymentIntentId: intent.id })
    }
  })

  test('one that is past due, or given up, is paid all the same', async () => {
    const late = await savedOpen({ dueDate: '2020-01-01' })
    expect(late.status).toBe('PAST_DUE')
    expect((await pay(late.id)).json.data.status).toBe('PAID')
    const lost = await savedOpen()
    await payments.force('invoices', lost.id, 'UNCOLLECTIBLE')
    expect((await pay(lost.id)).json.data.status).toBe('PAID')
  })
})

describe('404', () => {
  test.each(unknownIds('invoice'))('%s is no invoice', async (id) => {
    expect(refusalOf(await pay(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test('an intent that is none, of another customer, or of nobody', async () => {
    const invoice = await savedOpen()
    const { id: other } = await payments.saveCustomer()
    const foreign = await savedIntent(other, evmHash)
    const nobodys = await savedIntent(null, evmHash)
    for (const paymentIntentId of [...unknownIds('paymentIntent'), foreign.id, nobodys.id]) {
      const answer = await pay(invoice.id, { body: { paymentIntentId } })
      expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'paymentIntentId'))
    }
    expect(await read(invoice.id)).toEqual(invoice)
  })
})

describe('409', () => {
  test('an intent that is not captured paid nothing', async () => {
    const invoice = await savedOpen()
    const { id: paymentIntentId } = await savedIntent(invoice.customerAccountId, null)
    const answer = await pay(invoice.id, { body: { paymentIntentId } })
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT', 'paymentIntentId'))
    expect(answer.json.error.message).toContain('is AUTHORIZED, and neither CAPTURED nor SETTLED')
    expect(await read(invoice.id)).toEqual(invoice)
  })

  test('a draft, and one that is paid; of ten callers at once one pays', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const draft = await payments.saveInvoice({ customerAccountId })
    const early = await pay(draft.id)
    expect(refusalOf(early)).toEqual(refusal(409, 'CONFLICT'))
    expect(early.json.error.message).toContain('from DRAFT it may become: OPEN, VOID.')
    const { id } = await savedOpen()
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay(id)))
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, ...Array(9).fill(409)])
  })
})

describe('400', () => {
  test('an unknown member', async () => {
    const invoice = await savedOpen()
    const answer = await pay(invoice.id, { body: { amount: '1.00' } })
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', 'amount'))
    expect(await read(invoice.id)).toEqual(invoice)
  })
})
