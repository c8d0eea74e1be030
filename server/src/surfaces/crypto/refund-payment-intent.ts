// Owns POST /payments/intents/{id}/refund.
import { intentErrors } from '../../core/activity/payment-intent.ts'
import * as intents from '../../core/activity/payment-intent-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireIntentId,
  IntentParams,
  toWireIntent,
  WireIntent,
  WireNewRefund,
} from './wire-payment-intent.ts'

export const refundPaymentIntent = defineOperation({
  id: 'refundPaymentIntent',
  method: 'POST',
  path: '/payments/intents/{id}/refund',
  tag: 'Payment intents',
  summary: 'Record a refund',
  description: 'Of the whole amount, once it was captured.',
  scope: 'crypto:write',
  params: IntentParams,
  body: WireNewRefund,
  returns: { status: 200, description: 'The payment intent', schema: Enveloped(WireIntent) },
  errors: [
    fieldErrors.field_invalid,
    intentErrors.payment_intent_not_found,
    intentErrors.payment_intent_status_refused,
  ],
  async handle(context, { params, body }) {
    const id = fromWireIntentId(params.id)
    const intent = await intents.refundPaymentIntent(context, id, body)
    return enveloped(toWireIntent(intent, context.app))
  },
})
