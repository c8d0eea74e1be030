// Owns histories to be broken in tests: written at once, and each way to change one unseen.
import type { Kysely } from 'kysely'
import type { Tables } from '../../../storage/tables.ts'
import type { Context } from '../../context.ts'
import { chainStart } from '../event.ts'
import { appendEvent } from '../event-service.ts'
import type { BrokenLink } from '../verify-chains.ts'

/** Customers with as many events as each number says; answers their ids in order. */
export async function writeHistories(context: Context, lengths: number[]): Promise<string[]> {
  return context.database.transaction(async (db) => {
    const ids: string[] = []
    for (const length of lengths) ids.push(await writeHistory({ ...context, db }, length))
    return ids
  })
}

async function writeHistory(context: Context, length: number): Promise<string> {
  const { db, app, vault } = context
  const customerId = context.ids()
  const dataKey = vault.createDataKey({ appId: app.id, ownerId: customerId })
  let head = chainStart
  for (let count = 0; count < length; count += 1) {
    const changes = { name: `name ${count}` }
    const event = appendEvent(context, head, { customerId, dataKey, type: 'a.b', changes })
    await event.write(db).execute()
    head = event.head
  }
  await db
    .insertInto('customers')
    .values({
      app_id: app.id,
      id: customerId,
      kind: 'individual',
      country: null,
      external_id: null,
      default_bank_account_id: null,
      last_payout_at: null,
      document_type: null,
      onboarding_status: 'NOT_STARTED',
      roles: '',
      is_synced: 0,
      synced_at: null,
      data_key: dataKey.wrapped,
      profile: new Uint8Array(1),
      version: head.version,
      head_hash: head.hash,
      created_at: 0,
      updated_at: 0,
    })
    .execute()
  return customerId
}

export type Found = Pick<BrokenLink, 'customerId' | 'version' | 'problem'>

export interface Target {
  db: Kysely<Tables>
  appId: string
  customerId: string
  /** The customer's newest version. */
  last: number
  /** One of the customer's versions. */
  version: number
  /** Another customer of the app, and its newest version. */
  other: { customerId: string; last: number }
}

/** Each changes the database behind the server's back, and says what must be found. */
export const mutations: Record<string, (target: Target) => Promise<Found>> = {
  'edit the type': (target) => edit(target, { type: 'a.c' }),
  'edit the actor': (target) => edit(target, { actor: 'nobody' }),
  'edit the time': (target) => edit(target, { at: 1 }),
  'edit the changes': (target) => edit(target, { changes: new Uint8Array([1, 2, 3]) }),
  'edit the hash': (target) => edit(target, { hash: new Uint8Array(32) }),
  'delete one event': async (target) => {
    await eventsOf(target).where('version', '=', target.version).execute()
    return { ...found(target), problem: 'version_missing' }
  },
  'truncate the tail': async (target) => {
    await eventsOf(target).where('version', '>=', target.version).execute()
    return { ...found(target), problem: 'version_missing' }
  },
  'delete every event': async (target) => {
    await eventsOf(target).execute()
    return { ...found(target), version: 1, problem: 'version_missing' }
  },
  'exchange two events': async (target) => {
    const [low, high] = [Math.min(target.version, target.last - 1), target.last]
    await renumber(target, low, -1)
    await renumber(target, high, low)
    await renumber(target, -1, high)
    return { ...found(target), version: low, problem: 'hash_differs' }
  },
  'move an event to another customer': async (target) => {
    const { other, version, customerId } = target
    await target.db
      .updateTable('events')
      .set({ customer_id: other.customerId, version: other.last + 1 })
      .where('app_id', '=', target.appId)
      .where('customer_id', '=', customerId)
      .where('version', '=', version)
      .execute()
    return customerId < other.customerId
      ? { ...found(target), problem: 'version_missing' }
      : { customerId: other.customerId, version: other.last + 1, problem: 'hash_differs' }
  },
  'edit the head on the row': (target) =>
    editRow(target, { head_hash: new Uint8Array(32) }, 'head_differs', target.last),
  'set the row back': (target) =>
    editRow(target, { version: target.last - 1 }, 'head_differs', target.last),
  'set the row ahead': (target) =>
    editRow(target, { version: target.last + 1 }, 'version_missing', target.last + 1),
  'delete the row': async (target) => {
    await target.db
      .deleteFrom('customers')
      .where('app_id', '=', target.appId)
      .where('id', '=', target.customerId)
      .execute()
    return { ...found(target), version: 1, problem: 'customer_missing' }
  },
}

const found = ({ customerId, version }: Target) => ({ customerId, version })

function eventsOf({ db, appId, customerId }: Target) {
  return db.deleteFrom('events').where('app_id', '=', appId).where('customer_id', '=', customerId)
}

export async function edit(target: Target, columns: object): Promise<Found> {
  await target.db
    .updateTable('events')
    .set(columns)
    .where('app_id', '=', target.appId)
    .where('customer_id', '=', target.customerId)
    .where('version', '=', target.version)
    .execute()
  return { ...found(target), problem: 'hash_differs' }
}

async function renumber(target: Target, from: number, to: number): Promise<void> {
  await edit({ ...target, version: from }, { version: to })
}

async function editRow(
  target: Target,
  columns: object,
  problem: Found['problem'],
  version: number,
): Promise<Found> {
  await target.db
    .updateTable('customers')
    .set(columns)
    .where('app_id', '=', target.appId)
    .where('id', '=', target.customerId)
    .execute()
  return { customerId: target.customerId, version, problem }
}
