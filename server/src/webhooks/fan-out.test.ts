// Owns the proof that every event becomes one delivery an endpoint, and none waits for another's.
import { expect, test } from 'vitest'
import { createMerchant } from '../core/apps/app-service.ts'
import { createCustomer } from '../core/customer/customer-service.ts'
import { pageDeliveries } from './delivery-service.ts'
import { changeEndpoint, createEndpoint } from './endpoint-service.ts'
import { handOutEvents } from './fan-out.ts'
import { freshApp } from './testing/fresh-app.ts'
import { handOutAll } from './testing/hand-out-all.ts'
import { startSubscriber } from './testing/subscriber.ts'

const app = freshApp()

const listen = (url: string) => createEndpoint(app.context, { url, events: ['*'] })
const alice = () => createCustomer(app.context, { kind: 'individual', name: 'Alice Smith' })
const deliveriesOf = (endpointId: string) =>
  pageDeliveries(app.context, { endpointId, limit: 1_000, cursor: null })

test('several hand out at once, over more than a pass: each event is one delivery', async () => {
  const { endpoint } = await listen('http://127.0.0.1:9/hooks')
  const made = await Promise.all(Array.from({ length: 250 }, alice))
  const { context } = app
  await Promise.all([handOutEvents(context), handOutEvents(context), handOutAll(context)])
  await handOutAll(context)
  const delivered = (await deliveriesOf(endpoint.id)).map(({ event }) => event?.customerId)
  expect(delivered.toSorted()).toEqual(made.map(({ id }) => id).toSorted())
})

test('a disabled endpoint is given nothing of what happens meanwhile', async () => {
  const { endpoint } = await listen('http://127.0.0.1:9/hooks')
  await changeEndpoint(app.context, endpoint.id, { isDisabled: true })
  await alice()
  await handOutAll(app.context)
  await changeEndpoint(app.context, endpoint.id, { isDisabled: false })
  await handOutAll(app.context)
  expect(await deliveriesOf(endpoint.id)).toEqual([])
})

test("another app's events stay where they are", async () => {
  const { endpoint } = await listen('http://127.0.0.1:9/hooks')
  const { test: other } = await createMerchant(app.server.system, 'A stranger')
  const stranger = app.server.contextOf(other)
  await createCustomer(stranger, { kind: 'individual', name: 'Bob Smith' })
  await handOutAll(stranger)
  await handOutAll(app.context)
  expect(await deliveriesOf(endpoint.id)).toEqual([])
})

test('one endpoint that hangs and one that fails keep eight healthy ones from nothing', async () => {
  const [hanging, failing] = [await startSubscriber(), await startSubscriber()]
  const healthy = await Promise.all(Array.from({ length: 8 }, startSubscriber))
  hanging.answer = 'hang'
  failing.answer = { status: 500 }
  for (const { url } of [hanging, failing, ...healthy]) await listen(url)
  for (let count = 0; count < 40; count += 1) await alice()
  await handOutAll(app.context)
  const running = app.server.worker.runDue()
  const arrived = () => healthy.map(({ received }) => received.length)
  await expect.poll(arrived, { timeout: 20_000 }).toEqual(healthy.map(() => 40))
  // It hangs still, with as many as may be at once.
  expect(hanging.received).toHaveLength(16)
  await hanging.close()
  await running
  expect(failing.received).toHaveLength(40)
  await Promise.all([failing, ...healthy].map((subscriber) => subscriber.close()))
})
