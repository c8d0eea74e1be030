// Owns POST /invoices/{id}/void.
import { invoiceErrors } from '../../core/activity/invoice.ts'
import * as invoices from '../../core/activity/invoice-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import { fromWireInvoiceId, InvoiceParams, toWireInvoice, WireInvoice } from './wire-invoice.ts'

export const voidInvoice = defineOperation({
  id: 'voidInvoice',
  method: 'POST',
  path: '/invoices/{id}/void',
  tag: 'Invoices',
  summary: 'Void an invoice',
  description: 'Unless it was paid. Its number stays taken.',
  scope: 'crypto:write',
  params: InvoiceParams,
  returns: { status: 200, description: 'The invoice', schema: Enveloped(WireInvoice) },
  errors: [invoiceErrors.invoice_not_found, invoiceErrors.invoice_status_refused],
  async handle(context, { params }) {
    const id = fromWireInvoiceId(params.id)
    const invoice = await invoices.voidInvoice(context, id)
    return enveloped(toWireInvoice(invoice, context.app))
  },
})
