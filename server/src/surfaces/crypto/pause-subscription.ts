// Owns POST /subscriptions/{id}/pause.
import { subscriptionErrors } from '../../core/activity/subscription.ts'
import * as subscriptions from '../../core/activity/subscription-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireSubscriptionId,
  SubscriptionParams,
  toWireSubscription,
  WireSubscription,
} from './wire-subscription.ts'

export const pauseSubscription = defineOperation({
  id: 'pauseSubscription',
  method: 'POST',
  path: '/subscriptions/{id}/pause',
  tag: 'Subscriptions',
  summary: 'Pause a subscription',
  description:
    'No further period begins until it is resumed; one that was to be cancelled with its period ' +
    'is cancelled then all the same.',
  scope: 'crypto:write',
  params: SubscriptionParams,
  returns: { status: 200, description: 'The subscription', schema: Enveloped(WireSubscription) },
  errors: [
    subscriptionErrors.subscription_not_found,
    subscriptionErrors.subscription_status_refused,
  ],
  async handle(context, { params }) {
    const id = fromWireSubscriptionId(params.id)
    const subscription = await subscriptions.pauseSubscription(context, id)
    return enveloped(toWireSubscription(subscription, context.app))
  },
})
