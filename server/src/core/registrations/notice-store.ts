// Owns the SQL of the provider_notices table.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'

export interface StoredNotice {
  appId: string
  connectionId: string
  eventId: string
  id: string
  remoteId: string | null
  occurredAt: number
  sealedNotice: Uint8Array
  receivedAt: number
  appliedAt: number | null
}

/** False when the same event of this connection is stored already. */
export async function insertNotice(db: Kysely<Tables>, notice: StoredNotice): Promise<boolean> {
  const result = await db
    .insertInto('provider_notices')
    .values({
      app_id: notice.appId,
      connection_id: notice.connectionId,
      event_id: notice.eventId,
      id: notice.id,
      remote_id: notice.remoteId,
      occurred_at: notice.occurredAt,
      notice: notice.sealedNotice,
      received_at: notice.receivedAt,
      applied_at: notice.appliedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function selectNotice(
  db: Kysely<Tables>,
  key: { appId: string; id: string },
): Promise<StoredNotice | null> {
  const row = await db
    .selectFrom('provider_notices')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  if (!row) return null
  return {
    appId: row.app_id,
    connectionId: row.connection_id,
    eventId: row.event_id,
    id: row.id,
    remoteId: row.remote_id,
    occurredAt: row.occurred_at,
    sealedNotice: row.notice,
    receivedAt: row.received_at,
    appliedAt: row.applied_at,
  }
}

export async function updateNoticeApplied(
  db: Kysely<Tables>,
  key: { appId: string; id: string; at: number },
): Promise<void> {
  await db
    .updateTable('provider_notices')
    .set({ applied_at: key.at })
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .execute()
}

/** Of one app, oldest first; answers how many went. */
export async function deleteOldNotices(
  db: Kysely<Tables>,
  filter: { appId: string; before: number; limit: number },
): Promise<number> {
  const old = db
    .selectFrom('provider_notices')
    .select('id')
    .where('app_id', '=', filter.appId)
    .where('received_at', '<', filter.before)
    .orderBy('received_at')
    .limit(filter.limit)
  const result = await db
    .deleteFrom('provider_notices')
    .where('app_id', '=', filter.appId)
    .where('id', 'in', old)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
