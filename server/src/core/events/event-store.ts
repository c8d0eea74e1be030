// Owns the SQL of the events table.
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import { type Insert, insertOf } from '../../storage/insert-together.ts'
import type { Engine } from '../../storage/migrations.ts'
import type { EventRow, Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { LinkContent } from './event.ts'

export interface StoredEvent extends LinkContent {
  hash: Uint8Array
}

/** The first event of a customer. */
export function insertFirstEvent(event: StoredEvent): Insert {
  return insertOf('events', toRow(event))
}

export function insertEvent(db: Kysely<Tables>, event: StoredEvent, engine: Engine): Write {
  const isFollowing = engine === 'postgresql' && event.version > 1
  return db
    .insertInto('events')
    .values({ ...toRow(event), ...(isFollowing ? { tx: txAfterPrevious(event) } : {}) })
}

/**
 * A transaction may have its number before it waits for a customer that a younger one holds. The
 * feed is in the order of `tx`, and in there a customer's versions must not turn around.
 */
function txAfterPrevious({ appId, customerId, version }: StoredEvent) {
  return sql<string>`greatest(pg_current_xact_id(), (
    select previous.tx from events as previous
    where previous.app_id = ${appId} and previous.customer_id = ${customerId}
      and previous.version = ${version - 1}::bigint
  ))`
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

/** The events of these places in their customers' histories, in no order. */
export async function selectEventsAt(
  db: Kysely<Tables>,
  appId: string,
  places: { customerId: string; version: number }[],
): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('app_id', '=', appId)
    .where((eb) =>
      eb.or(
        places.map(({ customerId, version }) =>
          eb.and([eb('customer_id', '=', customerId), eb('version', '=', version)]),
        ),
      ),
    )
    .execute()
  return rows.map(fromRow)
}

function toRow(event: StoredEvent): Omit<Insertable<EventRow>, 'tx'> {
  return {
    app_id: event.appId,
    customer_id: event.customerId,
    version: event.version,
    type: event.type,
    actor: event.actor,
    at: event.at,
    changes: event.sealedChanges,
    hash: event.hash,
  }
}

export function fromRow(row: Omit<Selectable<EventRow>, 'tx'>): StoredEvent {
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
