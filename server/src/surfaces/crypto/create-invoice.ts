// Owns POST /invoices.
import * as invoices from '../../core/activity/invoice-service.ts'
import { subscriptionErrors } from '../../core/activity/subscription.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import { fromWireNewInvoice, toWireInvoice, WireInvoice, WireNewInvoice } from './wire-invoice.ts'

export const createInvoice = defineOperation({
  id: 'createInvoice',
  method: 'POST',
  path: '/invoices',
  tag: 'Invoices',
  summary: 'Create an invoice',
  description:
    'A draft. `total` is what the items come to; numbers rise by one within an app, without ' +
    'gaps.',
  scope: 'crypto:write',
  body: WireNewInvoice,
  returns: { status: 201, description: 'The invoice', schema: Enveloped(WireInvoice) },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    subscriptionErrors.subscription_not_found,
  ],
  async handle(context, { body }) {
    const invoice = await invoices.createInvoice(context, fromWireNewInvoice(body))
    return enveloped(toWireInvoice(invoice, context.app))
  },
})
