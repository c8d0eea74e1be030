// Owns the outcomes of POST /invoices.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, spellingsOf, unknownIds, uuid, wireTime } from './test-customers.ts'
import { oneItem, testPayments } from './test-payments.ts'

const payments = testPayments()
const create = (body: unknown, key?: string) =>
  payments.call('POST', '/invoices', key === undefined ? { body } : { body, key })

describe('201', () => {
  test('a customer and an item are enough', async () => {
    const { key, app } = await payments.newApp()
    const { id: customerAccountId } = await payments.saveCustomer({}, key)
    const answer = await create({ customerAccountId, items: oneItem }, key)
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      success: true,
      data: {
        id: expect.stringMatching(uuid),
        appId: app.id,
        customerAccountId,
        invoiceNumber: 'INV-00001',
        status: 'DRAFT',
        currency: 'USD',
        subtotal: '25.00',
        taxAmount: '0.00',
        total: '25.00',
        items: [{ description: 'Annual plan', amount: '25.00', quantity: 1 }],
        dueDate: null,
        memo: null,
        subscriptionId: null,
        paymentIntentId: null,
        metadata: {},
        openedAt: null,
        paidAt: null,
        voidedAt: null,
        createdAt: expect.stringMatching(wireTime),
        updatedAt: answer.json.data.createdAt,
      },
    })
  })

  test('every member comes back, the sum is of amounts times quantities', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const { id: subscriptionId } = await payments.saveSubscription({ customerAccountId })
    const given = { customerAccountId, currency: 'EUR', memo: 'Thank you', subscriptionId }
    const items = [
      { description: 'Seats', amount: '0.1', quantity: 3 },
      { description: 'Set-up', amount: '1999.99' },
      { description: 'Calls', amount: '0.01', quantity: 1_000_000 },
    ]
    const metadata = { order: 4421 }
    const dueDate = '2026-03-25T12:00:00+02:00'
    const { data } = (await create({ ...given, items, metadata, dueDate })).json
    expect(data).toMatchObject({
      ...given,
      metadata,
      subtotal: '12000.29',
      taxAmount: '0.00',
      total: '12000.29',
      dueDate: '2026-03-25T10:00:00.000Z',
      items: [
        { description: 'Seats', amount: '0.10', quantity: 3 },
        { description: 'Set-up', amount: '1999.99', quantity: 1 },
        { description: 'Calls', amount: '0.01', quantity: 1_000_000 },
      ],
    })
    expect(await payments.read(`/invoices/${data.id}`)).toEqual(data)
  })

  test.each([
    ['2026-03-25', '2026-03-25T00:00:00.000Z'],
    ['2026-03-25T12:30Z', '2026-03-25T12:30:00.000Z'],
    ['2026-03-25T12:30:15.5-03:00', '2026-03-25T15:30:15.500Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('the due date %s is %s', async (dueDate, shown) => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const { data } = (await create({ customerAccountId, items: oneItem, dueDate })).json
    expect(data.dueDate).toBe(shown)
  })

  test('it stands in the history, the counts and the last of the customer; sealed', async () => {
    const { id } = await payments.saveCustomer({ name: 'Ivo Invoiced' })
    const items = [{ description: 'Unmistakable', amount: '1.00' }]
    const made: string[] = []
    for (const customerAccountId of spellingsOf(id)) {
      const { data } = (await create({ customerAccountId, items, memo: 'Unmistakable' })).json
      expect(data.customerAccountId).toBe(id)
      made.unshift(data.invoiceNumber)
      expect(await payments.stored('invoices', data.id)).not.toContain('Unmistakable')
    }
    const shown = await payments.read(`/customers/${id}`)
    const numbers = shown.invoices.map((one: Record<string, string>) => one['invoiceNumber'])
    expect(numbers).toEqual(made)
    const [listed] = await payments.read('/customers?search=ivo')
    expect(listed['_count'].invoices).toBe(made.length)
    expect(await payments.historyOf(id)).toEqual([
      '1 customer.created',
      ...made.map((_, index) => `${index + 2} customer.invoice.created`),
    ])
  })
})

describe('400', () => {
  const item = (fields: object) => ({ items: [{ ...oneItem[0], ...fields }] })
  test.each([
    ['no items', { items: [] }, 'items'],
    ['101 items', { items: Array(101).fill(oneItem[0]) }, 'items'],
    ['no description', { items: [{ amount: '1.00' }] }, 'items.0.description'],
    ['a blank description', item({ description: ' ' }), 'items.0.description'],
    ['a description of 501', item({ description: 'x'.repeat(501) }), 'items.0.description'],
    ['no amount', { items: [{ description: 'x' }] }, 'items.0.amount'],
    ['three places', item({ amount: '1.001' }), 'items.0.amount'],
    ['nothing', item({ amount: '0' }), 'items.0.amount'],
    ['a quantity of none', item({ quantity: 0 }), 'items.0.quantity'],
    ['half of one', item({ quantity: 1.5 }), 'items.0.quantity'],
    ['a quantity as text', item({ quantity: '1' }), 'items.0.quantity'],
    ['more than there is', item({ amount: '9999999999999.99', quantity: 2 }), 'items'],
    ['an unknown member', item({ price: '1.00' }), 'items.0.price'],
    ['a currency that is none', { currency: 'XXZ' }, 'currency'],
    ['a due date in words', { dueDate: 'tomorrow' }, 'dueDate'],
    ['30 February', { dueDate: '2026-02-30' }, 'dueDate'],
    ['a time without its offset', { dueDate: '2026-03-25T12:00:00' }, 'dueDate'],
    ['25 o’clock', { dueDate: '2026-03-25T25:00:00Z' }, 'dueDate'],
    ['before 1970', { dueDate: '1969-12-31' }, 'dueDate'],
    ['a blank memo', { memo: '' }, 'memo'],
    ['a memo of 1001', { memo: 'x'.repeat(1_001) }, 'memo'],
    ['a long value', { metadata: { note: 'x'.repeat(501) } }, 'metadata.note'],
    ['an amount beside the items', { amount: '1.00' }, 'amount'],
  ])('%s is refused by name, and nothing is written', async (_, fields, path) => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const answer = await create({ customerAccountId, items: oneItem, ...fields })
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', path))
    expect(await payments.historyOf(customerAccountId)).toEqual(['1 customer.created'])
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (customerAccountId) => {
    const answer = await create({ customerAccountId, items: oneItem })
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'customerAccountId'))
  })

  test('a subscription that is none, or is of another customer', async () => {
    const { id: customerAccountId } = await payments.saveCustomer()
    const other = await payments.saveCustomer()
    const { id } = await payments.saveSubscription({ customerAccountId: other.id })
    for (const subscriptionId of [...unknownIds('subscription'), id]) {
      const answer = await create({ customerAccountId, items: oneItem, subscriptionId })
      expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'subscriptionId'))
    }
  })
})

describe('numbers', () => {
  const numberOf = (index: number) => `INV-${String(index).padStart(5, '0')}`

  test('50 at once, with keys, repeats and refusals between them, leave no gap', async () => {
    const { key } = await payments.newApp()
    const owners: string[] = []
    for (let at = 0; at < 5; at += 1) owners.push((await payments.saveCustomer({}, key)).id)
    const right = (at: number) => {
      const body = { customerAccountId: owners[at % owners.length], items: oneItem }
      const headers: Record<string, string> =
        at % 2 === 0 ? {} : { 'idempotency-key': `key-${at % 10}` }
      // Same key, same request: of the ten that share one, one makes an invoice.
      return payments.call('POST', '/invoices', {
        key,
        headers,
        body: at % 2 === 0 ? body : { ...body, customerAccountId: owners[0] },
      })
    }
    const wrong = (at: number) =>
      create(
        at % 2 === 0
          ? { customerAccountId: owners[0], items: oneItem, memo: ' ' }
          : { customerAccountId: owners[0], items: oneItem, subscriptionId: owners[0] },
        key,
      )
    const calls = Array.from({ length: 50 }, (_, at) => (at % 5 === 4 ? wrong(at) : right(at)))
    const answers = await Promise.all(calls)
    const made = answers.filter(({ status }) => status === 201)
    const numbers = new Set<string>(made.map(({ json }) => json.data.invoiceNumber))
    const ids = new Set<string>(made.map(({ json }) => json.data.id))
    expect(numbers.size).toBe(ids.size)
    expect(ids.size).toBeGreaterThan(20)
    const all = Array.from({ length: ids.size }, (_, at) => numberOf(at + 1))
    expect([...numbers].toSorted()).toEqual(all)
    const listed = (await payments.call('GET', '/invoices?pageSize=100', { key })).json
    expect(listed.pagination.total).toBe(ids.size)
    // Newest first is also the highest number first.
    const shown = listed.data.map((one: Record<string, string>) => one['invoiceNumber'])
    expect(shown).toEqual(all.toReversed())
    const next = (await create({ customerAccountId: owners[0], items: oneItem }, key)).json
    expect(next.data.invoiceNumber).toBe(numberOf(ids.size + 1))
  })

  test('each app counts for itself, and a hundred thousandth is wider', async () => {
    const { key, app } = await payments.newApp()
    const { id: customerAccountId } = await payments.saveCustomer({}, key)
    const first = (await create({ customerAccountId, items: oneItem }, key)).json.data
    await payments.server.system.database.transaction((db) =>
      db
        .updateTable('invoice_numbers')
        .set({ last: 99_999 })
        .where('app_id', '=', app.id)
        .execute(),
    )
    const wide = (await create({ customerAccountId, items: oneItem }, key)).json.data
    expect([first.invoiceNumber, wide.invoiceNumber]).toEqual(['INV-00001', 'INV-100000'])
  })
})
