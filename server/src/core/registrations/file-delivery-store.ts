// Owns the SQL of the file_deliveries table.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'

export interface FileDelivery {
  id: string
  fileId: string
  registrationId: string
  status: 'scheduled' | 'sent' | 'unsupported' | 'failed'
  /** Why it was not sent; no personal data. */
  reason: string | null
  remoteFileId: string | null
  createdAt: number
  endedAt: number | null
}

export async function insertFileDelivery(
  db: Kysely<Tables>,
  appId: string,
  delivery: FileDelivery,
): Promise<void> {
  await db
    .insertInto('file_deliveries')
    .values({
      app_id: appId,
      id: delivery.id,
      file_id: delivery.fileId,
      registration_id: delivery.registrationId,
      status: delivery.status,
      reason: delivery.reason,
      remote_file_id: delivery.remoteFileId,
      created_at: delivery.createdAt,
      ended_at: delivery.endedAt,
    })
    .execute()
}

export async function selectFileDelivery(
  db: Kysely<Tables>,
  key: { appId: string; id: string },
): Promise<FileDelivery | null> {
  const row = await db
    .selectFrom('file_deliveries')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    fileId: row.file_id,
    registrationId: row.registration_id,
    status: row.status as FileDelivery['status'],
    reason: row.reason,
    remoteFileId: row.remote_file_id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}

export async function updateFileDeliveryEnded(
  db: Kysely<Tables>,
  key: { appId: string; id: string },
  end: Pick<FileDelivery, 'status' | 'reason' | 'remoteFileId' | 'endedAt'>,
): Promise<void> {
  await db
    .updateTable('file_deliveries')
    .set({
      status: end.status,
      reason: end.reason,
      remote_file_id: end.remoteFileId,
      ended_at: end.endedAt,
    })
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .execute()
}
