// Owns POST /payments/intents/{id}/authorize.
import { intentErrors } from '../../core/activity/payment-intent.ts'
import * as intents from '../../core/activity/payment-intent-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { fieldErrors } from '../../core/fields.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireIntentId,
  fromWireNewAuthorization,
  IntentParams,
  toWireIntent,
  WireIntent,
  WireNewAuthorization,
} from './wire-payment-intent.ts'

export const authorizePaymentIntent = defineOperation({
  id: 'authorizePaymentIntent',
  method: 'POST',
  path: '/payments/intents/{id}/authorize',
  tag: 'Payment intents',
  summary: 'Record an authorization',
  description:
    'Of a payment intent that is `CREATED` or `PAST_DUE`. The wallet is one of the customer, ' +
    'on that chain; chain and token are among those that the intent allows. It becomes ' +
    '`AUTHORIZED`. With `captureMode` `AUTOMATIC` and a `txHash` the money moved in that ' +
    'transaction, so that it goes straight on to `CAPTURED`, with the same hash; without a ' +
    '`txHash` it waits for `capture`, in both modes.',
  scope: 'crypto:write',
  params: IntentParams,
  body: WireNewAuthorization,
  returns: { status: 200, description: 'The payment intent', schema: Enveloped(WireIntent) },
  errors: [
    fieldErrors.field_invalid,
    intentErrors.payment_intent_not_found,
    bankingErrors.customer_status_forbids,
    intentErrors.payment_intent_status_refused,
    walletErrors.wallet_not_found,
  ],
  async handle(context, { params, body }) {
    const id = fromWireIntentId(params.id)
    const intent = await intents.authorizePaymentIntent(context, id, fromWireNewAuthorization(body))
    return enveloped(toWireIntent(intent, context.app))
  },
})
