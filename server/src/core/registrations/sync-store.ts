// Owns the SQL of the syncs table.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import type { ProviderName, SyncField } from '../provider.ts'

export interface Sync {
  id: string
  customerId: string
  provider: ProviderName
  fields: SyncField[]
  status: 'scheduled' | 'done' | 'failed'
  /** Why it failed; no personal data. */
  reason: string | null
  createdAt: number
  endedAt: number | null
}

export async function insertSync(db: Kysely<Tables>, appId: string, sync: Sync): Promise<void> {
  await db
    .insertInto('syncs')
    .values({
      app_id: appId,
      id: sync.id,
      customer_id: sync.customerId,
      provider: sync.provider,
      fields: sync.fields.join(' '),
      status: sync.status,
      reason: sync.reason,
      created_at: sync.createdAt,
      ended_at: sync.endedAt,
    })
    .execute()
}

export async function selectSync(
  db: Kysely<Tables>,
  key: { appId: string; id: string },
): Promise<Sync | null> {
  const row = await db
    .selectFrom('syncs')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    customerId: row.customer_id,
    provider: row.provider as ProviderName,
    fields: row.fields.split(' ') as SyncField[],
    status: row.status as Sync['status'],
    reason: row.reason,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}

export async function updateSyncEnded(
  db: Kysely<Tables>,
  key: { appId: string; id: string },
  end: Pick<Sync, 'status' | 'reason' | 'endedAt'>,
): Promise<void> {
  await db
    .updateTable('syncs')
    .set({ status: end.status, reason: end.reason, ended_at: end.endedAt })
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .execute()
}
