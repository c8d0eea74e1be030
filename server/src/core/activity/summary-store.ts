// Owns the SQL that shows a customer's activity in few columns, and the counts of it.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import {
  type ActivityCounts,
  type IntentSummary,
  type InvoiceSummary,
  recentMax,
} from './activity.ts'

interface OfCustomer {
  appId: string
  customerId: string
}

/** The newest ones, newest first. */
export async function selectRecentIntents(
  db: Kysely<Tables>,
  { appId, customerId }: OfCustomer,
): Promise<IntentSummary[]> {
  const rows = await db
    .selectFrom('payment_intents')
    .select([
      'id',
      'status',
      'amount_minor as amountMinor',
      'currency',
      'crypto_amount as cryptoAmount',
      'token_key as tokenKey',
      'chain_id as chainId',
      'created_at as createdAt',
      'captured_at as capturedAt',
    ])
    .where('app_id', '=', appId)
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
    .limit(recentMax)
    .execute()
  return rows as IntentSummary[]
}

export async function selectRecentInvoices(
  db: Kysely<Tables>,
  { appId, customerId }: OfCustomer,
): Promise<InvoiceSummary[]> {
  const rows = await db
    .selectFrom('invoices')
    .select([
      'id',
      'number',
      'status',
      'total_minor as totalMinor',
      'currency',
      'due_at as dueAt',
      'paid_at as paidAt',
      'created_at as createdAt',
    ])
    .where('app_id', '=', appId)
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
    .limit(recentMax)
    .execute()
  return rows as InvoiceSummary[]
}

export async function selectActivityCounts(
  db: Kysely<Tables>,
  filter: { appId: string; customerIds: string[] },
): Promise<(ActivityCounts & { customerId: string })[]> {
  if (filter.customerIds.length === 0) return []
  return db
    .selectFrom('activity_counts')
    .select([
      'customer_id as customerId',
      'payment_intents as paymentIntents',
      'subscriptions',
      'invoices',
    ])
    .where('app_id', '=', filter.appId)
    .where('customer_id', 'in', filter.customerIds)
    .execute()
}

const countColumns = {
  paymentIntents: 'payment_intents',
  subscriptions: 'subscriptions',
  invoices: 'invoices',
} as const satisfies Record<keyof ActivityCounts, string>

/** One more of a kind; goes with the row that it counts. */
export function countActivity(
  db: Kysely<Tables>,
  { appId, customerId }: OfCustomer,
  kind: keyof ActivityCounts,
): Write {
  const column = countColumns[kind]
  const none = { payment_intents: 0, subscriptions: 0, invoices: 0 }
  return db
    .insertInto('activity_counts')
    .values({ app_id: appId, customer_id: customerId, ...none, [column]: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'customer_id'])
        .doUpdateSet((eb) => ({ [column]: eb(`activity_counts.${column}`, '+', 1) })),
    )
}
