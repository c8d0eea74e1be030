// Owns the crypto surface's wire schemas of subscriptions, and the way to and from the core.
import Type, { type Static } from 'typebox'
import { referenceLengthMax } from '../../core/activity/activity-rules.ts'
import {
  type Subscription,
  subscriptionErrors,
  subscriptionStatuses,
} from '../../core/activity/subscription.ts'
import type { NewSubscription } from '../../core/activity/subscription-service.ts'
import type { App } from '../../core/context.ts'
import {
  closed,
  fromWireId,
  fromWireMetadata,
  Given,
  GivenId,
  GivenMetadata,
  Id,
  LaterText,
  LaterTime,
  Nullable,
  named,
  Text,
  Time,
  toWireTime,
  WireMetadata,
} from './wire.ts'
import { fromWireOwnerId } from './wire-payment-intent.ts'

export const SubscriptionParams = Type.Object({ id: Id('The subscription') }, closed)

export const WireNewSubscription = Type.Object(
  {
    customerAccountId: GivenId('Who subscribes'),
    productPlanId: Given(referenceLengthMax, 'Your own reference of the plan', 'plan_pro'),
    productPlanPriceId: Given(referenceLengthMax, 'Your own reference of its price', 'price_25'),
    metadata: Type.Optional(Nullable(GivenMetadata)),
  },
  named('SubscriptionCreateParams'),
)

export const WireNewActivation = Type.Object(
  { walletId: Type.Optional(Nullable(GivenId("The one of the customer's wallets that pays"))) },
  named('SubscriptionActivateParams'),
)

export const WireNewCancellation = Type.Object(
  {
    cancelAtPeriodEnd: Type.Optional(
      Type.Boolean({ default: false, description: 'When the period ends, and not now' }),
    ),
  },
  named('SubscriptionCancelParams'),
)

export const WireSubscription = Type.Object(
  {
    id: Id('The id of the subscription'),
    appId: Id('Your app ID'),
    customerAccountId: Id('Who subscribes'),
    productPlanId: Text('Your own reference of the plan', 'plan_pro'),
    productPlanPriceId: Text('Your own reference of its price', 'price_25'),
    status: Type.Enum([...subscriptionStatuses], { description: 'Its state' }),
    customerWalletId: LaterText('The wallet that pays; null when it was removed'),
    currentPeriodStart: LaterTime('When the period began'),
    currentPeriodEnd: LaterTime('When the period ends and the next one begins'),
    cancelAtPeriodEnd: Type.Boolean({
      description: 'Whether it ends with its period',
      examples: [false],
    }),
    cancelAt: LaterTime('When it will end'),
    cancelledAt: LaterTime('When it was cancelled'),
    pausedAt: LaterTime('When it was paused'),
    metadata: WireMetadata,
    createdAt: Time('When it was made'),
    updatedAt: Time('When it changed last'),
  },
  named('Subscription'),
)
export type WireSubscription = Static<typeof WireSubscription>

export function fromWireSubscriptionId(text: string, param?: string): string {
  return fromWireId('subscription', text, subscriptionErrors.subscription_not_found, param)
}

export function fromWireNewSubscription(body: Static<typeof WireNewSubscription>): NewSubscription {
  return {
    customerId: fromWireOwnerId(body.customerAccountId),
    planId: body.productPlanId,
    priceId: body.productPlanPriceId,
    metadata: fromWireMetadata(body.metadata) ?? {},
  }
}

export function toWireSubscription(subscription: Subscription, app: App): WireSubscription {
  return {
    id: subscription.id,
    appId: app.id,
    customerAccountId: subscription.customerId,
    productPlanId: subscription.planId,
    productPlanPriceId: subscription.priceId,
    status: subscription.status,
    customerWalletId: subscription.walletId,
    currentPeriodStart: toWireTime(subscription.periodStart),
    currentPeriodEnd: toWireTime(subscription.periodEnd),
    cancelAtPeriodEnd: subscription.cancelsAtPeriodEnd,
    cancelAt: toWireTime(subscription.cancelAt),
    cancelledAt: toWireTime(subscription.cancelledAt),
    pausedAt: toWireTime(subscription.pausedAt),
    metadata: subscription.metadata,
    createdAt: toWireTime(subscription.createdAt),
    updatedAt: toWireTime(subscription.updatedAt),
  }
}
