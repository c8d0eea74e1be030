// Owns the SQL that finds a page of intents, invoices or subscriptions by an index alone.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'

type ActivityTable = 'payment_intents' | 'invoices' | 'subscriptions'

export interface ActivityFilter {
  appId: string
  /** As stored. */
  status: string | null
  /** Of invoices: whether the day on which they are due has come. */
  due?: { isPast: boolean; now: number } | null
}

export interface ActivityPosition {
  limit: number
  offset: number
}

/** How many there are in all, and the ids of those on the page, newest first. */
export async function selectActivityPage(
  db: Kysely<Tables>,
  table: ActivityTable,
  filter: ActivityFilter,
  page: ActivityPosition,
): Promise<{ count: number; ids: string[] }> {
  const [counted, rows] = await Promise.all([
    matches(db, table, filter)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
    matches(db, table, filter)
      .select('id')
      .orderBy('id', 'desc')
      .limit(page.limit)
      .offset(page.offset)
      .execute(),
  ])
  return { count: Number(counted.count), ids: rows.map(({ id }) => id) }
}

function matches(db: Kysely<Tables>, table: ActivityTable, filter: ActivityFilter) {
  const { appId, status, due } = filter
  return db
    .selectFrom(table)
    .where('app_id', '=', appId)
    .$if(status !== null, (query) => query.where('status', '=', status ?? ''))
    .$if(due?.isPast === true, (query) => query.where('due_at', '<=', due?.now ?? 0))
    .$if(due?.isPast === false, (query) =>
      query.where((eb) => eb.or([eb('due_at', 'is', null), eb('due_at', '>', due?.now ?? 0)])),
    )
}

/** The rows in the order of their ids. */
export function inOrder<Row extends { id: string }>(ids: string[], rows: Row[]): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
