// Owns what may happen to a subscription, and what becomes of it when its wallet goes.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Write } from '../../storage/write-together.ts'
import type { Context } from '../context.ts'
import { recordChange } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { checkMetadata, checkText, type Metadata } from '../fields.ts'
import { enforce } from '../rules.ts'
import { type ActivityPosition, inOrder, selectActivityPage } from './activity-list-store.ts'
import { findWallet, holdOwner } from './activity-owner.ts'
import { referenceLengthMax } from './activity-rules.ts'
import { openKeys } from './activity-seal.ts'
import { payerRules, walletRules } from './charge-rules.ts'
import {
  checkBecomesActive,
  type Subscription,
  type SubscriptionStatus,
  subscriptionErrors,
  subscriptionEvents,
  subscriptionMachine,
} from './subscription.ts'
import { changeSubscription } from './subscription-change.ts'
import { firstPeriod } from './subscription-period.ts'
import { openSubscription, sealSubscription } from './subscription-seal.ts'
import {
  insertSubscription,
  selectSubscription,
  selectSubscriptions,
  updateWalletToNone,
} from './subscription-store.ts'
import { countActivity } from './summary-store.ts'

export interface NewSubscription {
  customerId: string
  planId: string
  priceId: string
  metadata: Metadata
}

/** Errors: `field_invalid`, `customer_not_found`. Event: `customer.subscription.created`. */
export async function createSubscription(
  context: Context,
  input: NewSubscription,
): Promise<Subscription> {
  checkText('planId', input.planId, referenceLengthMax)
  checkText('priceId', input.priceId, referenceLengthMax)
  checkMetadata('metadata', input.metadata)
  return inTransaction(context, async (tx) => {
    const held = await holdOwner(tx, input.customerId)
    const now = tx.clock.now()
    const made = { status: 'CREATED' as const, createdAt: now, updatedAt: now }
    const subscription: Subscription = { id: tx.ids(), ...input, ...notReached, ...made }
    const stored = sealSubscription(tx, held.dataKey, subscription)
    const change = { type: subscriptionEvents.created, changes: { subscription } }
    const of = { appId: tx.app.id, customerId: input.customerId }
    await recordChange(tx, held, change, (db) => [
      insertSubscription(db, stored),
      countActivity(db, of, 'subscriptions'),
    ])
    return subscription
  })
}

const notReached = {
  walletId: null,
  periodStart: null,
  periodEnd: null,
  periodAnchor: null,
  cancelsAtPeriodEnd: false,
  cancelAt: null,
  cancelledAt: null,
  pausedAt: null,
}

/** Errors: `subscription_not_found`, also for another app's. */
export async function getSubscription(context: Context, id: string): Promise<Subscription> {
  const stored = await selectSubscription(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(subscriptionErrors.subscription_not_found)
  const keyOf = await openKeys(context, [stored])
  return openSubscription(context, keyOf(stored), stored)
}

/** Newest first, with how many there are in all. */
export async function listSubscriptions(
  context: Context,
  filter: { status: SubscriptionStatus | null },
  page: ActivityPosition,
): Promise<{ count: number; subscriptions: Subscription[] }> {
  const appId = context.app.id
  const of = { appId, status: filter.status }
  const { count, ids } = await selectActivityPage(context.db, 'subscriptions', of, page)
  const rows = inOrder(ids, await selectSubscriptions(context.db, { appId, ids }))
  const keyOf = await openKeys(context, rows)
  return { count, subscriptions: rows.map((row) => openSubscription(context, keyOf(row), row)) }
}

/**
 * Opens a period of one month; others follow it by themselves. Errors: `subscription_not_found`,
 * `customer_status_forbids`, `subscription_status_refused`, `wallet_not_found`.
 * Event: `customer.subscription.activated`.
 */
export function activateSubscription(
  context: Context,
  id: string,
  input: { walletId: string | null },
): Promise<Subscription> {
  return changeSubscription(context, id, async (subscription, { held, tx, now }) => {
    const named = input.walletId
    const wallet = named === null ? null : await findWallet(tx, held.customer.id, named)
    enforce([
      ...payerRules(held.customer),
      () => checkBecomesActive(subscription.status, 'activate'),
      ...(named === null ? [] : walletRules(wallet, null)),
    ])
    const walletId = input.walletId ?? subscription.walletId
    const set = { status: 'ACTIVE' as const, walletId, ...firstPeriod(now) }
    return { type: subscriptionEvents.activated, set }
  })
}

/**
 * Errors: `subscription_not_found`, `subscription_status_refused`.
 * Event: `customer.subscription.paused`.
 */
export function pauseSubscription(context: Context, id: string): Promise<Subscription> {
  return changeSubscription(context, id, ({ status }, { now }) => {
    subscriptionMachine.checkMove(status, 'PAUSED')
    const set = { status: 'PAUSED' as const, pausedAt: now }
    return { type: subscriptionEvents.paused, set }
  })
}

/**
 * A period that has not ended goes on as it was. After its end a new one begins, as by activating:
 * nobody is charged for the time in between. Errors: `subscription_not_found`,
 * `customer_status_forbids`, `subscription_status_refused`. Event: `customer.subscription.resumed`.
 */
export function resumeSubscription(context: Context, id: string): Promise<Subscription> {
  return changeSubscription(context, id, ({ status, periodEnd }, { held, now }) => {
    enforce([...payerRules(held.customer), () => checkBecomesActive(status, 'resume')])
    const hasEnded = periodEnd !== null && periodEnd <= now
    const period = hasEnded ? firstPeriod(now) : {}
    const set = { status: 'ACTIVE' as const, pausedAt: null, ...period }
    return { type: subscriptionEvents.resumed, set }
  })
}

/**
 * Now, or when the period ends: where none runs there is nothing to wait for. Errors:
 * `subscription_not_found`, `subscription_status_refused`.
 * Events: `customer.subscription.cancelled`, or `.cancel_scheduled`.
 */
export function cancelSubscription(
  context: Context,
  id: string,
  input: { cancelAtPeriodEnd: boolean },
): Promise<Subscription> {
  return changeSubscription(context, id, ({ status, periodEnd }, { now }) => {
    subscriptionMachine.checkMove(status, 'CANCELLED')
    if (input.cancelAtPeriodEnd && periodEnd !== null && periodEnd > now) {
      const set = { cancelsAtPeriodEnd: true, cancelAt: periodEnd }
      return { type: subscriptionEvents.cancelling, set }
    }
    const set = { status: 'CANCELLED' as const, cancelledAt: now }
    const unscheduled = { cancelsAtPeriodEnd: false, cancelAt: null }
    return { type: subscriptionEvents.cancelled, set: { ...set, ...unscheduled } }
  })
}

/** For whoever removes a wallet: what goes with that change, while its customer is held. */
export function detachWallet(context: Context, walletId: string): (db: Kysely<Tables>) => Write[] {
  const of = { appId: context.app.id, walletId, now: context.clock.now() }
  return (db) => [updateWalletToNone(db, of)]
}
