// Owns changing a subscription: held with its customer, brought up to date, written with the event.
import type { Kysely } from 'kysely'
import { present } from '../../lib/assert.ts'
import type { Tables } from '../../storage/tables.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { holdCustomer, recordChange } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { type Subscription, subscriptionErrors, subscriptionJobKind } from './subscription.ts'
import { rollOf, type SubscriptionMove } from './subscription-period.ts'
import { openSubscription } from './subscription-seal.ts'
import {
  type StoredSubscription,
  selectSubscription,
  updateSubscription,
} from './subscription-store.ts'

interface Moment {
  held: HeldCustomer
  tx: Context
  now: number
}

type Decide = (
  subscription: Subscription,
  moment: Moment,
) => SubscriptionMove | Promise<SubscriptionMove>

/**
 * Holds the customer, and so the subscription; decides the move, writes it with its event. What
 * time has decided by then is written before it, so that neither the answer nor the history
 * depends on whether the worker has come by. Errors: `subscription_not_found`.
 */
export function changeSubscription(
  context: Context,
  id: string,
  decide: Decide,
): Promise<Subscription> {
  return inTransaction(context, async (tx) => {
    const now = tx.clock.now()
    const current = await rollHeld(tx, await holdSubscription(tx, id), now)
    const move = await decide(current.subscription, { held: current.held, tx, now })
    return recordMove(tx, current, { ...move, now })
  })
}

/** A subscription that nobody else can change until the transaction ends. */
export interface HeldSubscription {
  held: HeldCustomer
  stored: StoredSubscription
  subscription: Subscription
}

/** Inside a transaction. Errors: `subscription_not_found`. */
export async function holdSubscription(tx: Context, id: string): Promise<HeldSubscription> {
  const key = { appId: tx.app.id, id }
  const found = await selectSubscription(tx.db, key)
  if (!found) throw new AppError(subscriptionErrors.subscription_not_found)
  const held = await holdCustomer(tx, found.customerId)
  const stored = present(await selectSubscription(tx.db, key), 'none is ever deleted')
  return { held, stored, subscription: openSubscription(tx, held.dataKey, stored) }
}

/** Ten years of months: what is further behind is brought up to date in several transactions. */
const rollsMax = 120

/** Writes each step that time has brought until then; answers what has become of it. */
export async function rollHeld(
  tx: Context,
  given: HeldSubscription,
  until: number,
): Promise<HeldSubscription> {
  // Time does it, not whoever happens to come by.
  const byTime = { ...tx, actor: `job:${subscriptionJobKind}` }
  let current = given
  for (let rolls = 0; rolls < rollsMax; rolls += 1) {
    const move = rollOf(current.subscription, { until, payer: current.held.customer })
    if (move === null) break
    await recordMove(byTime, current, { ...move, now: tx.clock.now() })
    // Read anew: the history has another head.
    current = await holdSubscription(tx, current.subscription.id)
  }
  return current
}

async function recordMove(
  tx: Context,
  { held, stored, subscription }: HeldSubscription,
  { type, set, now }: SubscriptionMove & { now: number },
): Promise<Subscription> {
  const moved = { ...set, updatedAt: now }
  const change = { type, changes: { subscription: { id: subscription.id, ...set } } }
  const writes = (db: Kysely<Tables>) => [updateSubscription(db, { ...stored, ...moved })]
  await recordChange(tx, held, change, writes)
  return { ...subscription, ...moved }
}
