// Owns the proof that deliveries are kept for their days and no longer, and found by an index.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { engine, startTestServer, type TestServer } from '../../../test/harness.ts'
import { explain, recordQueries } from '../../../test/recorded-queries.ts'
import { createMerchant } from '../core/apps/app-service.ts'
import type { Context } from '../core/context.ts'
import { createCustomer } from '../core/customer/customer-service.ts'
import { forgetDeliveries, pageDeliveries, replayDelivery } from './delivery-service.ts'
import { changeEndpoint, createEndpoint } from './endpoint-service.ts'
import { deliverDue } from './sender.ts'
import { handOutAll } from './testing/hand-out-all.ts'
import { type Subscriber, startSubscriber } from './testing/subscriber.ts'

const dayMs = 24 * 60 * 60 * 1_000

let server: TestServer
let context: Context
let subscriber: Subscriber
let endpointId: string
beforeAll(async () => {
  server = await startTestServer()
  subscriber = await startSubscriber()
})
afterAll(async () => {
  await server.close()
  await subscriber.close()
})
beforeEach(async () => {
  const { test: app } = await createMerchant(server.system, 'Another merchant')
  context = server.contextOf(app)
  subscriber.answer = { status: 200 }
  const { endpoint } = await createEndpoint(context, { url: subscriber.url, events: ['*'] })
  endpointId = endpoint.id
})
afterEach(() => vi.restoreAllMocks())

const list = () => pageDeliveries(context, { endpointId, limit: 100, cursor: null })

async function deliver(count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    await createCustomer(context, { kind: 'individual', name: 'Alice Smith' })
  }
  await handOutAll(context)
  await deliverDue(context, endpointId)
}

test('one that arrived goes after 30 days, counted from its last try', async () => {
  await deliver(2)
  const [first] = await list()
  server.clock.advance(29 * dayMs)
  expect(await forgetDeliveries(context, 100)).toBe(0)
  await replayDelivery(context, { endpointId, id: first?.id ?? null })
  await deliverDue(context, endpointId)
  server.clock.advance(dayMs + 1)
  expect(await forgetDeliveries(context, 100)).toBe(1)
  expect((await list()).map(({ id }) => id)).toEqual([first?.id])
})

test('one that still waits stays, however old it is', async () => {
  subscriber.answer = { status: 500 }
  await deliver(1)
  await changeEndpoint(context, endpointId, { isDisabled: true })
  server.clock.advance(400 * dayMs)
  expect(await forgetDeliveries(context, 100)).toBe(0)
  expect(await list()).toMatchObject([{ status: 'waiting' }])
})

test("as many as asked for go at once, the oldest first, and none of another app's", async () => {
  for (let minute = 0; minute < 3; minute += 1) {
    await deliver(1)
    server.clock.advance(60_000)
  }
  const [newest] = await list()
  const { test: other } = await createMerchant(server.system, 'A stranger')
  server.clock.advance(31 * dayMs)
  expect(await forgetDeliveries(server.contextOf(other), 100)).toBe(0)
  expect(await forgetDeliveries(context, 2)).toBe(2)
  expect(await list()).toEqual([newest])
  expect(await forgetDeliveries(context, 2)).toBe(1)
})

test('they are found in the order of an index that holds only those that are over', async () => {
  const recorded = await server.system.database.transaction(async (db) => {
    const statements = recordQueries({ ...server, system: { ...server.system, db } })
    await forgetDeliveries({ ...context, db }, 10)
    return statements
  })
  vi.restoreAllMocks()
  const plans = await Promise.all(recorded.map((statement) => explain(server, statement)))
  const byAge = {
    sqlite: /SEARCH webhook_deliveries USING INDEX webhook_deliveries_over \(app_id=\? AND last/,
    postgresql: /webhook_deliveries_over on webhook_deliveries.*\n.*Cond: \(\(app_id = .*last_/,
  }
  expect(plans).toEqual([expect.stringMatching(byAge[engine])])
  expect(plans[0]).not.toMatch(/SCAN webhook|TEMP B-TREE|Seq Scan|Sort/)
})
