// Owns the vocabulary of invoices: states, moves, refusals, events.
import { defineErrors } from '../errors.ts'
import type { Metadata } from '../fields.ts'
import { defineMachine } from '../status.ts'

export const invoiceStatuses = [
  'DRAFT',
  'OPEN',
  'PAID',
  'PAST_DUE',
  'VOID',
  'UNCOLLECTIBLE',
] as const
export type InvoiceStatus = (typeof invoiceStatuses)[number]

export interface InvoiceItem {
  description: string
  /** Of one; hundredths, whatever the currency. */
  amountMinor: number
  quantity: number
}

export interface Invoice {
  id: string
  customerId: string
  /** Rises by one within an app. */
  number: number
  status: InvoiceStatus
  subtotalMinor: number
  taxMinor: number
  totalMinor: number
  currency: string
  subscriptionId: string | null
  /** What paid it. */
  paymentIntentId: string | null
  items: InvoiceItem[]
  memo: string | null
  metadata: Metadata
  /** Milliseconds since the epoch. */
  dueAt: number | null
  openedAt: number | null
  paidAt: number | null
  voidedAt: number | null
  createdAt: number
  updatedAt: number
}

export const invoiceErrors = defineErrors({
  invoice_not_found: {
    kind: 'missing',
    title: 'No such invoice',
    detail: 'There is no invoice with this id.',
    fix: 'Check the id, and that the key belongs to the app that made the invoice.',
  },
  invoice_status_refused: {
    kind: 'conflict',
    title: 'Status does not allow it',
    detail: 'The status of the invoice does not allow this move.',
    fix: 'Read the invoice again and decide by its status.',
  },
  invoice_intent_not_captured: {
    kind: 'conflict',
    title: 'Payment intent not captured',
    detail: 'The payment intent is neither CAPTURED nor SETTLED, so it paid nothing.',
    fix: 'Capture the payment intent first, or pay the invoice without naming one.',
  },
})

export const invoiceMachine = defineMachine<InvoiceStatus>(
  {
    DRAFT: ['OPEN', 'VOID'],
    OPEN: ['PAID', 'PAST_DUE', 'VOID', 'UNCOLLECTIBLE'],
    PAST_DUE: ['PAID', 'VOID', 'UNCOLLECTIBLE'],
    UNCOLLECTIBLE: ['PAID', 'VOID'],
    PAID: [],
    VOID: [],
  },
  invoiceErrors.invoice_status_refused,
)

export const invoiceEvents = {
  created: 'customer.invoice.created',
  opened: 'customer.invoice.opened',
  paid: 'customer.invoice.paid',
  voided: 'customer.invoice.voided',
} as const

/**
 * The status at an instant: time alone makes an open invoice PAST_DUE, so that state is never
 * stored, and no worker has to come by for it to be true.
 */
export function invoiceStatusAt(
  invoice: Pick<Invoice, 'status' | 'dueAt'>,
  now: number,
): InvoiceStatus {
  const { status, dueAt } = invoice
  return status === 'OPEN' && dueAt !== null && dueAt <= now ? 'PAST_DUE' : status
}
