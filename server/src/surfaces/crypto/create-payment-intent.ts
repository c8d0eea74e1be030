// Owns POST /payments/intents.
import * as intents from '../../core/activity/payment-intent-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireNewIntent,
  toWireIntent,
  WireIntent,
  WireNewIntent,
} from './wire-payment-intent.ts'

export const createPaymentIntent = defineOperation({
  id: 'createPaymentIntent',
  method: 'POST',
  path: '/payments/intents',
  tag: 'Payment intents',
  summary: 'Create a payment intent',
  description:
    'The record of a payment that is to come; no money moves here. It may name nobody: then ' +
    'it belongs to the app alone.',
  scope: 'crypto:write',
  body: WireNewIntent,
  returns: { status: 201, description: 'The payment intent', schema: Enveloped(WireIntent) },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
  ],
  async handle(context, { body }) {
    const intent = await intents.createPaymentIntent(context, fromWireNewIntent(body))
    return enveloped(toWireIntent(intent, context.app))
  },
})
