// Owns the proof that every event becomes one delivery an endpoint, and none waits for another's.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { createMerchant } from '../core/apps/app-service.ts'
import type { Context } from '../core/context.ts'
import { createCustomer } from '../core/customer/customer-service.ts'
import { pageDeliveries } from './delivery-service.ts'
import { changeEndpoint, createEndpoint } from './endpoint-service.ts'
import { handOutEvents } from './fan-out.ts'
import { handOutAll } from './testing/hand-out-all.ts'
import { startSubscriber } from './testing/subscriber.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  const { test: app } = await createMerchant(server.system, 'Another merchant')
  context = server.contextOf(app)
})

const listen = (url: string) => createEndpoint(context, { url, events: ['*'] })
const alice = () => createCustomer(context, { kind: 'individual', name: 'Alice Smith' })
const deliveriesOf = (endpointId: string) =>
  pageDeliveries(context, { endpointId, limit: 1_000, cursor: null })

test('several hand out at once, over more than a pass: each event is one delivery', async () => {
  const { endpoint } = await listen('http://127.0.0.1:9/hooks')
  const made = await Promise.all(Array.from({ length: 250 }, alice))
  await Promise.all([handOutEvents(context), handOutEvents(context), handOutAll(context)])
  await handOutAll(context)
  const delivered = (await deliveriesOf(endpoint.id)).map(({ event }) => event?.customerId)
  expect(delivered.toSorted()).toEqual(made.map(({ id }) => id).toSorted())
})

test('a disabled endpoint gets nothing of what happens meanwhile', async () => {
  const { endpoint } = await listen('http://127.0.0.1:9/hooks')
  await changeEndpoint(context, endpoint.id, { isDisabled: true })
  await alice()
  await handOutAll(context)
  await changeEndpoint(context, endpoint.id, { isDisabled: false })
  await handOutAll(context)
  expect(await deliveriesOf(endpoint.id)).toEqual([])
})

test("another app's events stay where they are", async () => {
  const { endpoint } = await listen('http://127.0.0.1:9/hooks')
  const { test: other } = await createMerchant(server.system, 'A stranger')
  const stranger = server.contextOf(other)
  await createCustomer(stranger, { kind: 'individual', name: 'Bob Smith' })
  await handOutAll(stranger)
  await handOutAll(context)
  expect(await deliveriesOf(endpoint.id)).toEqual([])
})

test('one endpoint that hangs keeps no other waiting', async () => {
  const [hanging, healthy] = [await startSubscriber(), await startSubscriber()]
  hanging.answer = 'hang'
  await listen(hanging.url)
  await listen(healthy.url)
  for (let count = 0; count < 40; count += 1) await alice()
  await handOutAll(context)
  const running = server.worker.runDue()
  await expect.poll(() => healthy.received.length, { timeout: 20_000 }).toBe(40)
  expect(hanging.received.length).toBeGreaterThan(0)
  expect(hanging.received.length).toBeLessThan(40)
  await hanging.close()
  await running
  await healthy.close()
})
