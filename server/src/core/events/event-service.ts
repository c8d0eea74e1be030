// Owns writing and reading a customer's history. Append-only: nothing here changes a written event.
import type { Kysely } from 'kysely'
import type { Insert } from '../../storage/insert-together.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { type ChainHead, type CustomerEvent, type LinkContent, linkHash } from './event.ts'
import { insertEvent, insertFirstEvent, type StoredEvent, selectEvents } from './event-store.ts'

export interface NewEvent {
  customerId: string
  dataKey: DataKey
  type: string
  /** Plain JSON; sealed with the customer's key before it is stored. */
  changes: object
}

/** The next link of the chain: the head to put on the customer's row, and the event's own row. */
export interface AppendedEvent {
  head: ChainHead
  /** The event's time. */
  at: number
  /** To be written together with the head: of a customer's first event, and of any. */
  insert: Insert
  write: (db: Kysely<Tables>) => Write
}

export function appendEvent(context: Context, head: ChainHead, event: NewEvent): AppendedEvent {
  const version = head.version + 1
  const place = changesPlace(context.app.id, event.customerId, version)
  const link: LinkContent = {
    appId: context.app.id,
    customerId: event.customerId,
    version,
    type: event.type,
    actor: context.actor,
    at: context.clock.now(),
    sealedChanges: context.vault.seal(event.dataKey, place, JSON.stringify(event.changes)),
  }
  const hash = linkHash(head.hash, link)
  const stored = { ...link, hash }
  const { engine } = context.database
  return {
    head: { version, hash },
    at: link.at,
    insert: insertFirstEvent(stored),
    write: (db) => insertEvent(db, stored, engine),
  }
}

export const eventPageMax = 1_000

/** The history after `afterVersion`, oldest first, at most `eventPageMax` events. */
export async function listEvents(
  context: Context,
  subject: { customerId: string; dataKey: DataKey; afterVersion: number; limit?: number },
): Promise<CustomerEvent[]> {
  const rows = await selectEvents(context.db, {
    appId: context.app.id,
    customerId: subject.customerId,
    afterVersion: subject.afterVersion,
    limit: subject.limit ?? eventPageMax,
  })
  return rows.map((row) => {
    const changes = openChanges(context, subject.dataKey, row)
    const { customerId, version, type, actor, at, hash } = row
    return { customerId, version, type, actor, at, changes, hash }
  })
}

export function openChanges(context: Context, dataKey: DataKey, event: StoredEvent): object {
  const place = changesPlace(context.app.id, event.customerId, event.version)
  return JSON.parse(context.vault.open(dataKey, place, event.sealedChanges))
}

function changesPlace(appId: string, customerId: string, version: number): Place {
  return { appId, ownerId: customerId, field: `event.changes:${version}` }
}
