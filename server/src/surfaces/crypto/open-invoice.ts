// Owns POST /invoices/{id}/open.
import { invoiceErrors } from '../../core/activity/invoice.ts'
import * as invoices from '../../core/activity/invoice-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import { fromWireInvoiceId, InvoiceParams, toWireInvoice, WireInvoice } from './wire-invoice.ts'

export const openInvoice = defineOperation({
  id: 'openInvoice',
  method: 'POST',
  path: '/invoices/{id}/open',
  tag: 'Invoices',
  summary: 'Open an invoice',
  description: 'Only a draft. From then on it is to be paid.',
  scope: 'crypto:write',
  params: InvoiceParams,
  returns: { status: 200, description: 'The invoice', schema: Enveloped(WireInvoice) },
  errors: [
    invoiceErrors.invoice_not_found,
    invoiceErrors.invoice_status_refused,
    bankingErrors.customer_status_forbids,
  ],
  async handle(context, { params }) {
    const id = fromWireInvoiceId(params.id)
    const invoice = await invoices.openInvoice(context, id)
    return enveloped(toWireInvoice(invoice, context.app))
  },
})
