// Owns the proof that a range sends what failed in it and what was never handed out, each once.
import { describe, expect, test } from 'vitest'
import { createMerchant } from '../core/apps/app-service.ts'
import { createCustomer } from '../core/customer/customer-service.ts'
import { type FeedPosition, findFeedEnd } from '../core/events/feed-service.ts'
import { pageDeliveries } from './delivery-service.ts'
import { changeEndpoint, createEndpoint } from './endpoint-service.ts'
import { type Replayed, replayRange } from './replay-range.ts'
import { freshApp } from './testing/fresh-app.ts'
import { handOutAll, waitForFeed } from './testing/hand-out-all.ts'

const dayMs = 24 * 60 * 60 * 1_000

const app = freshApp()

const alice = () => createCustomer(app.context, { kind: 'individual', name: 'Alice Smith' })
const listen = async (events = ['*']) =>
  (await createEndpoint(app.context, { url: app.subscriber.url, events })).endpoint.id
const idsArrived = () => app.subscriber.received.map(({ headers }) => headers['webhook-id'])
const typesArrived = () => app.subscriber.received.map(({ body }) => JSON.parse(body).type)

async function run(): Promise<void> {
  await handOutAll(app.context)
  await app.server.worker.runDue()
}

/** All of the time there is, unless told. */
async function replay(endpointId: string, more: Partial<Parameters<typeof replayRange>[1]> = {}) {
  const all = { from: 0, to: app.server.clock.now() + dayMs, withDelivered: false, cursor: null }
  const replayed = await replayRange(app.context, { endpointId, ...all, ...more })
  await run()
  return replayed
}

describe('what was handed out', () => {
  test('a range sends what is in it, and nothing else', async () => {
    const endpointId = await listen()
    await alice()
    await run()
    app.server.clock.advance(60_000)
    const from = app.server.clock.now()
    await alice()
    await run()
    expect(await replay(endpointId, { from })).toEqual({ count: 0, next: null })
    expect(await replay(endpointId, { from, withDelivered: true })).toEqual({
      ...{ count: 1, next: null },
    })
    const ids = idsArrived()
    expect(ids).toEqual([ids[0], ids[1], ids[1]])
  })

  test('what was given up is listed, and arrives once it is asked for again', async () => {
    const endpointId = await listen()
    app.subscriber.answer = { status: 500 }
    await alice()
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await run()
      app.server.clock.advance(dayMs * 1.1)
      // Days of failing disable it, as they should; what waits is tried on once it is enabled.
      await changeEndpoint(app.context, endpointId, { isDisabled: false })
    }
    const list = () => pageDeliveries(app.context, { endpointId, limit: 10, cursor: null })
    expect(await list()).toMatchObject([{ status: 'failed', attempts: 10 }])
    app.subscriber.answer = { status: 200 }
    expect(await replay(endpointId)).toEqual({ count: 1, next: null })
    expect(await list()).toMatchObject([{ status: 'delivered', attempts: 1 }])
  })
})

describe('what was never handed out', () => {
  test('events of while it was disabled arrive, each once', async () => {
    const endpointId = await listen()
    await alice()
    await run()
    await changeEndpoint(app.context, endpointId, { isDisabled: true })
    await alice()
    await alice()
    await run()
    await changeEndpoint(app.context, endpointId, { isDisabled: false })
    expect(await replay(endpointId)).toEqual({ count: 2, next: null })
    expect(await replay(endpointId)).toEqual({ count: 0, next: null })
    const ids = idsArrived()
    expect(new Set(ids).size).toBe(3)
    expect(ids).toHaveLength(3)
  })

  test('events outside the range or its filters, and of another app, do not', async () => {
    await alice()
    const { test: other } = await createMerchant(app.server.system, 'A stranger')
    await createCustomer(app.server.contextOf(other), { kind: 'individual', name: 'Bob Smith' })
    app.server.clock.advance(3 * 60_000)
    const [from, to] = [app.server.clock.now(), app.server.clock.now() + 60_000]
    await alice()
    app.server.clock.advance(3 * 60_000)
    await alice()
    await waitForFeed(app.context)
    const endpointId = await listen(['customer.created'])
    const paid = await listen(['customer.payout.*'])
    expect(await replay(paid)).toEqual({ count: 0, next: null })
    expect(await replay(endpointId, { from, to })).toEqual({ count: 1, next: null })
    expect(typesArrived()).toEqual(['customer.created'])
  })

  test('what happened before deliveries are kept arrives only with those delivered', async () => {
    await alice()
    app.server.clock.advance(31 * dayMs)
    await alice()
    await waitForFeed(app.context)
    const endpointId = await listen()
    expect((await replay(endpointId)).count).toBe(1)
    expect((await replay(endpointId, { withDelivered: true })).count).toBe(2)
  })

  test('a long range takes several calls, each going on where the one before has ended', async () => {
    for (let made = 0; made < 5; made += 1) await alice()
    await waitForFeed(app.context)
    const endpointId = await listen()
    const range = { endpointId, from: 0, to: app.server.clock.now() + 1, withDelivered: false }
    const counts: number[] = []
    let cursor: FeedPosition | null = null
    do {
      const replayed: Replayed = await replayRange(
        ...([app.context, { ...range, cursor }, { eventsPerCall: 2 }] as const),
      )
      counts.push(replayed.count)
      cursor = replayed.next
    } while (cursor !== null && counts.length < 10)
    expect(counts).toEqual([2, 2, 1])
    await run()
    expect(new Set(idsArrived()).size).toBe(5)
    expect(app.subscriber.received).toHaveLength(5)
  })

  test('what was handed out is sent again by the first call alone', async () => {
    const endpointId = await listen()
    await alice()
    await run()
    const cursor = await findFeedEnd(app.context)
    const again = { withDelivered: true }
    expect((await replay(endpointId, { ...again, cursor })).count).toBe(0)
    expect((await replay(endpointId, again)).count).toBe(1)
  })

  test('a cursor that no event has is refused', async () => {
    const endpointId = await listen()
    const cursor = { customerId: app.context.ids(), version: 1 }
    await expect(replay(endpointId, { cursor })).rejects.toMatchObject({
      definition: { code: 'event_cursor_unknown' },
    })
  })
})
