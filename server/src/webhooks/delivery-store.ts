// Owns the SQL of deliveries and of how far the events have become deliveries.
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from '../storage/tables.ts'
import type { WebhookDeliveryRow } from '../storage/webhook-tables.ts'
import type { Delivery, DeliveryStatus } from './delivery.ts'

/** A statement's worth. */
const rowsPerInsert = 500

interface DeliveryKey {
  appId: string
  endpointId: string
  id: string
}

export interface Cursor {
  position: { customerId: string; version: number } | null
}

/** Only the first one counts: it is where the app's deliveries begin. */
export async function insertCursor(
  db: Kysely<Tables>,
  cursor: Cursor & { appId: string },
): Promise<void> {
  await db
    .insertInto('webhook_cursors')
    .values({
      app_id: cursor.appId,
      customer_id: cursor.position?.customerId ?? null,
      version: cursor.position?.version ?? null,
    })
    .onConflict((conflict) => conflict.column('app_id').doNothing())
    .execute()
}

export async function selectCursor(db: Kysely<Tables>, appId: string): Promise<Cursor | null> {
  const row = await db
    .selectFrom('webhook_cursors')
    .select(['customer_id', 'version'])
    .where('app_id', '=', appId)
    .executeTakeFirst()
  return row ? toCursor(row) : null
}

/** `null` also while another process hands this app's events out. */
export async function selectCursorForUpdate(
  db: Kysely<Tables>,
  appId: string,
): Promise<Cursor | null> {
  const row = await db
    .selectFrom('webhook_cursors')
    .select(['customer_id', 'version'])
    .where('app_id', '=', appId)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row ? toCursor(row) : null
}

export async function updateCursor(
  db: Kysely<Tables>,
  cursor: { appId: string; customerId: string; version: number },
): Promise<void> {
  await db
    .updateTable('webhook_cursors')
    .set({ customer_id: cursor.customerId, version: cursor.version })
    .where('app_id', '=', cursor.appId)
    .execute()
}

/** An event that an endpoint has already keeps its delivery; answers how many are new. */
export async function insertDeliveries(
  db: Kysely<Tables>,
  deliveries: (Delivery & { appId: string })[],
): Promise<number> {
  let inserted = 0
  for (let at = 0; at < deliveries.length; at += rowsPerInsert) {
    const result = await db
      .insertInto('webhook_deliveries')
      .values(toRows(deliveries.slice(at, at + rowsPerInsert)))
      .onConflict((conflict) =>
        conflict.columns(['app_id', 'endpoint_id', 'customer_id', 'version']).doNothing(),
      )
      .executeTakeFirst()
    inserted += Number(result.numInsertedOrUpdatedRows)
  }
  return inserted
}

/** Those in use that have something to be sent by now. */
export async function selectEndpointsWithDue(
  db: Kysely<Tables>,
  due: { appId: string; at: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('webhook_endpoints')
    .select('id')
    .where('app_id', '=', due.appId)
    .where('disabled_reason', 'is', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('webhook_deliveries')
          .select('webhook_deliveries.id')
          .where('webhook_deliveries.app_id', '=', due.appId)
          .whereRef('webhook_deliveries.endpoint_id', '=', 'webhook_endpoints.id')
          .where('next_attempt_at', '<=', due.at),
      ),
    )
    .execute()
  return rows.map((row) => row.id)
}

/** Longest due first. */
export async function selectDueDeliveries(
  db: Kysely<Tables>,
  due: { appId: string; endpointId: string; at: number; limit: number },
): Promise<Delivery[]> {
  const rows = await db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('app_id', '=', due.appId)
    .where('endpoint_id', '=', due.endpointId)
    .where('next_attempt_at', '<=', due.at)
    .orderBy('next_attempt_at')
    .limit(due.limit)
    .execute()
  return rows.map(fromRow)
}

export async function selectDelivery(
  db: Kysely<Tables>,
  key: DeliveryKey,
): Promise<Delivery | null> {
  const row = await db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .where('endpoint_id', '=', key.endpointId)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Newest first. */
export async function selectDeliveriesBefore(
  db: Kysely<Tables>,
  page: { appId: string; endpointId: string; beforeId: string | null; limit: number },
): Promise<Delivery[]> {
  let query = db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('app_id', '=', page.appId)
    .where('endpoint_id', '=', page.endpointId)
  if (page.beforeId !== null) query = query.where('id', '<', page.beforeId)
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map(fromRow)
}

export async function updateDelivery(
  db: Kysely<Tables>,
  delivery: Delivery & { appId: string },
): Promise<void> {
  const { app_id, id, endpoint_id, created_at, ...columns } = toRow(delivery)
  await db
    .updateTable('webhook_deliveries')
    .set(columns)
    .where('app_id', '=', app_id)
    .where('id', '=', id)
    .execute()
}

/** They have arrived, at one more try each. */
export async function updateDelivered(
  db: Kysely<Tables>,
  arrived: { appId: string; ids: string[]; responseStatus: number | null; at: number },
): Promise<void> {
  await db
    .updateTable('webhook_deliveries')
    .set((eb) => ({
      status: 'delivered',
      attempts: eb('attempts', '+', 1),
      next_attempt_at: null,
      last_attempt_at: arrived.at,
      delivered_at: arrived.at,
      response_status: arrived.responseStatus,
      reason: null,
    }))
    .where('app_id', '=', arrived.appId)
    .where('id', 'in', arrived.ids)
    .execute()
}

/** To be sent again as if never tried: those of this status from `from` up to `to`. */
export async function updateDeliveriesReplayed(
  db: Kysely<Tables>,
  range: {
    appId: string
    endpointId: string
    from: number
    to: number
    statuses: readonly DeliveryStatus[]
    at: number
  },
): Promise<number> {
  const result = await db
    .updateTable('webhook_deliveries')
    .set({ status: 'waiting', attempts: 0, next_attempt_at: range.at })
    .where('app_id', '=', range.appId)
    .where('endpoint_id', '=', range.endpointId)
    .where('created_at', '>=', range.from)
    .where('created_at', '<', range.to)
    .where('status', 'in', range.statuses)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/**
 * Of one app, those that are over and were last tried before this time, oldest first; answers how
 * many went. One that is to be sent again meanwhile stays.
 */
export async function deleteOldDeliveries(
  db: Kysely<Tables>,
  filter: { appId: string; before: number; limit: number },
): Promise<number> {
  const old = db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('app_id', '=', filter.appId)
    .where('next_attempt_at', 'is', null)
    .where('last_attempt_at', '<', filter.before)
    .orderBy('last_attempt_at')
    .limit(filter.limit)
  const result = await db
    .deleteFrom('webhook_deliveries')
    .where('app_id', '=', filter.appId)
    .where('id', 'in', old)
    .where('next_attempt_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

function toCursor(row: { customer_id: string | null; version: number | null }): Cursor {
  const { customer_id: customerId, version } = row
  return { position: customerId === null || version === null ? null : { customerId, version } }
}

function toRows(deliveries: (Delivery & { appId: string })[]): WebhookDeliveryRow[] {
  return deliveries.map(toRow)
}

function toRow(delivery: Delivery & { appId: string }): WebhookDeliveryRow {
  return {
    app_id: delivery.appId,
    id: delivery.id,
    endpoint_id: delivery.endpointId,
    customer_id: delivery.event?.customerId ?? null,
    version: delivery.event?.version ?? null,
    type: delivery.type,
    status: delivery.status,
    attempts: delivery.attempts,
    next_attempt_at: delivery.nextAttemptAt,
    last_attempt_at: delivery.lastAttemptAt,
    response_status: delivery.responseStatus,
    reason: delivery.reason,
    created_at: delivery.createdAt,
    delivered_at: delivery.deliveredAt,
  }
}

function fromRow(row: Selectable<WebhookDeliveryRow>): Delivery {
  const { customer_id: customerId, version } = row
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    event: customerId === null || version === null ? null : { customerId, version },
    type: row.type,
    status: row.status as DeliveryStatus,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    lastAttemptAt: row.last_attempt_at,
    responseStatus: row.response_status,
    reason: row.reason,
    createdAt: row.created_at,
    deliveredAt: row.delivered_at,
  }
}
