// Owns the vocabulary of subscriptions: states, moves, refusals, events.
import { AppError, defineErrors } from '../errors.ts'
import type { Metadata } from '../fields.ts'
import { defineMachine } from '../status.ts'

export const subscriptionStatuses = [
  'CREATED',
  'TRIALING',
  'ACTIVE',
  'PAST_DUE',
  'PAUSED',
  'CANCELLED',
] as const
export type SubscriptionStatus = (typeof subscriptionStatuses)[number]

export interface Subscription {
  id: string
  customerId: string
  status: SubscriptionStatus
  /** The caller's own references. */
  planId: string
  priceId: string
  /** The wallet that pays; gone when the wallet is. */
  walletId: string | null
  metadata: Metadata
  /** Milliseconds since the epoch. */
  periodStart: number | null
  /** The instant is the next period's. */
  periodEnd: number | null
  /** What the days of its periods are counted from: the start of the first one. */
  periodAnchor: number | null
  cancelsAtPeriodEnd: boolean
  cancelAt: number | null
  cancelledAt: number | null
  pausedAt: number | null
  createdAt: number
  updatedAt: number
}

export const subscriptionErrors = defineErrors({
  subscription_not_found: {
    kind: 'missing',
    title: 'No such subscription',
    detail: 'There is no subscription with this id.',
    fix: 'Check the id, and that the key belongs to the app that made the subscription.',
  },
  subscription_status_refused: {
    kind: 'conflict',
    title: 'Status does not allow it',
    detail: 'The status of the subscription does not allow this move.',
    fix: 'Read the subscription again and decide by its status.',
  },
})

export const subscriptionMachine = defineMachine<SubscriptionStatus>(
  {
    CREATED: ['TRIALING', 'ACTIVE', 'CANCELLED'],
    TRIALING: ['ACTIVE', 'PAST_DUE', 'PAUSED', 'CANCELLED'],
    ACTIVE: ['PAST_DUE', 'PAUSED', 'CANCELLED'],
    PAST_DUE: ['ACTIVE', 'PAUSED', 'CANCELLED'],
    PAUSED: ['ACTIVE', 'CANCELLED'],
    CANCELLED: [],
  },
  subscriptionErrors.subscription_status_refused,
)

/** What time alone does to a subscription, done by the worker. */
export const subscriptionJobKind = 'subscription.roll'

export const subscriptionEvents = {
  created: 'customer.subscription.created',
  activated: 'customer.subscription.activated',
  paused: 'customer.subscription.paused',
  resumed: 'customer.subscription.resumed',
  renewed: 'customer.subscription.renewed',
  lapsed: 'customer.subscription.lapsed',
  cancelling: 'customer.subscription.cancel_scheduled',
  cancelled: 'customer.subscription.cancelled',
} as const

/**
 * Two acts lead to ACTIVE, and neither stands in for the other: activating opens a period, resuming
 * goes on with the one that was paused, where it has not ended.
 */
export function checkBecomesActive(status: SubscriptionStatus, by: 'activate' | 'resume'): void {
  subscriptionMachine.checkMove(status, 'ACTIVE')
  const isPaused = status === 'PAUSED'
  if (isPaused === (by === 'resume')) return
  const other = isPaused ? 'resume' : 'activate'
  const allowed = subscriptionMachine.movesFrom(status).join(', ')
  const detail = `It is ${status}; it becomes ACTIVE by ${other}, not by ${by}.`
  throw new AppError(subscriptionErrors.subscription_status_refused, {
    detail: `${detail} From ${status} it may become: ${allowed}.`,
  })
}
