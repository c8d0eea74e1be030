// Owns sending a time range again: what failed in it, and what the endpoint was never given.
import type { Context } from '../core/context.ts'
import { type FeedLink, listFeedLinksBetween } from '../core/events/feed-links.ts'
import type { FeedPosition } from '../core/events/feed-service.ts'
import { refuseField } from '../core/fields.ts'
import { inTransaction } from '../storage/transaction.ts'
import { newDelivery, requireEnabled } from './delivery-service.ts'
import { insertDeliveries, updateDeliveriesReplayed } from './delivery-store.ts'
import { type Endpoint, isWanted } from './endpoint.ts'

export interface ReplayRange {
  endpointId: string
  /** Of a delivery's making, or of an event that was never handed out; `to` is not in it. */
  from: number
  to: number
  /** Those that arrived too. */
  withDelivered: boolean
  /** Where the call before has ended; `null`: this is the first one. */
  cursor: FeedPosition | null
}

export interface Replayed {
  count: number
  /** Where to go on looking for events; `null`: the whole range was looked at. */
  next: FeedPosition | null
}

/** Looked at in one call: a transaction may hold the only writer. */
const eventsPerCallMax = 5_000

/**
 * Deliveries that failed in this range are to be sent again, and events of it that the endpoint
 * wants and has no delivery of are handed out to it now: they happened while it was disabled,
 * before it was made, or before its filters meant them. Errors: `webhook_endpoint_not_found`,
 * `webhook_endpoint_disabled`, `field_invalid`, `event_cursor_unknown`.
 */
export async function replayRange(
  context: Context,
  range: ReplayRange,
  { eventsPerCall = eventsPerCallMax }: { eventsPerCall?: number } = {},
): Promise<Replayed> {
  const { endpointId, from, to, withDelivered, cursor } = range
  await requireEnabled(context, endpointId)
  if (to <= from) refuseField('to', 'is not after the beginning of the range')
  // Older ones had their deliveries deleted: nobody can say any more which of them arrived.
  const keptFrom = withDelivered ? from : context.clock.now() - context.deliveryAgeMsMax
  const between = { from: Math.max(from, keptFrom), to, behind: cursor, limit: eventsPerCall }
  const { links, next } = await listFeedLinksBetween(context, between)
  return inTransaction(context, async (tx) => {
    const endpoint = await requireEnabled(tx, endpointId)
    const appId = tx.app.id
    const at = tx.clock.now()
    const statuses = withDelivered ? (['failed', 'delivered'] as const) : (['failed'] as const)
    // Before the new ones, which are no part of what is sent again.
    const again =
      cursor === null
        ? await updateDeliveriesReplayed(tx.db, { appId, endpointId, from, to, statuses, at })
        : 0
    return { count: again + (await handOut(tx, endpoint, links)), next }
  })
}

function handOut(tx: Context, { id: endpointId, events }: Endpoint, links: FeedLink[]) {
  const now = tx.clock.now()
  const missed = links
    .filter(({ type }) => isWanted(events, type))
    .map(({ customerId, version, type }) => {
      const about = { id: tx.ids(), endpointId, event: { customerId, version }, type }
      return { ...newDelivery(about, now), appId: tx.app.id }
    })
  return insertDeliveries(tx.db, missed)
}
