// Owns POST /payments/intents/{id}/capture.
import { intentErrors } from '../../core/activity/payment-intent.ts'
import * as intents from '../../core/activity/payment-intent-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireIntentId,
  IntentParams,
  toWireIntent,
  WireIntent,
  WireNewCapture,
} from './wire-payment-intent.ts'

export const capturePaymentIntent = defineOperation({
  id: 'capturePaymentIntent',
  method: 'POST',
  path: '/payments/intents/{id}/capture',
  tag: 'Payment intents',
  summary: 'Record a capture',
  description:
    'Of a payment intent that is authorized, or whose capture failed. It becomes `CAPTURED`.',
  scope: 'crypto:write',
  params: IntentParams,
  body: WireNewCapture,
  isBodyOptional: true,
  returns: { status: 200, description: 'The payment intent', schema: Enveloped(WireIntent) },
  errors: [
    fieldErrors.field_invalid,
    intentErrors.payment_intent_not_found,
    bankingErrors.customer_status_forbids,
    intentErrors.payment_intent_status_refused,
  ],
  async handle(context, { params, body }) {
    const id = fromWireIntentId(params.id)
    const intent = await intents.capturePaymentIntent(context, id, { txHash: body.txHash ?? null })
    return enveloped(toWireIntent(intent, context.app))
  },
})
