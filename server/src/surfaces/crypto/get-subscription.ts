// Owns GET /subscriptions/{id}.
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

export const getSubscription = defineOperation({
  id: 'getSubscription',
  method: 'GET',
  path: '/subscriptions/{id}',
  tag: 'Subscriptions',
  summary: 'Retrieve a subscription',
  scope: 'crypto:read',
  params: SubscriptionParams,
  returns: { status: 200, description: 'The subscription', schema: Enveloped(WireSubscription) },
  errors: [subscriptionErrors.subscription_not_found],
  async handle(context, { params }) {
    const subscription = await subscriptions.getSubscription(
      context,
      fromWireSubscriptionId(params.id),
    )
    return enveloped(toWireSubscription(subscription, context.app))
  },
})
