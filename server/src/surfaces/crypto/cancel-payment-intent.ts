// Owns POST /payments/intents/{id}/cancel.
import { intentErrors } from '../../core/activity/payment-intent.ts'
import * as intents from '../../core/activity/payment-intent-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import { fromWireIntentId, IntentParams, toWireIntent, WireIntent } from './wire-payment-intent.ts'

export const cancelPaymentIntent = defineOperation({
  id: 'cancelPaymentIntent',
  method: 'POST',
  path: '/payments/intents/{id}/cancel',
  tag: 'Payment intents',
  summary: 'Cancel a payment intent',
  description: 'Only while nothing was captured.',
  scope: 'crypto:write',
  params: IntentParams,
  returns: { status: 200, description: 'The payment intent', schema: Enveloped(WireIntent) },
  errors: [intentErrors.payment_intent_not_found, intentErrors.payment_intent_status_refused],
  async handle(context, { params }) {
    const id = fromWireIntentId(params.id)
    const intent = await intents.cancelPaymentIntent(context, id)
    return enveloped(toWireIntent(intent, context.app))
  },
})
