// Owns the proof that a process hands events out soon, whatever else it has to do.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import { createMerchant } from './core/apps/app-service.ts'
import { createCustomer } from './core/customer/customer-service.ts'
import { createEndpoint } from './webhooks/endpoint-service.ts'
import { type Subscriber, startSubscriber } from './webhooks/testing/subscriber.ts'

let server: TestServer
let subscriber: Subscriber
beforeAll(async () => {
  server = await startTestServer()
  subscriber = await startSubscriber()
})
afterAll(async () => {
  await server.close()
  await subscriber.close()
})

test('an app whose events cannot be handed out keeps no later one waiting', async () => {
  const broken = server.contextOf(server.testApp)
  const { test: app } = await createMerchant(server.system, 'Another merchant')
  const context = server.contextOf(app)
  for (const one of [broken, context]) {
    await createEndpoint(one, { url: subscriber.url, events: ['*'] })
    await createCustomer(one, { kind: 'individual', name: 'Alice Smith' })
  }
  await server.system.database.transaction((db) =>
    db
      .updateTable('webhook_cursors')
      .set({ customer_id: context.ids(), version: 1 })
      .where('app_id', '=', broken.app.id)
      .execute(),
  )
  server.worker.start()
  await expect.poll(() => subscriber.received.length, { timeout: 20_000 }).toBe(1)
  const failures = server.logLines.filter((line) => line.includes('"hand out events"'))
  expect(failures.length).toBeGreaterThan(0)
  expect(JSON.parse(failures[0] ?? '')).toMatchObject({ msg: 'a chore failed' })
})
