// Owns the SQL that walks the chains: heads and events in the order of app, customer and version.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import type { ChainHead } from './event.ts'
import type { StoredEvent } from './event-store.ts'

export interface CustomerHead {
  customerId: string
  head: ChainHead
}

/** The next app that has customers or events, known or not; `null` after the last one. */
export async function selectNextAppId(
  db: Kysely<Tables>,
  afterAppId: string | null,
): Promise<string | null> {
  const next = async (table: 'apps' | 'customers' | 'events'): Promise<string | null> => {
    const column = table === 'apps' ? ('apps.id' as const) : (`${table}.app_id` as const)
    const query = db.selectFrom(table).select(`${column} as appId`).orderBy(column).limit(1)
    const row = await (afterAppId === null
      ? query
      : query.where(column, '>', afterAppId)
    ).executeTakeFirst()
    return row?.appId ?? null
  }
  const found = [await next('apps'), await next('customers'), await next('events')]
  return found.filter((id) => id !== null).sort()[0] ?? null
}

export async function hasApp(db: Kysely<Tables>, appId: string): Promise<boolean> {
  const row = await db.selectFrom('apps').select('id').where('id', '=', appId).executeTakeFirst()
  return row !== undefined
}

/** Oldest first: the order in which the events of an app lie. */
export async function selectHeads(
  db: Kysely<Tables>,
  page: { appId: string; afterCustomerId: string | null; limit: number },
): Promise<CustomerHead[]> {
  let query = db
    .selectFrom('customers')
    .select(['id', 'version', 'head_hash'])
    .where('app_id', '=', page.appId)
  if (page.afterCustomerId !== null) query = query.where('id', '>', page.afterCustomerId)
  const rows = await query.orderBy('id').limit(page.limit).execute()
  return rows.map(toHead)
}

export async function selectHeadsOf(
  db: Kysely<Tables>,
  of: { appId: string; ids: string[] },
): Promise<CustomerHead[]> {
  const rows = await db
    .selectFrom('customers')
    .select(['id', 'version', 'head_hash'])
    .where('app_id', '=', of.appId)
    .where('id', 'in', of.ids)
    .execute()
  return rows.map(toHead)
}

/** The hashes of single events. */
export async function selectHashes(
  db: Kysely<Tables>,
  of: { appId: string; links: ChainPosition[] },
): Promise<(ChainPosition & { hash: Uint8Array })[]> {
  if (of.links.length === 0) return []
  return db
    .selectFrom('events')
    .select(['customer_id as customerId', 'version', 'hash'])
    .where('app_id', '=', of.appId)
    .where((eb) =>
      eb.or(
        of.links.map(({ customerId, version }) =>
          eb.and([eb('customer_id', '=', customerId), eb('version', '=', version)]),
        ),
      ),
    )
    .execute()
}

const toHead = (row: { id: string; version: number; head_hash: Uint8Array }): CustomerHead => ({
  customerId: row.id,
  head: { version: row.version, hash: row.head_hash },
})

/** As one of `selectHeads`; until the transaction ends, nothing joins the customer's history. */
export async function selectHeadForUpdate(
  db: Kysely<Tables>,
  customer: { appId: string; customerId: string },
): Promise<ChainHead | null> {
  const row = await db
    .selectFrom('customers')
    .select(['version', 'head_hash'])
    .where('app_id', '=', customer.appId)
    .where('id', '=', customer.customerId)
    .forUpdate()
    .executeTakeFirst()
  return row ? { version: row.version, hash: row.head_hash } : null
}

/** Where a walk stands: after this version of this customer. */
export interface ChainPosition {
  customerId: string
  version: number
}

/** Events of an app in the order of their keys; up to and with `lastCustomerId`, if given. */
export async function selectEventsInOrder(
  db: Kysely<Tables>,
  page: {
    appId: string
    after: ChainPosition | null
    lastCustomerId: string | null
    limit: number
  },
): Promise<StoredEvent[]> {
  const { after, lastCustomerId } = page
  let query = db
    .selectFrom('events')
    .select(['app_id as appId', 'customer_id as customerId', 'version', 'type', 'actor', 'at'])
    .select(['changes as sealedChanges', 'hash'])
    .where('app_id', '=', page.appId)
  if (after !== null) {
    query = query.where((eb) =>
      eb(
        eb.refTuple('customer_id', 'version'),
        '>',
        eb.tuple(eb.val(after.customerId), eb.val(after.version)),
      ),
    )
  }
  if (lastCustomerId !== null) query = query.where('customer_id', '<=', lastCustomerId)
  return query.orderBy('customer_id').orderBy('version').limit(page.limit).execute()
}
