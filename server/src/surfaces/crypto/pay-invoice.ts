// Owns POST /invoices/{id}/pay.
import { invoiceErrors } from '../../core/activity/invoice.ts'
import * as invoices from '../../core/activity/invoice-service.ts'
import { intentErrors } from '../../core/activity/payment-intent.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireInvoiceId,
  fromWirePayment,
  InvoiceParams,
  toWireInvoice,
  WireInvoice,
  WireNewPayment,
} from './wire-invoice.ts'

export const payInvoice = defineOperation({
  id: 'payInvoice',
  method: 'POST',
  path: '/invoices/{id}/pay',
  tag: 'Invoices',
  summary: 'Record that an invoice was paid',
  description:
    'Also one that is past due. A payment intent that is named belongs to the same customer, ' +
    'and is `CAPTURED` or `SETTLED`.',
  scope: 'crypto:write',
  params: InvoiceParams,
  body: WireNewPayment,
  isBodyOptional: true,
  returns: { status: 200, description: 'The invoice', schema: Enveloped(WireInvoice) },
  errors: [
    invoiceErrors.invoice_not_found,
    invoiceErrors.invoice_status_refused,
    intentErrors.payment_intent_not_found,
    invoiceErrors.invoice_intent_not_captured,
  ],
  async handle(context, { params, body }) {
    const id = fromWireInvoiceId(params.id)
    const invoice = await invoices.payInvoice(context, id, fromWirePayment(body))
    return enveloped(toWireInvoice(invoice, context.app))
  },
})
