// Owns reading a customer's history in a test: recomputes the chain, then hands out the facts.
import { expect } from 'vitest'
import type { Context } from '../server/src/core/context.ts'
import { requireCustomer } from '../server/src/core/customer/customer-service.ts'
import { chainStart, linkHash } from '../server/src/core/events/event.ts'
import { listEvents } from '../server/src/core/events/event-service.ts'

export interface Fact {
  version: number
  type: string
  actor: string
  changes: object
}

/**
 * Every event of the customer, oldest first. Fails when a version is missing, when a link does not
 * follow from the one before, or when the customer's row does not stand at the chain's head.
 */
export async function historyOf(context: Context, customerId: string): Promise<Fact[]> {
  const rows = await context.db
    .selectFrom('events')
    .selectAll()
    .where('app_id', '=', context.app.id)
    .where('customer_id', '=', customerId)
    .orderBy('version')
    .execute()
  let head = chainStart
  for (const row of rows) {
    const { version, type, actor, at } = row
    const place = { appId: row.app_id, customerId: row.customer_id }
    const link = { ...place, version, type, actor, at, sealedChanges: row.changes }
    const hash = linkHash(head.hash, link)
    expect(version).toBe(head.version + 1)
    expect(Buffer.from(row.hash).toString('hex')).toBe(hash.toString('hex'))
    head = { version, hash }
  }
  const customer = await context.db
    .selectFrom('customers')
    .select(['version', 'head_hash'])
    .where('app_id', '=', context.app.id)
    .where('id', '=', customerId)
    .executeTakeFirstOrThrow()
  expect(customer.version).toBe(head.version)
  expect(Buffer.from(customer.head_hash).equals(Buffer.from(head.hash))).toBe(true)
  const dataKey = await requireCustomer(context, customerId)
  const events = await listEvents(context, { customerId, dataKey, afterVersion: 0 })
  expect(events.map((event) => event.version)).toEqual(rows.map((row) => row.version))
  return events.map(({ version, type, actor, changes }) => ({ version, type, actor, changes }))
}
