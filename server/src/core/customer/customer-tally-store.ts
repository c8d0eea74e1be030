// Owns the SQL of the customer_tallies table, and of counting customers by their ids.
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../storage/tables.ts'

/** The first id that no tally covers; `null` before there is one. */
export async function selectTallyEnd(db: Kysely<Tables>, appId: string): Promise<string | null> {
  const row = await db
    .selectFrom('customer_tallies')
    .select('end_id')
    .where('app_id', '=', appId)
    .orderBy('first_id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.end_id ?? null
}

/** Newest stretch first: a few hundred for a million customers. */
export async function selectTallies(
  db: Kysely<Tables>,
  appId: string,
): Promise<{ firstId: string; count: number }[]> {
  return db
    .selectFrom('customer_tallies')
    .select(['first_id as firstId', 'count'])
    .where('app_id', '=', appId)
    .orderBy('first_id', 'desc')
    .execute()
}

/** How many customers have ids below `end`. */
export interface TalliedCount {
  end: string
  count: number
}

/** The sum of the tallies, which together cover every id below the newest one's end. */
export async function selectTallied(db: Kysely<Tables>, appId: string): Promise<TalliedCount> {
  const row = await db
    .selectFrom('customer_tallies')
    .select((eb) => [
      eb.fn.sum<number | null>('count').as('count'),
      // Not every PostgreSQL has a max of uuids.
      sql<string | null>`max(cast(end_id as text))`.as('end'),
    ])
    .where('app_id', '=', appId)
    .executeTakeFirstOrThrow()
  return { end: row.end ?? lowestId, count: Number(row.count ?? 0) }
}

/** From this id on: all, and of these the ones below another id. */
export async function countCustomersFrom(
  db: Kysely<Tables>,
  from: { appId: string; id: string; settledBefore: string },
): Promise<{ all: number; settled: number }> {
  const row = await db
    .selectFrom('customers')
    .select((eb) => [
      eb.fn.countAll<number>().as('all'),
      eb.fn.countAll<number>().filterWhere('id', '<', from.settledBefore).as('settled'),
    ])
    .where('app_id', '=', from.appId)
    .where('id', '>=', from.id)
    .executeTakeFirstOrThrow()
  return { all: Number(row.all), settled: Number(row.settled) }
}

/** Newest first, below an id, after so many. */
export async function selectIdAtOffset(
  db: Kysely<Tables>,
  place: { appId: string; below: string | null; offset: number },
): Promise<string | null> {
  let query = db.selectFrom('customers').select('id').where('app_id', '=', place.appId)
  if (place.below !== null) query = query.where('id', '<', place.below)
  const row = await query.orderBy('id', 'desc').limit(1).offset(place.offset).executeTakeFirst()
  return row?.id ?? null
}

/** Counts the next `size` settled customers; false when there are not as many yet. */
export async function insertTally(
  db: Kysely<Tables>,
  next: { appId: string; firstId: string; settledBefore: string; size: number },
): Promise<boolean> {
  const { appId, firstId, settledBefore, size } = next
  const end = await db
    .selectFrom('customers')
    .select('id')
    .where('app_id', '=', appId)
    .where('id', '>=', firstId)
    .where('id', '<', settledBefore)
    .orderBy('id')
    .limit(1)
    .offset(size)
    .executeTakeFirst()
  if (!end) return false
  // Two processes may settle the same stretch: both would write the same row.
  const result = await db
    .insertInto('customer_tallies')
    .values({ app_id: appId, first_id: firstId, end_id: end.id, count: size })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Below every id: before the first stretch has settled, everything is newer. */
export const lowestId = '00000000-0000-0000-0000-000000000000'
