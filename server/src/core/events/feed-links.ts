// Owns the feed for what hands events on: which ones come next, unopened, and one of them, opened.
import { present } from '../../lib/assert.ts'
import type { Context } from '../context.ts'
import { listEvents } from './event-service.ts'
import type { FeedEvent } from './feed-service.ts'
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

/** The event as a subscriber gets it; `null`: there is none, or its customer's key is gone. */
export async function findFeedEvent(
  context: Context,
  { customerId, version }: FeedPosition,
): Promise<FeedEvent | null> {
  const appId = context.app.id
  const [owner] = await selectOwnerKeys(context.db, appId, [customerId])
  if (!owner) return null
  const dataKey = context.vault.openDataKey({ appId, ownerId: customerId }, owner.wrappedKey)
  const afterVersion = version - 1
  const [event] = await listEvents(context, { customerId, dataKey, afterVersion, limit: 1 })
  return event?.version === version ? { ...event, previousVersion: afterVersion } : null
}
