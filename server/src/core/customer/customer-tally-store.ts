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

/** What the tallies say and what came after them, seen at one instant. */
export async function sumTallies(db: Kysely<Tables>, appId: string): Promise<number> {
  const row = await db
    .selectNoFrom((eb) => [
      eb
        .selectFrom('customer_tallies')
        .select((inner) => inner.fn.sum<number | null>('count').as('count'))
        .where('app_id', '=', appId)
        .as('settled'),
      eb
        .selectFrom('customers')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .where('app_id', '=', appId)
        .where('id', '>=', lastEnd(appId))
        .as('newer'),
    ])
    .executeTakeFirstOrThrow()
  return Number(row.settled ?? 0) + Number(row.newer)
}

export async function countCustomersFrom(
  db: Kysely<Tables>,
  from: { appId: string; id: string },
): Promise<number> {
  const row = await db
    .selectFrom('customers')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('app_id', '=', from.appId)
    .where('id', '>=', from.id)
    .executeTakeFirstOrThrow()
  return Number(row.count)
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
const lowestId = '00000000-0000-0000-0000-000000000000'

function lastEnd(appId: string) {
  return sql<string>`coalesce((select end_id from customer_tallies where app_id = ${appId}
    order by first_id desc limit 1), ${lowestId})`
}
