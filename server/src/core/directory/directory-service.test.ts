// Owns the proof of the directory: filters, exact counts, and pages at any position.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import {
  countCustomers,
  findPosition,
  settleTallies,
  tallySize,
} from '../customer/customer-tally.ts'
import { submitRegistration } from '../registrations/registration-service.ts'
import { listDirectory } from './directory-service.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const page = { limit: 100, offset: 0 }

async function newApp(): Promise<Context> {
  return server.contextOf((await createMerchant(server.system, 'Market')).test)
}

describe('filters', () => {
  let context: Context
  const ids: Record<string, string> = {}
  const make = async (name: string, more: object) => {
    const made = await createCustomer(context, { kind: 'individual', name, ...more })
    ids[name] = made.id
  }
  const found = async (filter: Parameters<typeof listDirectory>[1]) => {
    const { count, customers } = await listDirectory(context, filter, page)
    expect(count).toBe(customers.length)
    return customers.map(({ name }) => name)
  }
  beforeAll(async () => {
    context = await newApp()
    const document = { type: 'passport', number: 'X1', country: null }
    await make('Ana', { email: 'Ana@Example.com', country: 'BR' })
    await make('Bea', { email: 'bea@example.com', country: 'AR', document })
    await make('Caio', { email: 'ana@example.com', country: 'BR', document })
    const register = (
      name: string,
      provider: 'stripe' | 'bridge',
      role: 'customer' | 'connected_account',
    ) => submitRegistration(context, ids[name] ?? '', { provider, role })
    await register('Ana', 'stripe', 'customer')
    await register('Ana', 'bridge', 'connected_account')
    await register('Bea', 'stripe', 'connected_account')
  })

  test('are alternatives within one list, and all hold together', async () => {
    expect(await found({ countries: ['BR', 'AR'] })).toEqual(['Caio', 'Bea', 'Ana'])
    expect(await found({ countries: ['BR'], documentTypes: ['passport'] })).toEqual(['Caio'])
    expect(await found({ countries: ['US'] })).toEqual([])
  })

  test('compare an e-mail in its normal form', async () => {
    expect(await found({ emails: ['ANA@example.COM'] })).toEqual(['Caio', 'Ana'])
    expect(await found({ emails: ['nobody@example.com'] })).toEqual([])
  })

  test('of registrations hold for one registration, not for three', async () => {
    expect(await found({ providers: ['stripe'] })).toEqual(['Bea', 'Ana'])
    expect(await found({ providers: ['stripe'], roles: ['connected_account'] })).toEqual(['Bea'])
    expect(await found({ roles: ['connected_account'] })).toEqual(['Bea', 'Ana'])
    expect(await found({ providers: ['bridge'], roles: ['customer'] })).toEqual([])
    expect(await found({ providers: ['stripe'], statuses: ['approved'] })).toEqual([])
  })

  test('count all matches, whatever the page', async () => {
    const filter = { countries: ['BR', 'AR'] }
    const second = await listDirectory(context, filter, { limit: 1, offset: 1 })
    expect([second.count, second.customers.map(({ name }) => name)]).toEqual([3, ['Bea']])
    expect((await listDirectory(context, filter, { limit: 1, offset: 9 })).customers).toEqual([])
  })

  test('show nothing of another app', async () => {
    const other = await newApp()
    for (const filter of [{}, { countries: ['BR'] }, { emails: ['ana@example.com'] }]) {
      expect(await listDirectory(other, filter, page)).toEqual({ count: 0, customers: [] })
    }
  })
})

describe('without a filter', () => {
  /** Rows alone: what is counted is their ids. */
  async function fill(context: Context, count: number): Promise<string[]> {
    const { id: first } = await createCustomer(context, { kind: 'individual', name: 'First' })
    const row = await context.db
      .selectFrom('customers')
      .selectAll()
      .where('app_id', '=', context.app.id)
      .where('id', '=', first)
      .executeTakeFirstOrThrow()
    const ids = Array.from({ length: count - 1 }, () => context.ids())
    for (let at = 0; at < ids.length; at += 500) {
      const rows = ids.slice(at, at + 500).map((id) => ({ ...row, id, external_id: null }))
      await server.system.database.transaction((db) =>
        db.insertInto('customers').values(rows).execute(),
      )
    }
    return [first, ...ids].sort()
  }

  test('a count that goes on from the one before it stays exact, in every process', async () => {
    const context = await newApp()
    // Two memories, as two processes have them.
    const memories = [new Map<string, unknown>(), new Map<string, unknown>()]
    const known = memories.map((cache) => ({ ...context, cache }))
    const counts = () => Promise.all(known.map(countCustomers))
    let made = 0
    for (const pauseMs of [0, 1_000, 59_000, 119_999, 120_001, 60_000, 1_000_000, 1]) {
      await fill(context, 3)
      made += 3
      expect(await counts()).toEqual([made, made])
      server.clock.advance(pauseMs)
      expect(await counts()).toEqual([made, made])
      await createCustomer(context, { kind: 'individual', name: 'One more' })
      made += 1
      expect(await countCustomers(known[0] ?? context)).toBe(made)
    }
    const inside = await inTransaction(context, async (tx) => {
      await createCustomer(tx, { kind: 'individual', name: 'One more' })
      return countCustomers(tx)
    })
    expect([inside, ...(await counts())]).toEqual([made + 1, made + 1, made + 1])
  })

  test('count and position are exact before, while and after stretches settle', async () => {
    const context = await newApp()
    const ids = await fill(context, 2 * tallySize + 700)
    const newest = ids.toReversed()
    const idsAt = async (offset: number) => {
      const { app, db } = context
      const below = await findPosition(context, offset)
      if (below === 'end') return []
      let query = db.selectFrom('customers').select('id').where('app_id', '=', app.id)
      if (below !== null) query = query.where('id', '<', below)
      const rows = await query.orderBy('id', 'desc').limit(3).execute()
      return rows.map(({ id }) => id)
    }
    const offsets = [
      0,
      1,
      699,
      700,
      701,
      tallySize,
      2 * tallySize - 1,
      2 * tallySize,
      ids.length - 1,
    ]
    const checkAll = async () => {
      expect((await listDirectory(context, {}, { limit: 1, offset: ids.length })).count).toBe(
        ids.length,
      )
      for (const offset of offsets) {
        expect({ offset, ids: await idsAt(offset) }).toEqual({
          offset,
          ids: newest.slice(offset, offset + 3),
        })
      }
      expect(await idsAt(ids.length)).toEqual([])
    }
    expect(await settleTallies(context, 10)).toBe(0)
    await checkAll()
    server.clock.advance(120_001)
    expect(await settleTallies(context, 1)).toBe(1)
    await checkAll()
    // Two processes at once write no stretch twice.
    const added = await Promise.all([settleTallies(context, 10), settleTallies(context, 10)])
    expect(added[0] + added[1]).toBe(1)
    await checkAll()
    expect(await settleTallies(context, 10)).toBe(0)
    await createCustomer(context, { kind: 'individual', name: 'Newest' })
    const after = await listDirectory(context, {}, { limit: 1, offset: 0 })
    expect([after.count, after.customers[0]?.name]).toEqual([ids.length + 1, 'Newest'])
  })
})
