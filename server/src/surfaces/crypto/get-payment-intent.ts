// Owns GET /payments/intents/{id}.
import { intentErrors } from '../../core/activity/payment-intent.ts'
import * as intents from '../../core/activity/payment-intent-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import { fromWireIntentId, IntentParams, toWireIntent, WireIntent } from './wire-payment-intent.ts'

export const getPaymentIntent = defineOperation({
  id: 'getPaymentIntent',
  method: 'GET',
  path: '/payments/intents/{id}',
  tag: 'Payment intents',
  summary: 'Retrieve a payment intent',
  scope: 'crypto:read',
  params: IntentParams,
  returns: { status: 200, description: 'The payment intent', schema: Enveloped(WireIntent) },
  errors: [intentErrors.payment_intent_not_found],
  async handle(context, { params }) {
    const intent = await intents.getPaymentIntent(context, fromWireIntentId(params.id))
    return enveloped(toWireIntent(intent, context.app))
  },
})
