// Owns what the end of a period brings: finding the subscriptions that it came to, and doing it.
import { insertJobsIfAbsent } from '../../storage/job-queue.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { subscriptionJobKind } from './subscription.ts'
import { holdSubscription, rollHeld } from './subscription-change.ts'
import { rollOf } from './subscription-period.ts'
import { type EndedPeriod, selectEndedPeriods } from './subscription-store.ts'

/**
 * Brings a subscription up to date: ends it, or goes on period by period to the one that holds
 * `until`. `again`: so many have passed that not all fitted into one transaction.
 *
 * Safe to repeat, at once and late: whoever holds the row looks at the period that it has by then.
 * Errors: `subscription_not_found`. Events: `customer.subscription.renewed` once a period,
 * `.lapsed`, `.cancelled`.
 */
export function rollSubscription(
  context: Context,
  id: string,
  until = context.clock.now(),
): Promise<'done' | 'again'> {
  return inTransaction(context, async (tx) => {
    const { subscription, held } = await rollHeld(tx, await holdSubscription(tx, id), until)
    return rollOf(subscription, { until, payer: held.customer }) === null ? 'done' : 'again'
  })
}

/** A statement's worth, and how many of them a look goes through. */
const pageSize = 500
const pagesMax = 50

/**
 * Chore: a job for each subscription whose period has ended, unless it has one. Made when it is
 * due and not with the period: so none can be missing or outlive its reason, and what waits in the
 * queue is what is late, however many subscriptions run. A look goes through those that ended
 * first; where more are late, the others follow when these are done.
 */
export async function queueRolls(context: Context): Promise<void> {
  const appId = context.app.id
  const endedBy = context.clock.now()
  let after: EndedPeriod | null = null
  for (let page = 0; page < pagesMax; page += 1) {
    const filter = { appId, endedBy, after, limit: pageSize }
    const ended: EndedPeriod[] = await selectEndedPeriods(context.db, filter)
    if (ended.length > 0) await queueEach(context, ended)
    if (ended.length < pageSize) return
    after = ended.at(-1) ?? null
  }
}

/** The job of a subscription bears its id, so that there is one; one that is there stays. */
function queueEach(context: Context, ended: EndedPeriod[]): Promise<unknown> {
  const now = context.clock.now()
  const terms = { appId: context.app.id, kind: subscriptionJobKind, runAt: now, createdAt: now }
  const jobs = ended.map(({ id }) => ({ ...terms, id, subjectId: id }))
  return inTransaction(context, (tx) => insertJobsIfAbsent(tx.db, jobs).execute())
}
