// Owns the SQL of the invoices and invoice_numbers tables.
import type { Kysely, Selectable } from 'kysely'
import type { InvoiceRow } from '../../storage/crypto-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { Invoice, InvoiceStatus } from './invoice.ts'

/** What of an invoice is sealed. */
export type InvoiceDetails = Pick<Invoice, 'items' | 'memo' | 'metadata'>

/** An invoice as stored: its details still sealed. */
export interface StoredInvoice extends Omit<Invoice, keyof InvoiceDetails> {
  appId: string
  sealedDetails: Uint8Array
}

/**
 * The next number. Whoever takes one holds the row until the transaction ends: the others wait, and
 * a number that is rolled back is the next one's.
 */
export async function takeInvoiceNumber(db: Kysely<Tables>, appId: string): Promise<number> {
  const row = await db
    .insertInto('invoice_numbers')
    .values({ app_id: appId, last: 1 })
    .onConflict((conflict) =>
      conflict.column('app_id').doUpdateSet((eb) => ({ last: eb('invoice_numbers.last', '+', 1) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow()
  return Number(row.last)
}

export function insertInvoice(db: Kysely<Tables>, invoice: StoredInvoice): Write {
  return db.insertInto('invoices').values(toRow(invoice))
}

/** What is sealed in an invoice never changes. */
export function updateInvoice(db: Kysely<Tables>, invoice: StoredInvoice): Write {
  return db
    .updateTable('invoices')
    .set({
      status: invoice.status,
      payment_intent_id: invoice.paymentIntentId,
      opened_at: invoice.openedAt,
      paid_at: invoice.paidAt,
      voided_at: invoice.voidedAt,
      updated_at: invoice.updatedAt,
    })
    .where('app_id', '=', invoice.appId)
    .where('id', '=', invoice.id)
}

export async function selectInvoice(
  db: Kysely<Tables>,
  key: { appId: string; id: string },
): Promise<StoredInvoice | null> {
  return (await selectInvoices(db, { appId: key.appId, ids: [key.id] }))[0] ?? null
}

/** In no order. */
export async function selectInvoices(
  db: Kysely<Tables>,
  filter: { appId: string; ids: string[] },
): Promise<StoredInvoice[]> {
  if (filter.ids.length === 0) return []
  const rows = await db
    .selectFrom('invoices')
    .selectAll()
    .where('app_id', '=', filter.appId)
    .where('id', 'in', filter.ids)
    .execute()
  return rows.map(fromRow)
}

function toRow(invoice: StoredInvoice): InvoiceRow {
  return {
    app_id: invoice.appId,
    id: invoice.id,
    customer_id: invoice.customerId,
    number: invoice.number,
    status: invoice.status,
    subtotal_minor: invoice.subtotalMinor,
    tax_minor: invoice.taxMinor,
    total_minor: invoice.totalMinor,
    currency: invoice.currency,
    subscription_id: invoice.subscriptionId,
    payment_intent_id: invoice.paymentIntentId,
    details: invoice.sealedDetails,
    due_at: invoice.dueAt,
    opened_at: invoice.openedAt,
    paid_at: invoice.paidAt,
    voided_at: invoice.voidedAt,
    created_at: invoice.createdAt,
    updated_at: invoice.updatedAt,
  }
}

function fromRow(row: Selectable<InvoiceRow>): StoredInvoice {
  return {
    appId: row.app_id,
    id: row.id,
    customerId: row.customer_id,
    number: row.number,
    status: row.status as InvoiceStatus,
    subtotalMinor: row.subtotal_minor,
    taxMinor: row.tax_minor,
    totalMinor: row.total_minor,
    currency: row.currency,
    subscriptionId: row.subscription_id,
    paymentIntentId: row.payment_intent_id,
    sealedDetails: row.details,
    dueAt: row.due_at,
    openedAt: row.opened_at,
    paidAt: row.paid_at,
    voidedAt: row.voided_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
