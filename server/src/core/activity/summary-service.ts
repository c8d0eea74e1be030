// Owns what is shown of activity beside a customer: the newest of it, and how much there is.
import type { Context } from '../context.ts'
import type { ActivityCounts, RecentActivity } from './activity.ts'
import { invoiceStatusAt } from './invoice.ts'
import { selectActivityCounts, selectRecentIntents, selectRecentInvoices } from './summary-store.ts'

export async function recentActivity(
  context: Context,
  customerId: string,
): Promise<RecentActivity> {
  const of = { appId: context.app.id, customerId }
  const [paymentIntents, invoices] = await Promise.all([
    selectRecentIntents(context.db, of),
    selectRecentInvoices(context.db, of),
  ])
  const now = context.clock.now()
  const shown = invoices.map((one) => ({ ...one, status: invoiceStatusAt(one, now) }))
  return { paymentIntents, invoices: shown }
}

/** A customer who did nothing yet is not in it. */
export async function activityCountsOf(
  context: Context,
  customerIds: string[],
): Promise<ReadonlyMap<string, ActivityCounts>> {
  const rows = await selectActivityCounts(context.db, { appId: context.app.id, customerIds })
  return new Map(rows.map(({ customerId, ...counts }) => [customerId, counts]))
}
