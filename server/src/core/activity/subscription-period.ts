// Owns when the periods of a subscription begin and end, and what their end makes of it.
import { present } from '../../lib/assert.ts'
import type { Customer } from '../customer/customer.ts'
import { refusalsOf } from '../rules.ts'
import { payerRules } from './charge-rules.ts'
import { type Subscription, subscriptionEvents, subscriptionMachine } from './subscription.ts'

/** A change with the event that tells of it. */
export interface SubscriptionMove {
  type: string
  set: Partial<Subscription>
}

type Period = Pick<Subscription, 'periodStart' | 'periodEnd' | 'periodAnchor'>

/** One that follows no other: a month from now. */
export function firstPeriod(now: number): Period {
  return { periodStart: now, periodEnd: monthsAfter(now, 1), periodAnchor: now }
}

/**
 * The next step that the end of a period brings, or `null`. Nobody has to ask for it, and asked
 * again after a step it tells the one behind it: each period that has passed is a step of its own.
 *
 * What was to end ends, whatever else holds. An active one goes on with the period that follows,
 * unless its customer may not be charged for it. A paused one waits until it is resumed.
 */
export function rollOf(
  subscription: Subscription,
  { until, payer }: { until: number; payer: Pick<Customer, 'bankingStatus'> },
): SubscriptionMove | null {
  const { status, periodEnd, cancelsAtPeriodEnd } = subscription
  if (periodEnd === null || periodEnd > until) return null
  if (cancelsAtPeriodEnd && subscriptionMachine.canMove(status, 'CANCELLED')) {
    const set = { status: 'CANCELLED' as const, cancelledAt: periodEnd }
    return { type: subscriptionEvents.cancelled, set }
  }
  if (status !== 'ACTIVE') return null
  if (refusalsOf(payerRules(payer)).length > 0) {
    return { type: subscriptionEvents.lapsed, set: { status: 'PAST_DUE' } }
  }
  const anchor = present(subscription.periodAnchor, 'who has a period has had a first one')
  const set = { periodStart: periodEnd, periodEnd: nextEnd(anchor, periodEnd) }
  return { type: subscriptionEvents.renewed, set }
}

/**
 * The same day and time of a later month in UTC, or that month's last day where it is shorter.
 * Counted from the first of them, so that 31 January is followed by 28 February and 31 March.
 */
export function monthsAfter(anchor: number, months: number): number {
  const date = new Date(anchor)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months + 1, 0)
  date.setUTCDate(Math.min(day, date.getUTCDate()))
  return date.getTime()
}

/** In the month after the one in which the period ends. */
function nextEnd(anchor: number, periodEnd: number): number {
  return monthsAfter(anchor, monthOf(periodEnd) - monthOf(anchor) + 1)
}

/** Counted from year 0. */
function monthOf(time: number): number {
  const date = new Date(time)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
