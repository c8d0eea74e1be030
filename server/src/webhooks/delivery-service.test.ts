// Owns the proof that deliveries are kept for their days and no longer, and found by an index.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { engine } from '../../../test/harness.ts'
import { explain, recordQueries } from '../../../test/recorded-queries.ts'
import { createMerchant } from '../core/apps/app-service.ts'
import { createCustomer } from '../core/customer/customer-service.ts'
import { forgetDeliveries, pageDeliveries, replayDelivery } from './delivery-service.ts'
import { changeEndpoint, createEndpoint } from './endpoint-service.ts'
import { deliverDue } from './sender.ts'
import { freshApp } from './testing/fresh-app.ts'
import { handOutAll } from './testing/hand-out-all.ts'

const dayMs = 24 * 60 * 60 * 1_000

const app = freshApp()
let endpointId: string
beforeEach(async () => {
  const { endpoint } = await createEndpoint(app.context, { url: app.subscriber.url, events: ['*'] })
  endpointId = endpoint.id
})
afterEach(() => vi.restoreAllMocks())

const list = () => pageDeliveries(app.context, { endpointId, limit: 100, cursor: null })

async function deliver(count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    await createCustomer(app.context, { kind: 'individual', name: 'Alice Smith' })
  }
  await handOutAll(app.context)
  await deliverDue(app.context, endpointId)
}

test('one that arrived goes after 30 days, counted from its last try', async () => {
  await deliver(2)
  const [first] = await list()
  app.server.clock.advance(29 * dayMs)
  expect(await forgetDeliveries(app.context, 100)).toBe(0)
  await replayDelivery(app.context, { endpointId, id: first?.id ?? null })
  await deliverDue(app.context, endpointId)
  app.server.clock.advance(dayMs + 1)
  expect(await forgetDeliveries(app.context, 100)).toBe(1)
  expect((await list()).map(({ id }) => id)).toEqual([first?.id])
})

test('one that still waits stays, however old it is', async () => {
  app.subscriber.answer = { status: 500 }
  await deliver(1)
  await changeEndpoint(app.context, endpointId, { isDisabled: true })
  app.server.clock.advance(400 * dayMs)
  expect(await forgetDeliveries(app.context, 100)).toBe(0)
  expect(await list()).toMatchObject([{ status: 'waiting' }])
})

test("as many as asked for go at once, the oldest first, and none of another app's", async () => {
  for (let minute = 0; minute < 3; minute += 1) {
    await deliver(1)
    app.server.clock.advance(60_000)
  }
  const [newest] = await list()
  const { test: other } = await createMerchant(app.server.system, 'A stranger')
  app.server.clock.advance(31 * dayMs)
  expect(await forgetDeliveries(app.server.contextOf(other), 100)).toBe(0)
  expect(await forgetDeliveries(app.context, 2)).toBe(2)
  expect(await list()).toEqual([newest])
  expect(await forgetDeliveries(app.context, 2)).toBe(1)
})

test('they are found in the order of an index that holds only those that are over', async () => {
  const recorded = await app.server.system.database.transaction(async (db) => {
    const statements = recordQueries({ ...app.server, system: { ...app.server.system, db } })
    await forgetDeliveries({ ...app.context, db }, 10)
    return statements
  })
  vi.restoreAllMocks()
  const plans = await Promise.all(recorded.map((statement) => explain(app.server, statement)))
  const byAge = {
    sqlite: /SEARCH webhook_deliveries USING INDEX webhook_deliveries_over \(app_id=\? AND last/,
    postgresql: /webhook_deliveries_over on webhook_deliveries.*\n.*Cond: \(\(app_id = .*last_/,
  }
  expect(plans).toEqual([expect.stringMatching(byAge[engine])])
  expect(plans[0]).not.toMatch(/SCAN webhook|TEMP B-TREE|Seq Scan|Sort/)
})
