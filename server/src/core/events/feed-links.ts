// Owns the feed for what hands events on: which ones come next, unopened, and one of them, opened.
import { present } from '../../lib/assert.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { feedErrors } from './event.ts'
import { openChanges } from './event-service.ts'
import { type StoredEvent, selectEventsAt } from './event-store.ts'
import { type FeedEvent, findMark, slackMs } from './feed-service.ts'
import { type FeedPosition, selectFeed, selectMark, selectOwnerKeys } from './feed-store.ts'

/** What an event is about; its changes stay sealed. */
export interface FeedLink extends FeedPosition {
  type: string
  at: number
}

/** The next events behind this one, in the feed's order; `null`: from the first event on. */
export async function listFeedLinks(
  context: Context,
  behind: FeedPosition | null,
  limit: number,
): Promise<FeedLink[]> {
  const feed = { db: context.db, engine: context.database.engine }
  const appId = context.app.id
  const found = behind === null ? 0n : await selectMark(feed, appId, behind)
  const mark = present(found, 'a written event is never deleted')
  const rows = await selectFeed(feed, appId, { mark, behind, limit })
  return rows.map(({ customerId, version, type, at }) => ({ customerId, version, type, at }))
}

export interface FeedStretch {
  /** Of the events' own times; `to` is not in it. */
  from: number
  to: number
  /** Where the look before has ended; `null`: this is the first one. */
  behind: FeedPosition | null
  /** Looked at, in or out of the range. */
  limit: number
}

/**
 * The events of these times, and where to go on; `null`: there are no more of them. Error:
 * `event_cursor_unknown`.
 */
export async function listFeedLinksBetween(
  context: Context,
  { from, to, behind, limit }: FeedStretch,
): Promise<{ links: FeedLink[]; next: FeedPosition | null }> {
  const feed = { db: context.db, engine: context.database.engine }
  const appId = context.app.id
  const mark = behind
    ? await selectMark(feed, appId, behind)
    : await findMark(context, from - slackMs)
  if (mark === null) throw new AppError(feedErrors.event_cursor_unknown)
  const rows = await selectFeed(feed, appId, { mark, behind, limit })
  const last = rows.at(-1)
  const isOver = rows.length < limit || rows.some(({ at }) => at >= to + slackMs)
  return {
    links: rows
      .filter(({ at }) => at >= from && at < to)
      .map(({ customerId, version, type, at }) => ({ customerId, version, type, at })),
    next: last && !isOver ? { customerId: last.customerId, version: last.version } : null,
  }
}

/**
 * These events, each opened when it is asked for: by `feedEventKey`. One that is not there has no
 * customer any more, or was never written.
 */
export async function findFeedEvents(
  context: Context,
  positions: FeedPosition[],
): Promise<ReadonlyMap<string, () => FeedEvent>> {
  const appId = context.app.id
  if (positions.length === 0) return new Map()
  const ids = [...new Set(positions.map(({ customerId }) => customerId))]
  const [owners, rows] = await Promise.all([
    selectOwnerKeys(context.db, appId, ids),
    selectEventsAt(context.db, appId, positions),
  ])
  const wrapped = new Map(owners.map(({ id, wrappedKey }) => [id, wrappedKey]))
  return new Map(
    rows.flatMap((row): [string, () => FeedEvent][] => {
      const key = wrapped.get(row.customerId)
      return key ? [[feedEventKey(row), () => openEvent(context, row, key)]] : []
    }),
  )
}

export const feedEventKey = ({ customerId, version }: FeedPosition) => `${customerId} ${version}`

function openEvent(context: Context, row: StoredEvent, wrappedKey: Uint8Array): FeedEvent {
  const { customerId, version, type, actor, at, hash } = row
  const dataKey = context.vault.openDataKey(
    { appId: context.app.id, ownerId: customerId },
    wrappedKey,
  )
  const changes = openChanges(context, dataKey, row)
  return { customerId, version, previousVersion: version - 1, type, actor, at, changes, hash }
}
