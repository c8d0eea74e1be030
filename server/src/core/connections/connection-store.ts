// Owns the SQL of the connections table.
import type { Kysely, Selectable } from 'kysely'
import type { ConnectionRow } from '../../storage/registration-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { ProviderName } from '../provider.ts'

export interface StoredConnection {
  appId: string
  id: string
  provider: ProviderName
  wrappedKey: Uint8Array
  sealedCredentials: Uint8Array
  baseUrl: string | null
  mayReplaceLegalAddress: boolean
  checkedAt: number
  createdAt: number
  updatedAt: number
}

export async function selectConnection(
  db: Kysely<Tables>,
  key: { appId: string; provider: ProviderName },
): Promise<StoredConnection | null> {
  const row = await db
    .selectFrom('connections')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('provider', '=', key.provider)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

export async function selectConnectionById(
  db: Kysely<Tables>,
  key: { appId: string; id: string },
): Promise<StoredConnection | null> {
  const row = await db
    .selectFrom('connections')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** The one query without an app: it finds the app of a webhook. */
export async function selectConnectionApp(db: Kysely<Tables>, id: string): Promise<string | null> {
  const row = await db
    .selectFrom('connections')
    .select('app_id')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.app_id ?? null
}

/** At most one a provider, so there is no page. */
export async function selectConnections(
  db: Kysely<Tables>,
  appId: string,
): Promise<StoredConnection[]> {
  const rows = await db
    .selectFrom('connections')
    .selectAll()
    .where('app_id', '=', appId)
    .orderBy('provider')
    .execute()
  return rows.map(fromRow)
}

/** In place of the one that the app has at this provider; its id, and so its webhook URL, stays. */
export function upsertConnection(db: Kysely<Tables>, connection: StoredConnection): Write {
  const { app_id, id, provider, created_at, ...columns } = toRow(connection)
  return db
    .insertInto('connections')
    .values(toRow(connection))
    .onConflict((conflict) => conflict.columns(['app_id', 'provider']).doUpdateSet(columns))
}

export async function updateConnectionChecked(
  db: Kysely<Tables>,
  key: { appId: string; id: string; at: number },
): Promise<void> {
  await db
    .updateTable('connections')
    .set({ checked_at: key.at })
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .execute()
}

export async function deleteConnection(
  db: Kysely<Tables>,
  key: { appId: string; provider: ProviderName },
): Promise<void> {
  await db
    .deleteFrom('connections')
    .where('app_id', '=', key.appId)
    .where('provider', '=', key.provider)
    .execute()
}

function toRow(connection: StoredConnection): ConnectionRow {
  return {
    app_id: connection.appId,
    id: connection.id,
    provider: connection.provider,
    data_key: connection.wrappedKey,
    credentials: connection.sealedCredentials,
    base_url: connection.baseUrl,
    may_replace_legal_address: connection.mayReplaceLegalAddress ? 1 : 0,
    checked_at: connection.checkedAt,
    created_at: connection.createdAt,
    updated_at: connection.updatedAt,
  }
}

function fromRow(row: Selectable<ConnectionRow>): StoredConnection {
  return {
    appId: row.app_id,
    id: row.id,
    provider: row.provider as ProviderName,
    wrappedKey: row.data_key,
    sealedCredentials: row.credentials,
    baseUrl: row.base_url,
    mayReplaceLegalAddress: row.may_replace_legal_address === 1,
    checkedAt: row.checked_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
