// Owns the feed: every event of an app, in an order in which nothing ever appears behind a reader.
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { type CustomerEvent, feedErrors } from './event.ts'
import { openChanges } from './event-service.ts'
import type { StoredEvent } from './event-store.ts'
import {
  type FeedPosition,
  selectFeed,
  selectFeedEnd,
  selectFirstMark,
  selectMark,
  selectOwnerKeys,
} from './feed-store.ts'

export type { FeedPosition } from './feed-store.ts'

/** One fact, as a subscriber gets it. */
export interface FeedEvent extends Omit<CustomerEvent, 'changes'> {
  /** The version before; who has not seen that one missed an event. 0: the first one. */
  previousVersion: number
  /** `null` when the customer's key is gone. */
  changes: object | null
}

export interface FeedPage {
  events: FeedEvent[]
  hasMore: boolean
  /** Where to go on, at any later time; `null` while there has been no event at all. */
  end: FeedPosition | null
}

export const feedPageMax = 1_000

export type FeedStart =
  /** From the app's first event on. */
  | { from: 'start' }
  /** Behind this event, whoever read it. */
  | { from: 'after'; position: FeedPosition }
  /** Nothing of this time or later is left out; it begins up to a minute before it. */
  | { from: 'since'; time: number }

/**
 * The next events, oldest first; those of one customer in the order of their versions. On
 * PostgreSQL an event appears when every transaction that was running at its commit has ended.
 * Error: `event_cursor_unknown`.
 */
export async function listFeed(
  context: Context,
  start: FeedStart,
  limit: number,
): Promise<FeedPage> {
  const feed = feedOf(context)
  const behind = start.from === 'after' ? start.position : null
  const mark = await markOfStart(context, start)
  const rows = await selectFeed(feed, context.app.id, { mark, behind, limit: limit + 1 })
  const events = await openEvents(context, rows.slice(0, limit))
  const last = events.at(-1)
  const end = last ? { customerId: last.customerId, version: last.version } : behind
  return { events, hasMore: rows.length > limit, end }
}

/** Behind the newest event that the feed hands out now; `null`: there is none yet. */
export async function findFeedEnd(context: Context): Promise<FeedPosition | null> {
  const end = await selectFeedEnd(feedOf(context), context.app.id)
  return end && { customerId: end.customerId, version: end.version }
}

const feedOf = ({ db, database: { engine } }: Context) => ({ db, engine })

async function markOfStart(context: Context, start: FeedStart): Promise<bigint> {
  if (start.from === 'start') return 0n
  if (start.from === 'since') return findMark(context, start.time - slackMs)
  const mark = await selectMark(feedOf(context), context.app.id, start.position)
  if (mark === null) throw new AppError(feedErrors.event_cursor_unknown)
  return mark
}

/** Times are not quite in order: a transaction takes a while, two servers' clocks differ. */
export const slackMs = 60_000
/** A search by halves among 64-bit numbers ends before. */
const halvingsMax = 64

/** The first mark whose event is not older than this. */
export async function findMark(context: Context, time: number): Promise<bigint> {
  const feed = feedOf(context)
  const newest = await selectFeedEnd(feed, context.app.id)
  let low = 0n
  let high = newest === null ? 0n : newest.mark + 1n
  for (let halving = 0; halving < halvingsMax && low < high; halving += 1) {
    const middle = (low + high) / 2n
    const found = await selectFirstMark(feed, context.app.id, middle)
    if (found !== null && found.at < time) low = found.mark + 1n
    else high = middle
  }
  return low
}

async function openEvents(context: Context, rows: StoredEvent[]): Promise<FeedEvent[]> {
  const { vault, app } = context
  const ids = [...new Set(rows.map((row) => row.customerId))]
  const owners = ids.length === 0 ? [] : await selectOwnerKeys(context.db, app.id, ids)
  const keys = new Map(
    owners.map(({ id, wrappedKey }) => [
      id,
      vault.openDataKey({ appId: app.id, ownerId: id }, wrappedKey),
    ]),
  )
  return rows.map((row) => {
    const key = keys.get(row.customerId)
    const { customerId, version, type, actor, at, hash } = row
    const changes = key === undefined ? null : openChanges(context, key, row)
    return { customerId, version, previousVersion: version - 1, type, actor, at, changes, hash }
  })
}
