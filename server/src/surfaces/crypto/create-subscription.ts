// Owns POST /subscriptions.
import * as subscriptions from '../../core/activity/subscription-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireNewSubscription,
  toWireSubscription,
  WireNewSubscription,
  WireSubscription,
} from './wire-subscription.ts'

export const createSubscription = defineOperation({
  id: 'createSubscription',
  method: 'POST',
  path: '/subscriptions',
  tag: 'Subscriptions',
  summary: 'Create a subscription',
  description: 'Plan and price are your own references. It has no period until it is activated.',
  scope: 'crypto:write',
  body: WireNewSubscription,
  returns: { status: 201, description: 'The subscription', schema: Enveloped(WireSubscription) },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
  ],
  async handle(context, { body }) {
    const subscription = await subscriptions.createSubscription(
      context,
      fromWireNewSubscription(body),
    )
    return enveloped(toWireSubscription(subscription, context.app))
  },
})
