// Owns POST /subscriptions/{id}/activate.
import { subscriptionErrors } from '../../core/activity/subscription.ts'
import * as subscriptions from '../../core/activity/subscription-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import { fromWireWalletId } from './wire-payment-intent.ts'
import {
  fromWireSubscriptionId,
  SubscriptionParams,
  toWireSubscription,
  WireNewActivation,
  WireSubscription,
} from './wire-subscription.ts'

export const activateSubscription = defineOperation({
  id: 'activateSubscription',
  method: 'POST',
  path: '/subscriptions/{id}/activate',
  tag: 'Subscriptions',
  summary: 'Activate a subscription',
  description: 'Opens a period of one calendar month. A paused one is resumed instead.',
  scope: 'crypto:write',
  params: SubscriptionParams,
  body: WireNewActivation,
  isBodyOptional: true,
  returns: { status: 200, description: 'The subscription', schema: Enveloped(WireSubscription) },
  errors: [
    subscriptionErrors.subscription_not_found,
    bankingErrors.customer_status_forbids,
    subscriptionErrors.subscription_status_refused,
    walletErrors.wallet_not_found,
  ],
  async handle(context, { params, body }) {
    const id = fromWireSubscriptionId(params.id)
    const subscription = await subscriptions.activateSubscription(context, id, {
      walletId: fromWireWalletId(body.walletId),
    })
    return enveloped(toWireSubscription(subscription, context.app))
  },
})
