// Owns how events become deliveries: each event once for each endpoint that wants it, none skipped.
import type { Context } from '../core/context.ts'
import { listFeedLinks } from '../core/events/feed-links.ts'
import { insertJobIfAbsent } from '../storage/job-queue.ts'
import { inTransaction } from '../storage/transaction.ts'
import { deliveryJobKind } from './delivery.ts'
import { newDelivery } from './delivery-service.ts'
import {
  insertDeliveries,
  selectCursor,
  selectCursorForUpdate,
  selectEndpointsWithDue,
  updateCursor,
} from './delivery-store.ts'
import { endpointsMax, isWanted } from './endpoint.ts'
import { selectEndpoints } from './endpoint-store.ts'

/** A transaction's worth: the embedded engine has one writer. */
const eventsPerPass = 200
const passesMax = 25

/** Hands out what the feed has, and wakes the endpoints that have something due. */
export async function handOutEvents(context: Context): Promise<void> {
  const cursor = await selectCursor(context.db, context.app.id)
  if (cursor === null) return
  for (let pass = 0; pass < passesMax; pass += 1) {
    // Looked at outside a transaction first: most looks find nothing.
    if ((await listFeedLinks(context, await positionOf(context), 1)).length === 0) break
    if ((await handOutOnce(context)) < eventsPerPass) break
  }
  await wakeEndpoints(context)
}

async function positionOf(context: Context) {
  return (await selectCursor(context.db, context.app.id))?.position ?? null
}

/** Deliveries and cursor move in one transaction: a crash repeats nothing and loses nothing. */
function handOutOnce(context: Context): Promise<number> {
  return inTransaction(context, async (tx) => {
    const appId = tx.app.id
    const cursor = await selectCursorForUpdate(tx.db, appId)
    if (cursor === null) return 0
    const links = await listFeedLinks(tx, cursor.position, eventsPerPass)
    const last = links.at(-1)
    if (!last) return 0
    const endpoints = await selectEndpoints(tx.db, { appId, limit: endpointsMax })
    const now = tx.clock.now()
    const deliveries = links.flatMap(({ customerId, version, type }) =>
      endpoints
        .filter(({ disabledReason, events }) => disabledReason === null && isWanted(events, type))
        .map(({ id: endpointId }) => {
          const about = { id: tx.ids(), endpointId, event: { customerId, version }, type }
          return { ...newDelivery(about, now), appId }
        }),
    )
    await insertDeliveries(tx.db, deliveries)
    const { customerId, version } = last
    await updateCursor(tx.db, { appId, customerId, version })
    return links.length
  })
}

/**
 * The job of an endpoint bears its id, so that there is one. One that ends while something new
 * becomes due is missed by no more than a look.
 */
async function wakeEndpoints(context: Context): Promise<void> {
  const appId = context.app.id
  const now = context.clock.now()
  const ids = await selectEndpointsWithDue(context.db, { appId, at: now })
  if (ids.length === 0) return
  await inTransaction(context, async (tx) => {
    for (const id of ids) {
      const job = { appId, id, kind: deliveryJobKind, subjectId: id, runAt: now, createdAt: now }
      await insertJobIfAbsent(tx.db, job).execute()
    }
  })
}
