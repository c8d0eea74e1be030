// Owns the vocabulary of invoices: states, moves, refusals, events.
import { defineErrors } from '../errors.ts'
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
