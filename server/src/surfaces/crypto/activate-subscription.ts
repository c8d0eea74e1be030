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
  description:
    'Opens a period of one calendar month. Where it ends the next one begins, on the same day of ' +
    'the month, or on its last day where it is shorter (31 January, 28 February, 31 March). ' +
    '`customer.subscription.renewed` tells of each, a few seconds after the period has ended; ' +
    'until then the answer shows the one before. No money moves here and no invoice is made: ' +
    'plan and price are your own references, and charging is yours. Where the bank does not let ' +
    'the customer transact when a period ends, the subscription becomes PAST_DUE ' +
    '(`customer.subscription.lapsed`); activate it anew after that. A paused one is resumed ' +
    'instead.',
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
