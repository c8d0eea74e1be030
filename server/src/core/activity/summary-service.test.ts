// Owns the proof of what stands beside a customer: the newest of its activity, and its counts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import type { ActivityCounts } from './activity.ts'
import { activityCountsOf, recentActivity } from './summary-service.ts'
import { countActivity } from './summary-store.ts'

let server: TestServer
let context: Context
let otherApp: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  otherApp = server.contextOf(server.liveApp)
})
afterAll(() => server.close())

/** Rows alone, oldest first; answers their ids. */
async function insertIntents(of: Context, customerId: string | null, count: number) {
  const rows = Array.from({ length: count }, (_, at) => ({
    app_id: of.app.id,
    id: of.ids(),
    customer_id: customerId,
    external_id: null,
    status: 'CREATED',
    amount_minor: at,
    currency: 'USD',
    capture_mode: 'AUTOMATIC',
    wallet_id: null,
    method: null,
    chain_id: null,
    token_key: null,
    crypto_amount: null,
    data_key: null,
    details: new Uint8Array(),
    authorized_at: null,
    captured_at: null,
    refunded_at: null,
    cancelled_at: null,
    created_at: at,
    updated_at: at,
  }))
  await of.database.transaction((db) => db.insertInto('payment_intents').values(rows).execute())
  return rows.map(({ id }) => id)
}

let lastNumber = 0
async function insertInvoices(of: Context, customerId: string, count: number) {
  const rows = Array.from({ length: count }, (_, at) => {
    lastNumber += 1
    return {
      app_id: of.app.id,
      id: of.ids(),
      customer_id: customerId,
      number: lastNumber,
      status: 'DRAFT',
      subtotal_minor: at,
      tax_minor: 1,
      total_minor: at + 1,
      currency: 'EUR',
      subscription_id: null,
      payment_intent_id: null,
      details: new Uint8Array(),
      due_at: null,
      opened_at: null,
      paid_at: null,
      voided_at: null,
      created_at: at,
      updated_at: at,
    }
  })
  await of.database.transaction((db) => db.insertInto('invoices').values(rows).execute())
  return rows.map(({ id }) => id)
}

const newest = (ids: string[]) => ids.slice(-50).reverse()
const idsOf = (entries: { id: string }[]) => entries.map(({ id }) => id)

describe('the newest', () => {
  test('of nothing is nothing', async () => {
    const none = { paymentIntents: [], invoices: [] }
    expect(await recentActivity(context, context.ids())).toEqual(none)
  })

  test('50 of each, newest first, whatever others did meanwhile', async () => {
    const [customerId, other] = [context.ids(), context.ids()]
    const intents = await insertIntents(context, customerId, 51)
    const invoices = await insertInvoices(context, customerId, 51)
    await insertIntents(context, other, 3)
    await insertIntents(context, null, 3)
    await insertInvoices(context, other, 3)
    const shown = await recentActivity(context, customerId)
    expect(idsOf(shown.paymentIntents)).toEqual(newest(intents))
    expect(idsOf(shown.invoices)).toEqual(newest(invoices))
    expect(shown.paymentIntents).toHaveLength(50)
  })

  test('shows few fields, amounts in minor units', async () => {
    const customerId = context.ids()
    const [intentId] = await insertIntents(context, customerId, 1)
    const [invoiceId] = await insertInvoices(context, customerId, 1)
    expect(await recentActivity(context, customerId)).toEqual({
      paymentIntents: [
        {
          id: intentId,
          status: 'CREATED',
          amountMinor: 0,
          currency: 'USD',
          cryptoAmount: null,
          tokenKey: null,
          chainId: null,
          createdAt: 0,
          capturedAt: null,
        },
      ],
      invoices: [
        {
          id: invoiceId,
          number: lastNumber,
          status: 'DRAFT',
          totalMinor: 1,
          currency: 'EUR',
          dueAt: null,
          paidAt: null,
          createdAt: 0,
        },
      ],
    })
  })

  test("is this app's alone", async () => {
    const customerId = context.ids()
    await insertIntents(otherApp, customerId, 1)
    await insertInvoices(otherApp, customerId, 1)
    const none = { paymentIntents: [], invoices: [] }
    expect(await recentActivity(context, customerId)).toEqual(none)
    expect((await recentActivity(otherApp, customerId)).invoices).toHaveLength(1)
  })
})

describe('the counts', () => {
  const kinds = ['paymentIntents', 'subscriptions', 'invoices'] as const
  const countOne = (of: Context, customerId: string, kind: keyof ActivityCounts) =>
    inTransaction(of, (tx) =>
      countActivity(tx.db, { appId: of.app.id, customerId }, kind).execute(),
    )

  test('a customer who did nothing is not among them', async () => {
    expect(await activityCountsOf(context, [context.ids()])).toEqual(new Map())
    expect(await activityCountsOf(context, [])).toEqual(new Map())
  })

  test('rise by one for each of a kind, also when 30 come at once', async () => {
    const [first, second] = [context.ids(), context.ids()]
    await Promise.all(
      Array.from({ length: 30 }, (_, at) => {
        const kind = kinds[at % 5 === 0 ? 0 : at % 2 === 0 ? 1 : 2] ?? 'invoices'
        return countOne(context, first, kind)
      }),
    )
    await countOne(context, second, 'subscriptions')
    expect(await activityCountsOf(context, [first, second])).toEqual(
      new Map([
        [first, { paymentIntents: 6, subscriptions: 12, invoices: 12 }],
        [second, { paymentIntents: 0, subscriptions: 1, invoices: 0 }],
      ]),
    )
  })

  test('go with the transaction that they are counted in', async () => {
    const customerId = context.ids()
    const undone = inTransaction(context, async (tx) => {
      await countActivity(tx.db, { appId: tx.app.id, customerId }, 'invoices').execute()
      throw new Error('refused')
    })
    await expect(undone).rejects.toThrow('refused')
    expect(await activityCountsOf(context, [customerId])).toEqual(new Map())
  })

  test("are this app's alone", async () => {
    const customerId = context.ids()
    await countOne(otherApp, customerId, 'invoices')
    expect(await activityCountsOf(context, [customerId])).toEqual(new Map())
  })
})
