// Owns the proof of invoices through the service: moves from every state, and numbers without gaps.
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { recordQueries } from '../../../../test/recorded-queries.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { type InvoiceStatus, invoiceMachine, invoiceStatuses } from './invoice.ts'
import {
  createInvoice,
  getInvoice,
  listInvoices,
  type NewInvoice,
  openInvoice,
  payInvoice,
  voidInvoice,
} from './invoice-service.ts'

let server: TestServer
let context: Context
let customerId: string
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  customerId = (await createCustomer(context, { kind: 'individual', name: 'Ada' })).id
})
afterAll(() => server.close())
afterEach(() => vi.restoreAllMocks())

const newInvoice = (more: Partial<NewInvoice> = {}): NewInvoice => ({
  customerId,
  items: [{ description: 'Annual plan', amount: '25.00', quantity: 2 }],
  currency: 'USD',
  dueAt: null,
  memo: null,
  subscriptionId: null,
  metadata: {},
  ...more,
})

const moves = {
  open: { to: 'OPEN', make: (id: string) => openInvoice(context, id) },
  pay: { to: 'PAID', make: (id: string) => payInvoice(context, id, { paymentIntentId: null }) },
  void: { to: 'VOID', make: (id: string) => voidInvoice(context, id) },
} as const satisfies Record<string, { to: InvoiceStatus; make(id: string): Promise<unknown> }>

/** The code of a refusal, or `done`. */
async function outcomeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act
    return 'done'
  } catch (error) {
    if (error instanceof AppError) return `${error.definition.kind} ${error.definition.code}`
    throw error
  }
}

const refused = 'conflict invoice_status_refused'

describe('moves', () => {
  test.each(Object.entries(moves))('%s from every state, as the table says', async (_, move) => {
    for (const from of invoiceStatuses) {
      // PAST_DUE is never stored: it is an open one that time has passed by.
      const dueAt = from === 'PAST_DUE' ? 1 : null
      const { id } = await createInvoice(context, newInvoice({ dueAt }))
      const status = from === 'PAST_DUE' ? 'OPEN' : from
      await server.system.database.transaction((db) =>
        db.updateTable('invoices').set({ status }).where('id', '=', id).execute(),
      )
      expect((await getInvoice(context, id)).status).toBe(from)
      const isMove = invoiceMachine.canMove(from, move.to)
      expect([from, await outcomeOf(move.make(id))]).toEqual([from, isMove ? 'done' : refused])
      expect((await getInvoice(context, id)).status).toBe(isMove ? move.to : from)
    }
  })

  test('whatever is tried in whatever order, also past its date, the state follows', async () => {
    const names = fc.constantFrom(...(Object.keys(moves) as (keyof typeof moves)[]))
    await fc.assert(
      fc.asyncProperty(fc.array(names, { maxLength: 6 }), fc.boolean(), async (tried, isDue) => {
        const { id } = await createInvoice(context, newInvoice({ dueAt: isDue ? 1 : null }))
        let status: InvoiceStatus = 'DRAFT'
        for (const name of tried) {
          const move = moves[name]
          const isMove = invoiceMachine.canMove(status, move.to)
          expect(await outcomeOf(move.make(id))).toBe(isMove ? 'done' : refused)
          if (isMove) status = move.to === 'OPEN' && isDue ? 'PAST_DUE' : move.to
          expect((await getInvoice(context, id)).status).toBe(status)
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('numbers', () => {
  async function newApp(): Promise<Context> {
    const { test: app } = await createMerchant(server.system, 'Numbered')
    return server.contextOf(app)
  }
  async function numbersOf(of: Context): Promise<number[]> {
    const rows = await server.system.db
      .selectFrom('invoices')
      .select('number')
      .where('app_id', '=', of.app.id)
      .orderBy('number')
      .execute()
    return rows.map(({ number }) => Number(number))
  }
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

  test('what is rolled back leaves no gap, however many fall between', async () => {
    const of = await newApp()
    const owners: string[] = []
    for (let at = 0; at < 5; at += 1) {
      owners.push((await createCustomer(of, { kind: 'individual', name: 'Ada' })).id)
    }
    const create = (at: number) =>
      server.system.database.transaction(async (db) => {
        const owner = owners[at % owners.length] ?? ''
        const invoice = await createInvoice({ ...of, db }, newInvoice({ customerId: owner }))
        if (at % 3 === 0) throw new Error('afterwards')
        return invoice.number
      })
    const results = await Promise.allSettled(Array.from({ length: 50 }, (_, at) => create(at)))
    const made = results.filter(({ status }) => status === 'fulfilled')
    const reasons = results.flatMap((one) =>
      one.status === 'rejected' ? [one.reason.message] : [],
    )
    expect(new Set(reasons)).toEqual(new Set(['afterwards']))
    expect(made).toHaveLength(33)
    expect(await numbersOf(of)).toEqual(upTo(33))
    expect((await createInvoice(of, newInvoice({ customerId: owners[0] ?? '' }))).number).toBe(34)
  })

  test('50 at once for one customer are numbered from one to fifty, in the order of their ids', async () => {
    const of = await newApp()
    const { id } = await createCustomer(of, { kind: 'individual', name: 'Ada' })
    const calls = upTo(50).map(() => createInvoice(of, newInvoice({ customerId: id })))
    const made = await Promise.all(calls)
    const byId = made.toSorted((left, right) => (left.id < right.id ? -1 : 1))
    expect(byId.map(({ number }) => number)).toEqual(upTo(50))
    const counts = await server.system.db
      .selectFrom('activity_counts')
      .select('invoices')
      .where('customer_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(Number(counts.invoices)).toBe(50)
  })
})

test('a page takes as many queries for 40 customers as for one', async () => {
  const queriesOf = async (limit: number) => {
    const recorded = recordQueries(server)
    const { invoices } = await listInvoices(context, { status: null }, { limit, offset: 0 })
    vi.restoreAllMocks()
    return [invoices.length, recorded.length]
  }
  for (let index = 0; index < 40; index += 1) {
    const { id } = await createCustomer(context, { kind: 'individual', name: 'Ada' })
    await createInvoice(context, newInvoice({ customerId: id }))
  }
  expect(await queriesOf(1)).toEqual([1, 4])
  expect(await queriesOf(40)).toEqual([40, 4])
})
