// Owns what a caller sees and asks of deliveries: listing, replaying, trying an endpoint.
import type { Context } from '../core/context.ts'
import { AppError } from '../core/errors.ts'
import { inTransaction } from '../storage/transaction.ts'
import { type Delivery, testMessageType } from './delivery.ts'
import {
  deleteOldDeliveries,
  insertDeliveries,
  selectDeliveriesBefore,
  selectDelivery,
  updateDelivery,
} from './delivery-store.ts'
import { type Endpoint, endpointErrors } from './endpoint.ts'
import { getEndpoint } from './endpoint-service.ts'

/** Newest first. Errors: `webhook_endpoint_not_found`, `delivery_cursor_unknown`. */
export async function pageDeliveries(
  context: Context,
  page: { endpointId: string; limit: number; cursor: { id: string | null } | null },
): Promise<Delivery[]> {
  const { endpointId, limit, cursor } = page
  await getEndpoint(context, endpointId)
  const appId = context.app.id
  const beforeId = cursor === null ? null : cursor.id
  const isKnown =
    cursor === null ||
    (beforeId !== null && (await selectDelivery(context.db, { appId, endpointId, id: beforeId })))
  if (!isKnown) throw new AppError(endpointErrors.delivery_cursor_unknown, { param: 'cursor' })
  return selectDeliveriesBefore(context.db, { appId, endpointId, beforeId, limit })
}

/**
 * To be sent again, with ten tries anew; the message keeps its id. Errors:
 * `webhook_endpoint_not_found`, `delivery_not_found`, `webhook_endpoint_disabled`.
 */
export function replayDelivery(
  context: Context,
  { endpointId, id }: { endpointId: string; id: string | null },
): Promise<Delivery> {
  return inTransaction(context, async (tx) => {
    await requireEnabled(tx, endpointId)
    const appId = tx.app.id
    const found = id === null ? null : await selectDelivery(tx.db, { appId, endpointId, id })
    if (!found) throw new AppError(endpointErrors.delivery_not_found)
    const replayed = renewed(found, tx.clock.now())
    await updateDelivery(tx.db, { ...replayed, appId })
    return replayed
  })
}

/**
 * A message that says nothing of a customer, sent like every other one. Errors:
 * `webhook_endpoint_not_found`, `webhook_endpoint_disabled`.
 */
export function sendTestMessage(context: Context, endpointId: string): Promise<Delivery> {
  return inTransaction(context, async (tx) => {
    await requireEnabled(tx, endpointId)
    const about = { id: tx.ids(), endpointId, event: null, type: testMessageType }
    const delivery = newDelivery(about, tx.clock.now())
    await insertDeliveries(tx.db, [{ ...delivery, appId: tx.app.id }])
    return delivery
  })
}

/** Deletes deliveries that are over and past their age; answers how many went. */
export function forgetDeliveries(context: Context, limit: number): Promise<number> {
  const before = context.clock.now() - context.deliveryAgeMsMax
  return inTransaction(context, (tx) =>
    deleteOldDeliveries(tx.db, { appId: tx.app.id, before, limit }),
  )
}

export function newDelivery(
  about: Pick<Delivery, 'id' | 'endpointId' | 'event' | 'type'>,
  now: number,
): Delivery {
  return {
    ...about,
    status: 'waiting',
    attempts: 0,
    nextAttemptAt: now,
    lastAttemptAt: null,
    responseStatus: null,
    reason: null,
    createdAt: now,
    deliveredAt: null,
  }
}

const renewed = (delivery: Delivery, now: number): Delivery => ({
  ...delivery,
  status: 'waiting',
  attempts: 0,
  nextAttemptAt: now,
})

/** Errors: `webhook_endpoint_not_found`, `webhook_endpoint_disabled`. */
export async function requireEnabled(context: Context, endpointId: string): Promise<Endpoint> {
  const endpoint = await getEndpoint(context, endpointId)
  if (endpoint.disabledReason === null) return endpoint
  throw new AppError(endpointErrors.webhook_endpoint_disabled)
}
