// Owns POST /subscriptions/{id}/cancel.
import { subscriptionErrors } from '../../core/activity/subscription.ts'
import * as subscriptions from '../../core/activity/subscription-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireSubscriptionId,
  SubscriptionParams,
  toWireSubscription,
  WireNewCancellation,
  WireSubscription,
} from './wire-subscription.ts'

export const cancelSubscription = defineOperation({
  id: 'cancelSubscription',
  method: 'POST',
  path: '/subscriptions/{id}/cancel',
  tag: 'Subscriptions',
  summary: 'Cancel a subscription',
  description:
    'Now, or with `cancelAtPeriodEnd` when its period ends: then `cancelAt` says when, and the ' +
    'state stays as it is until then. It ends with that period also when it is paused or its ' +
    'customer frozen. One that has no running period ends now.',
  scope: 'crypto:write',
  params: SubscriptionParams,
  body: WireNewCancellation,
  isBodyOptional: true,
  returns: { status: 200, description: 'The subscription', schema: Enveloped(WireSubscription) },
  errors: [
    subscriptionErrors.subscription_not_found,
    subscriptionErrors.subscription_status_refused,
  ],
  async handle(context, { params, body }) {
    const id = fromWireSubscriptionId(params.id)
    const subscription = await subscriptions.cancelSubscription(context, id, {
      cancelAtPeriodEnd: body.cancelAtPeriodEnd ?? false,
    })
    return enveloped(toWireSubscription(subscription, context.app))
  },
})
