// Owns the SQL of the subscriptions table.
import { type Kysely, type Selectable, sql } from 'kysely'
import type { SubscriptionRow } from '../../storage/crypto-tables.ts'
import { hasNoJob } from '../../storage/job-queue.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { Subscription, SubscriptionStatus } from './subscription.ts'

/** What of a subscription is sealed. */
export type SubscriptionDetails = Pick<Subscription, 'metadata'>

/** A subscription as stored: its details still sealed. */
export interface StoredSubscription extends Omit<Subscription, keyof SubscriptionDetails> {
  appId: string
  sealedDetails: Uint8Array
}

export function insertSubscription(db: Kysely<Tables>, subscription: StoredSubscription): Write {
  return db.insertInto('subscriptions').values(toRow(subscription))
}

export function updateSubscription(db: Kysely<Tables>, subscription: StoredSubscription): Write {
  const { app_id, id, ...columns } = toRow(subscription)
  return db
    .updateTable('subscriptions')
    .set(columns)
    .where('app_id', '=', app_id)
    .where('id', '=', id)
}

/** Takes a wallet off all of the subscriptions that name it. */
export function updateWalletToNone(
  db: Kysely<Tables>,
  { appId, walletId, now }: { appId: string; walletId: string; now: number },
): Write {
  return db
    .updateTable('subscriptions')
    .set({ wallet_id: null, updated_at: now })
    .where('app_id', '=', appId)
    .where('wallet_id', '=', walletId)
}

export async function selectSubscription(
  db: Kysely<Tables>,
  key: { appId: string; id: string },
): Promise<StoredSubscription | null> {
  return (await selectSubscriptions(db, { appId: key.appId, ids: [key.id] }))[0] ?? null
}

/** In no order. */
export async function selectSubscriptions(
  db: Kysely<Tables>,
  filter: { appId: string; ids: string[] },
): Promise<StoredSubscription[]> {
  if (filter.ids.length === 0) return []
  const rows = await db
    .selectFrom('subscriptions')
    .selectAll()
    .where('app_id', '=', filter.appId)
    .where('id', 'in', filter.ids)
    .execute()
  return rows.map(fromRow)
}

export interface EndedPeriod {
  id: string
  periodEnd: number
}

/**
 * Whose period ended by then, who is changed by that and has no job for it: a page of them, those
 * that ended first. The condition is the one of the index, word by word.
 */
export async function selectEndedPeriods(
  db: Kysely<Tables>,
  filter: { appId: string; endedBy: number; after: EndedPeriod | null; limit: number },
): Promise<EndedPeriod[]> {
  const { after } = filter
  return db
    .selectFrom('subscriptions')
    .select(['id', sql<number>`period_end`.as('periodEnd')])
    .where('app_id', '=', filter.appId)
    .where('period_end', '<=', filter.endedBy)
    .where(sql<boolean>`(status = 'ACTIVE'
      or (cancels_at_period_end = 1 and status <> 'CANCELLED'))`)
    .where(hasNoJob(filter.appId, 'subscriptions.id'))
    .$if(after !== null, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('period_end', 'id'), '>', tuple(after?.periodEnd ?? 0, after?.id ?? '')),
      ),
    )
    .orderBy('period_end')
    .orderBy('id')
    .limit(filter.limit)
    .execute()
}

function toRow(subscription: StoredSubscription): SubscriptionRow {
  return {
    app_id: subscription.appId,
    id: subscription.id,
    customer_id: subscription.customerId,
    status: subscription.status,
    plan_id: subscription.planId,
    price_id: subscription.priceId,
    wallet_id: subscription.walletId,
    period_start: subscription.periodStart,
    period_end: subscription.periodEnd,
    period_anchor: subscription.periodAnchor,
    cancels_at_period_end: subscription.cancelsAtPeriodEnd ? 1 : 0,
    cancel_at: subscription.cancelAt,
    cancelled_at: subscription.cancelledAt,
    paused_at: subscription.pausedAt,
    details: subscription.sealedDetails,
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
  }
}

function fromRow(row: Selectable<SubscriptionRow>): StoredSubscription {
  return {
    appId: row.app_id,
    id: row.id,
    customerId: row.customer_id,
    status: row.status as SubscriptionStatus,
    planId: row.plan_id,
    priceId: row.price_id,
    walletId: row.wallet_id,
    periodStart: row.period_start,
    periodEnd: row.period_end,
    // Rows from before periods rolled are in their first one.
    periodAnchor: row.period_anchor ?? row.period_start,
    cancelsAtPeriodEnd: row.cancels_at_period_end === 1,
    cancelAt: row.cancel_at,
    cancelledAt: row.cancelled_at,
    pausedAt: row.paused_at,
    sealedDetails: row.details,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
