// Owns the SQL of webhook endpoints.
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from '../storage/tables.ts'
import type { WebhookEndpointRow } from '../storage/webhook-tables.ts'

export interface StoredEndpoint {
  appId: string
  id: string
  url: string
  events: string[]
  disabledReason: string | null
  failingSince: number | null
  wrappedKey: Uint8Array
  sealedSecrets: Uint8Array
  createdAt: number
  updatedAt: number
}

interface EndpointKey {
  appId: string
  id: string
}

export async function insertEndpoint(db: Kysely<Tables>, endpoint: StoredEndpoint): Promise<void> {
  await db.insertInto('webhook_endpoints').values(toRow(endpoint)).execute()
}

/** Bounded by `endpointsMax`, so there is no page. */
export async function selectEndpoints(
  db: Kysely<Tables>,
  page: { appId: string; limit: number },
): Promise<StoredEndpoint[]> {
  const rows = await db
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('app_id', '=', page.appId)
    .orderBy('id')
    .limit(page.limit)
    .execute()
  return rows.map(fromRow)
}

export async function selectEndpoint(
  db: Kysely<Tables>,
  key: EndpointKey,
): Promise<StoredEndpoint | null> {
  const row = await db
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** As `selectEndpoint`; until the transaction ends, nobody else changes it. */
export async function selectEndpointForUpdate(
  db: Kysely<Tables>,
  key: EndpointKey,
): Promise<StoredEndpoint | null> {
  const row = await db
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .forUpdate()
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

export async function updateEndpoint(db: Kysely<Tables>, endpoint: StoredEndpoint): Promise<void> {
  const { app_id, id, created_at, ...columns } = toRow(endpoint)
  await db
    .updateTable('webhook_endpoints')
    .set(columns)
    .where('app_id', '=', app_id)
    .where('id', '=', id)
    .execute()
}

/** The first failure after a success; a later one leaves its time. */
export async function updateEndpointFailing(
  db: Kysely<Tables>,
  key: EndpointKey & { at: number },
): Promise<void> {
  await db
    .updateTable('webhook_endpoints')
    .set({ failing_since: key.at })
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .where('failing_since', 'is', null)
    .execute()
}

export async function updateEndpointArriving(db: Kysely<Tables>, key: EndpointKey): Promise<void> {
  await db
    .updateTable('webhook_endpoints')
    .set({ failing_since: null })
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .where('failing_since', 'is not', null)
    .execute()
}

export async function updateEndpointDisabled(
  db: Kysely<Tables>,
  key: EndpointKey & { reason: string; at: number },
): Promise<void> {
  await db
    .updateTable('webhook_endpoints')
    .set({ disabled_reason: key.reason, updated_at: key.at })
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .where('disabled_reason', 'is', null)
    .execute()
}

export async function deleteEndpoint(db: Kysely<Tables>, key: EndpointKey): Promise<void> {
  await db
    .deleteFrom('webhook_deliveries')
    .where('app_id', '=', key.appId)
    .where('endpoint_id', '=', key.id)
    .execute()
  await db
    .deleteFrom('webhook_endpoints')
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .execute()
}

function toRow(endpoint: StoredEndpoint): WebhookEndpointRow {
  return {
    app_id: endpoint.appId,
    id: endpoint.id,
    url: endpoint.url,
    events: endpoint.events.join(' '),
    disabled_reason: endpoint.disabledReason,
    failing_since: endpoint.failingSince,
    data_key: endpoint.wrappedKey,
    secrets: endpoint.sealedSecrets,
    created_at: endpoint.createdAt,
    updated_at: endpoint.updatedAt,
  }
}

function fromRow(row: Selectable<WebhookEndpointRow>): StoredEndpoint {
  return {
    appId: row.app_id,
    id: row.id,
    url: row.url,
    events: row.events.split(' '),
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since,
    wrappedKey: row.data_key,
    sealedSecrets: row.secrets,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
