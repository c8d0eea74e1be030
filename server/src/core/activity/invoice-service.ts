// Owns what may happen to an invoice, and that its number follows the one before.
import { present } from '../../lib/assert.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { DataKey } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { holdCustomer, recordChange } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { checkMetadata, checkText, type Metadata, refuseField } from '../fields.ts'
import { enforce } from '../rules.ts'
import {
  type ActivityFilter,
  type ActivityPosition,
  inOrder,
  selectActivityPage,
} from './activity-list-store.ts'
import { holdOwner } from './activity-owner.ts'
import {
  checkAmount,
  checkCurrency,
  checkSubtotal,
  itemDescriptionLengthMax,
  itemsMax,
  memoLengthMax,
} from './activity-rules.ts'
import { openDetails, openKeys, sealDetails } from './activity-seal.ts'
import { ownerRules } from './charge-rules.ts'
import {
  type Invoice,
  type InvoiceItem,
  type InvoiceStatus,
  invoiceErrors,
  invoiceEvents,
  invoiceMachine,
  invoiceStatusAt,
} from './invoice.ts'
import {
  type InvoiceDetails,
  insertInvoice,
  type StoredInvoice,
  selectInvoice,
  selectInvoices,
  takeInvoiceNumber,
  updateInvoice,
} from './invoice-store.ts'
import { intentErrors } from './payment-intent.ts'
import { selectIntent } from './payment-intent-store.ts'
import { subscriptionErrors } from './subscription.ts'
import { selectSubscription } from './subscription-store.ts'
import { countActivity } from './summary-store.ts'

export interface NewInvoice {
  customerId: string
  items: { description: string; amount: string; quantity: number }[]
  currency: string
  dueAt: number | null
  memo: string | null
  subscriptionId: string | null
  metadata: Metadata
}

/**
 * A draft. Errors: `field_invalid`, `customer_not_found`, `subscription_not_found`.
 * Event: `customer.invoice.created`.
 */
export async function createInvoice(context: Context, input: NewInvoice): Promise<Invoice> {
  const { items, subtotalMinor } = checkNewInvoice(input)
  return inTransaction(context, async (tx) => {
    const held = await holdOwner(tx, input.customerId)
    const appId = tx.app.id
    const { customerId, subscriptionId } = input
    if (subscriptionId !== null) await checkSubscription(tx, { customerId, subscriptionId })
    // Last of all that can be refused: from here until the commit the others wait for their number.
    const number = await takeInvoiceNumber(tx.db, appId)
    const now = tx.clock.now()
    const sums = { subtotalMinor, taxMinor: 0, totalMinor: subtotalMinor }
    const made = { status: 'DRAFT' as const, createdAt: now, updatedAt: now }
    const invoice: Invoice = {
      ...input,
      id: tx.ids(),
      number,
      items,
      ...sums,
      paymentIntentId: null,
      openedAt: null,
      paidAt: null,
      voidedAt: null,
      ...made,
    }
    const stored = seal(tx, held.dataKey, invoice)
    const change = { type: invoiceEvents.created, changes: { invoice } }
    await recordChange(tx, held, change, (db) => [
      insertInvoice(db, stored),
      countActivity(db, { appId, customerId }, 'invoices'),
    ])
    return invoice
  })
}

/** Errors: `invoice_not_found`, also for another app's. */
export async function getInvoice(context: Context, id: string): Promise<Invoice> {
  const stored = await selectInvoice(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(invoiceErrors.invoice_not_found)
  const keyOf = await openKeys(context, [stored])
  return shownAt(context.clock.now(), open(context, keyOf(stored), stored))
}

/** Newest first, with how many there are in all. */
export async function listInvoices(
  context: Context,
  filter: { status: InvoiceStatus | null },
  page: ActivityPosition,
): Promise<{ count: number; invoices: Invoice[] }> {
  const appId = context.app.id
  const now = context.clock.now()
  const of = storedAs(appId, filter.status, now)
  const { count, ids } = await selectActivityPage(context.db, 'invoices', of, page)
  const rows = inOrder(ids, await selectInvoices(context.db, { appId, ids }))
  const keyOf = await openKeys(context, rows)
  return { count, invoices: rows.map((row) => shownAt(now, open(context, keyOf(row), row))) }
}

/**
 * Nothing new is asked of whom the bank has closed; what was asked may still be paid or voided.
 * Errors: `invoice_not_found`, `invoice_status_refused`, `customer_status_forbids`.
 * Event: `customer.invoice.opened`.
 */
export function openInvoice(context: Context, id: string): Promise<Invoice> {
  return changeInvoice(context, id, (invoice, { now, held }) => {
    invoiceMachine.checkMove(invoice.status, 'OPEN')
    enforce(ownerRules(held.customer))
    const set = { status: 'OPEN' as const, openedAt: now }
    return { type: invoiceEvents.opened, set }
  })
}

/** Errors: `invoice_not_found`, `invoice_status_refused`. Event: `customer.invoice.voided`. */
export function voidInvoice(context: Context, id: string): Promise<Invoice> {
  return changeInvoice(context, id, (invoice, { now }) => {
    invoiceMachine.checkMove(invoice.status, 'VOID')
    const set = { status: 'VOID' as const, voidedAt: now }
    return { type: invoiceEvents.voided, set }
  })
}

/**
 * By a payment intent of the same customer, or by what nobody told of. Errors: `invoice_not_found`,
 * `invoice_status_refused`, `payment_intent_not_found`, `invoice_intent_not_captured`.
 * Event: `customer.invoice.paid`.
 */
export function payInvoice(
  context: Context,
  id: string,
  input: { paymentIntentId: string | null },
): Promise<Invoice> {
  const { paymentIntentId } = input
  return changeInvoice(context, id, async (invoice, { tx, now }) => {
    invoiceMachine.checkMove(invoice.status, 'PAID')
    if (paymentIntentId !== null) await checkIntent(tx, invoice.customerId, paymentIntentId)
    const set = { status: 'PAID' as const, paidAt: now, paymentIntentId }
    return { type: invoiceEvents.paid, set }
  })
}

interface InvoiceMove {
  type: string
  set: Partial<Invoice> & { status: InvoiceStatus }
}

interface Moment {
  tx: Context
  held: HeldCustomer
  now: number
}

type Decide = (invoice: Invoice, moment: Moment) => InvoiceMove | Promise<InvoiceMove>

/** Holds the customer, and so the invoice; decides by what is shown, and writes with the event. */
function changeInvoice(context: Context, id: string, decide: Decide): Promise<Invoice> {
  return inTransaction(context, async (tx) => {
    const key = { appId: tx.app.id, id }
    const found = await selectInvoice(tx.db, key)
    if (!found) throw new AppError(invoiceErrors.invoice_not_found)
    const held = await holdCustomer(tx, found.customerId)
    const stored = present(await selectInvoice(tx.db, key), 'no invoice is ever deleted')
    const now = tx.clock.now()
    const invoice = shownAt(now, open(tx, held.dataKey, stored))
    const { type, set } = await decide(invoice, { tx, held, now })
    const moved = { ...set, updatedAt: now }
    const change = { type, changes: { invoice: { id, number: invoice.number, ...set } } }
    await recordChange(tx, held, change, (db) => [updateInvoice(db, { ...stored, ...moved })])
    return shownAt(now, { ...invoice, ...moved })
  })
}

function checkNewInvoice(input: NewInvoice): { items: InvoiceItem[]; subtotalMinor: number } {
  const { length } = input.items
  if (length === 0) refuseField('items', 'is empty')
  if (length > itemsMax) refuseField('items', `has more than ${itemsMax} entries`)
  const items = input.items.map(({ description, amount, quantity }, index) => {
    const at = `items.${index}`
    checkText(`${at}.description`, description, itemDescriptionLengthMax)
    return { description, amountMinor: checkAmount(`${at}.amount`, amount), quantity }
  })
  checkCurrency('currency', input.currency)
  if (input.memo !== null) checkText('memo', input.memo, memoLengthMax)
  checkMetadata('metadata', input.metadata)
  return { items, subtotalMinor: checkSubtotal('items', items) }
}

async function checkSubscription(
  tx: Context,
  wanted: { customerId: string; subscriptionId: string },
): Promise<void> {
  const key = { appId: tx.app.id, id: wanted.subscriptionId }
  const subscription = await selectSubscription(tx.db, key)
  if (subscription?.customerId === wanted.customerId) return
  throw new AppError(subscriptionErrors.subscription_not_found, { param: 'subscriptionId' })
}

async function checkIntent(tx: Context, customerId: string, id: string): Promise<void> {
  const intent = await selectIntent(tx.db, { appId: tx.app.id, id })
  const param = 'paymentIntentId'
  if (intent?.customerId !== customerId) {
    throw new AppError(intentErrors.payment_intent_not_found, { param })
  }
  if (intent.status === 'CAPTURED' || intent.status === 'SETTLED') return
  const detail = `paymentIntentId: is ${intent.status}, and neither CAPTURED nor SETTLED.`
  throw new AppError(invoiceErrors.invoice_intent_not_captured, { param, detail })
}

/** Which rows have a status at an instant: see `invoiceStatusAt`. */
function storedAs(appId: string, status: InvoiceStatus | null, now: number): ActivityFilter {
  if (status === 'PAST_DUE') return { appId, status: 'OPEN', due: { isPast: true, now } }
  if (status === 'OPEN') return { appId, status, due: { isPast: false, now } }
  return { appId, status }
}

function shownAt(now: number, invoice: Invoice): Invoice {
  return { ...invoice, status: invoiceStatusAt(invoice, now) }
}

const noun = 'invoice'

function seal(context: Context, dataKey: DataKey, invoice: Invoice): StoredInvoice {
  const { items, memo, metadata, ...plain } = invoice
  const details: InvoiceDetails = { items, memo, metadata }
  const { id, customerId } = invoice
  const sealedDetails = sealDetails(context, { noun, id, customerId, dataKey }, details)
  return { ...plain, appId: context.app.id, sealedDetails }
}

function open(context: Context, dataKey: DataKey, stored: StoredInvoice): Invoice {
  const { appId, sealedDetails, ...plain } = stored
  const { id, customerId } = stored
  const text = openDetails(context, { noun, id, customerId, dataKey }, sealedDetails)
  const details: InvoiceDetails = JSON.parse(text)
  return { ...plain, ...details }
}
