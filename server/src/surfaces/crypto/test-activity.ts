// Owns rows of activity for this surface's tests: many at once, in any state.

import type { TestServer } from '../../../../test/harness.ts'
import type { App } from '../../core/context.ts'
import type { InvoiceRow, PaymentIntentRow } from '../../storage/crypto-tables.ts'

interface Rows<Row> {
  app: App
  customerId: string
  count: number
  /** What the row at this place has that the others may not have. */
  columnsAt?: (at: number) => Partial<Row>
}

/** Oldest first; answers their ids. */
export async function insertIntents(
  server: TestServer,
  { app, customerId, count, columnsAt = () => ({}) }: Rows<PaymentIntentRow>,
): Promise<string[]> {
  const { ids, clock, database } = server.system
  const now = clock.now()
  const rows = Array.from({ length: count }, (_, at) => ({
    ...noIntent,
    app_id: app.id,
    id: ids(),
    customer_id: customerId,
    created_at: now,
    updated_at: now,
    ...columnsAt(at),
  }))
  for (const chunk of chunks(rows)) {
    await database.transaction((db) => db.insertInto('payment_intents').values(chunk).execute())
  }
  return rows.map(({ id }) => id)
}

/** Oldest first; answers their ids. Their numbers begin at `firstNumber`. */
export async function insertInvoices(
  server: TestServer,
  {
    app,
    customerId,
    count,
    firstNumber,
    columnsAt = () => ({}),
  }: Rows<InvoiceRow> & { firstNumber: number },
): Promise<string[]> {
  const { ids, clock, database } = server.system
  const now = clock.now()
  const rows = Array.from({ length: count }, (_, at) => ({
    ...noInvoice,
    app_id: app.id,
    id: ids(),
    customer_id: customerId,
    number: firstNumber + at,
    created_at: now,
    updated_at: now,
    ...columnsAt(at),
  }))
  for (const chunk of chunks(rows)) {
    await database.transaction((db) => db.insertInto('invoices').values(chunk).execute())
  }
  return rows.map(({ id }) => id)
}

export async function insertCounts(
  server: TestServer,
  { app, customerId, counts }: { app: App; customerId: string; counts: [number, number, number] },
): Promise<void> {
  const [payment_intents, subscriptions, invoices] = counts
  const row = { app_id: app.id, customer_id: customerId, payment_intents, subscriptions, invoices }
  await server.system.database.transaction((db) =>
    db.insertInto('activity_counts').values(row).execute(),
  )
}

/** As many rows as one statement has parameters for, on either engine. */
const chunkSize = 1_000

function chunks<T>(rows: T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / chunkSize) }, (_, at) =>
    rows.slice(at * chunkSize, (at + 1) * chunkSize),
  )
}

const noIntent = {
  external_id: null,
  status: 'CREATED',
  amount_minor: 2_500,
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
}

const noInvoice = {
  status: 'DRAFT',
  subtotal_minor: 2_500,
  tax_minor: 0,
  total_minor: 2_500,
  currency: 'USD',
  subscription_id: null,
  payment_intent_id: null,
  details: new Uint8Array(),
  due_at: null,
  opened_at: null,
  paid_at: null,
  voided_at: null,
}
