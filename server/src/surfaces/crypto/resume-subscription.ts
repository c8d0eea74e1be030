// Owns POST /subscriptions/{id}/resume.
import { subscriptionErrors } from '../../core/activity/subscription.ts'
import * as subscriptions from '../../core/activity/subscription-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireSubscriptionId,
  SubscriptionParams,
  toWireSubscription,
  WireSubscription,
} from './wire-subscription.ts'

export const resumeSubscription = defineOperation({
  id: 'resumeSubscription',
  method: 'POST',
  path: '/subscriptions/{id}/resume',
  tag: 'Subscriptions',
  summary: 'Resume a subscription',
  description:
    'Only a paused one. Its period stays as it was; where that has ended meanwhile, a new one ' +
    'begins now, and the time in between belongs to none.',
  scope: 'crypto:write',
  params: SubscriptionParams,
  returns: { status: 200, description: 'The subscription', schema: Enveloped(WireSubscription) },
  errors: [
    subscriptionErrors.subscription_not_found,
    bankingErrors.customer_status_forbids,
    subscriptionErrors.subscription_status_refused,
  ],
  async handle(context, { params }) {
    const id = fromWireSubscriptionId(params.id)
    const subscription = await subscriptions.resumeSubscription(context, id)
    return enveloped(toWireSubscription(subscription, context.app))
  },
})
