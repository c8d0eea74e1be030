// Owns the SQL of the events table.
import type { Kysely, Selectable } from 'kysely'
import type { EventRow, Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { LinkContent } from './event.ts'

export interface StoredEvent extends LinkContent {
  hash: Uint8Array
}

export function insertEvent(db: Kysely<Tables>, event: StoredEvent): Write {
  return db.insertInto('events').values({
    app_id: event.appId,
    customer_id: event.customerId,
    version: event.version,
    type: event.type,
    actor: event.actor,
    at: event.at,
    changes: event.sealedChanges,
    hash: event.hash,
  })
}

export async function selectEvents(
  db: Kysely<Tables>,
  filter: { appId: string; customerId: string; afterVersion: number; limit: number },
): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('app_id', '=', filter.appId)
    .where('customer_id', '=', filter.customerId)
    .where('version', '>', filter.afterVersion)
    .orderBy('version')
    .limit(filter.limit)
    .execute()
  return rows.map(fromRow)
}

function fromRow(row: Selectable<EventRow>): StoredEvent {
  return {
    appId: row.app_id,
    customerId: row.customer_id,
    version: row.version,
    type: row.type,
    actor: row.actor,
    at: row.at,
    sealedChanges: row.changes,
    hash: row.hash,
  }
}
