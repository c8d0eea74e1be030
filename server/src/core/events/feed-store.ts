// Owns the SQL of the feed: an app's events in the order in which they are handed out.
//
// On SQLite a place is the row's number: one writer, so rows are numbered as they commit. On
// PostgreSQL it is transaction, customer and version, of transactions older than every running one:
// a late commit has a younger transaction than any that was read, so it is never passed by.
import { type Kysely, sql } from 'kysely'
import type { Engine } from '../../storage/migrations.ts'
import type { Tables } from '../../storage/tables.ts'
import { fromRow, type StoredEvent } from './event-store.ts'

export interface FeedDatabase {
  db: Kysely<Tables>
  engine: Engine
}

/** An event of a customer; in the feed, the place right behind it. */
export interface FeedPosition {
  customerId: string
  version: number
}

/** The number that the feed is ordered by first. */
export interface FeedMark {
  mark: bigint
  at: number
}

const markOf = (engine: Engine) =>
  engine === 'sqlite' ? sql.ref<string>('events.rowid') : sql.ref<string>('events.tx')
/** SQLite counts its rows in integers, PostgreSQL its transactions in a type of their own. */
const numberOf = (engine: Engine, mark: bigint) =>
  engine === 'sqlite' ? sql`${Number(mark)}` : sql`${String(mark)}::xid8`
const settled = sql<boolean>`events.tx < pg_snapshot_xmin(pg_current_snapshot())`

function feedOf({ db, engine }: FeedDatabase, appId: string) {
  return db
    .selectFrom('events')
    .where('events.app_id', '=', appId)
    .$if(engine === 'postgresql', (query) => query.where(settled))
}

/** The mark of an event, also of one that is not in the feed yet; `null`: there is none. */
export async function selectMark(
  { db, engine }: FeedDatabase,
  appId: string,
  position: FeedPosition,
): Promise<bigint | null> {
  const row = await db
    .selectFrom('events')
    .select(sql<string>`cast(${markOf(engine)} as text)`.as('mark'))
    .where('app_id', '=', appId)
    .where('customer_id', '=', position.customerId)
    .where('version', '=', position.version)
    .executeTakeFirst()
  return row ? BigInt(row.mark) : null
}

/** From this mark on, or behind this event of it; oldest first. */
export async function selectFeed(
  feed: FeedDatabase,
  appId: string,
  from: { mark: bigint; behind: FeedPosition | null; limit: number },
): Promise<StoredEvent[]> {
  const { engine } = feed
  const mark = markOf(engine)
  const value = numberOf(engine, from.mark)
  const { behind } = from
  const query = feedOf(feed, appId)
    .select(['app_id', 'customer_id', 'version', 'type', 'actor', 'at', 'changes', 'hash'])
    .orderBy(mark)
    .limit(from.limit)
  const rows =
    engine === 'sqlite'
      ? query.where(behind ? sql<boolean>`${mark} > ${value}` : sql<boolean>`${mark} >= ${value}`)
      : query
          .where(
            behind
              ? sql<boolean>`(events.tx, events.customer_id, events.version) >
                  (${value}, ${behind.customerId}::uuid, ${behind.version}::bigint)`
              : sql<boolean>`${mark} >= ${value}`,
          )
          .orderBy('events.customer_id')
          .orderBy('events.version')
  return (await rows.execute()).map(fromRow)
}

/** The first event whose mark is at least this. */
export async function selectFirstMark(
  feed: FeedDatabase,
  appId: string,
  from: bigint,
): Promise<FeedMark | null> {
  const { engine } = feed
  const mark = markOf(engine)
  const row = await feedOf(feed, appId)
    .select([sql<string>`cast(${mark} as text)`.as('mark'), 'events.at'])
    .where(sql<boolean>`${mark} >= ${numberOf(engine, from)}`)
    .orderBy(mark)
    .limit(1)
    .executeTakeFirst()
  return row ? { mark: BigInt(row.mark), at: row.at } : null
}

/** The newest event that the feed hands out, with its mark. */
export async function selectFeedEnd(
  feed: FeedDatabase,
  appId: string,
): Promise<(FeedPosition & FeedMark) | null> {
  const mark = markOf(feed.engine)
  const newest = feedOf(feed, appId)
    .select([sql<string>`cast(${mark} as text)`.as('mark'), 'events.at'])
    .select(['events.customer_id as customerId', 'events.version'])
    .orderBy(mark, 'desc')
    .limit(1)
  const row = await (feed.engine === 'sqlite'
    ? newest
    : newest.orderBy('events.customer_id', 'desc').orderBy('events.version', 'desc')
  ).executeTakeFirst()
  return row ? { ...row, mark: BigInt(row.mark) } : null
}

export async function selectOwnerKeys(
  db: Kysely<Tables>,
  appId: string,
  customerIds: string[],
): Promise<{ id: string; wrappedKey: Uint8Array }[]> {
  return db
    .selectFrom('customers')
    .select(['id', 'data_key as wrappedKey'])
    .where('app_id', '=', appId)
    .where('id', 'in', customerIds)
    .execute()
}
