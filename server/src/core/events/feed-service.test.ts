// Owns the proof that the feed hands out every event once and in order, whoever commits late.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engine, startTestServer, type TestServer } from '../../../../test/harness.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { Context } from '../context.ts'
import { createCustomer, updateCustomer } from '../customer/customer-service.ts'
import { type FeedPosition, type FeedStart, findFeedEnd, listFeed } from './feed-service.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

async function newApp(): Promise<Context> {
  const { test: app } = await createMerchant(server.system, 'Another merchant')
  return server.contextOf(app)
}
const create = (context: Context, name = 'Alice Smith') =>
  createCustomer(context, { kind: 'individual', name })
const rename = (context: Context, id: string, name: string) => updateCustomer(context, id, { name })

const start: FeedStart = { from: 'start' }
const after = (position: FeedPosition | null): FeedStart =>
  position === null ? start : { from: 'after', position }
const namesOf = async (context: Context, from: FeedStart, limit = 100) =>
  (await listFeed(context, from, limit)).events.map(({ customerId, version }) => ({
    customerId,
    version,
  }))

/** On PostgreSQL a transaction of another test, in any database, holds the feed up for a moment. */
const waiting = { timeout: 20_000, interval: 5 }
const settled = (context: Context, count: number, from: FeedStart = start) =>
  expect.poll(async () => (await namesOf(context, from)).length, waiting).toBe(count)

test('events come oldest first, opened, each with the version before it', async () => {
  const context = await newApp()
  const alice = await create(context)
  await rename(context, alice.id, 'Alice Jones')
  await settled(context, 2)
  const { events, hasMore, end } = await listFeed(context, start, 10)
  const both = { customerId: alice.id, actor: 'operator:test', at: expect.any(Number) }
  expect(events).toEqual([
    {
      ...both,
      version: 1,
      previousVersion: 0,
      type: 'customer.created',
      changes: expect.objectContaining({ name: 'Alice Smith' }),
      hash: expect.anything(),
    },
    {
      ...both,
      version: 2,
      previousVersion: 1,
      type: 'customer.updated',
      changes: { name: 'Alice Jones' },
      hash: expect.anything(),
    },
  ])
  expect({ hasMore, end }).toEqual({ hasMore: false, end: { customerId: alice.id, version: 2 } })
})

test('reading goes on behind the last event, a page at a time, whatever came meanwhile', async () => {
  const context = await newApp()
  const ids = []
  for (let at = 0; at < 5; at += 1) ids.push((await create(context)).id)
  await settled(context, 5)
  const all = await namesOf(context, start)
  const first = await listFeed(context, start, 2)
  expect([first.events.length, first.hasMore, first.end]).toEqual([2, true, all[1]])
  const second = await listFeed(context, after(first.end), 3)
  expect([second.events.length, second.hasMore, second.end]).toEqual([3, false, all[4]])
  const third = await listFeed(context, after(second.end), 3)
  expect(third).toEqual({ events: [], hasMore: false, end: all[4] })
  await rename(context, ids[0] ?? '', 'Alice Jones')
  await settled(context, 1, after(third.end))
  expect(await namesOf(context, after(third.end))).toEqual([{ customerId: ids[0], version: 2 }])
})

test('it starts behind any event, and at its own end', async () => {
  const context = await newApp()
  expect(await findFeedEnd(context)).toBe(null)
  for (let at = 0; at < 4; at += 1) await create(context)
  await settled(context, 4)
  const all = await namesOf(context, start)
  for (const [at, position] of all.entries()) {
    expect(await namesOf(context, after(position))).toEqual(all.slice(at + 1))
  }
  expect(await findFeedEnd(context)).toEqual(all[3])
})

test('started at a time, it leaves out nothing since, and little from before', async () => {
  const context = await newApp()
  const times: number[] = []
  for (let at = 0; at < 12; at += 1) {
    times.push(context.clock.now())
    await create(context)
    server.clock.advance(120_000)
  }
  await settled(context, 12)
  const all = await namesOf(context, start)
  for (const [at, time] of times.entries()) {
    expect(await namesOf(context, { from: 'since', time })).toEqual(all.slice(at))
  }
  expect(await namesOf(context, { from: 'since', time: 0 })).toEqual(all)
  expect(await namesOf(context, { from: 'since', time: context.clock.now() })).toEqual([])
})

test('an app that has no events has an empty feed', async () => {
  const context = await newApp()
  const empty = { events: [], hasMore: false, end: null }
  expect(await listFeed(context, start, 10)).toEqual(empty)
  expect(await listFeed(context, { from: 'since', time: 0 }, 10)).toEqual(empty)
})

test("another app's events are not in it, and are no place to start", async () => {
  const [one, other] = [await newApp(), await newApp()]
  const { id } = await create(other)
  await settled(other, 1)
  expect(await namesOf(one, start)).toEqual([])
  const refused = { definition: { code: 'event_cursor_unknown' } }
  const foreign = after({ customerId: id, version: 1 })
  await expect(listFeed(one, foreign, 10)).rejects.toMatchObject(refused)
  const missing = after({ customerId: id, version: 2 })
  await expect(listFeed(other, missing, 10)).rejects.toMatchObject(refused)
})

// SQLite has one writer: there nothing commits while another transaction is open.
describe.runIf(engine === 'postgresql')('transactions that end in another order', () => {
  test('a younger commit waits for the older one, and neither is passed by', async () => {
    const context = await newApp()
    let late = ''
    let early = ''
    await inTransaction(context, async (tx) => {
      late = (await create(tx)).id
      early = (await create(context)).id
      expect(await namesOf(context, start)).toEqual([])
      expect(await findFeedEnd(context)).toBe(null)
    })
    await settled(context, 2)
    const both = [late, early].map((customerId) => ({ customerId, version: 1 }))
    expect(await namesOf(context, start)).toEqual(both)
  })

  test('versions stay in order when the later one has the older transaction', async () => {
    const context = await newApp()
    const { id } = await create(context)
    await inTransaction(context, async (older) => {
      await sql`select pg_current_xact_id()`.execute(older.db)
      await rename(context, id, 'Second')
      await rename(older, id, 'Third')
      await rename(older, id, 'Fourth')
    })
    await settled(context, 4)
    const versions = (await namesOf(context, start)).map(({ version }) => version)
    expect(versions).toEqual([1, 2, 3, 4])
  })
})
