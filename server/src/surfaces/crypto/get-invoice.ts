// Owns GET /invoices/{id}.
import { invoiceErrors } from '../../core/activity/invoice.ts'
import * as invoices from '../../core/activity/invoice-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import { fromWireInvoiceId, InvoiceParams, toWireInvoice, WireInvoice } from './wire-invoice.ts'

export const getInvoice = defineOperation({
  id: 'getInvoice',
  method: 'GET',
  path: '/invoices/{id}',
  tag: 'Invoices',
  summary: 'Retrieve an invoice',
  scope: 'crypto:read',
  params: InvoiceParams,
  returns: { status: 200, description: 'The invoice', schema: Enveloped(WireInvoice) },
  errors: [invoiceErrors.invoice_not_found],
  async handle(context, { params }) {
    const invoice = await invoices.getInvoice(context, fromWireInvoiceId(params.id))
    return enveloped(toWireInvoice(invoice, context.app))
  },
})
