// Owns the proof that a process does what nobody asks for: hands events out, renews subscriptions.
import { expect, test } from 'vitest'
import { startTestServer } from '../../test/harness.ts'
import {
  activateSubscription,
  createSubscription,
  getSubscription,
} from './core/activity/subscription-service.ts'
import { createCustomer } from './core/customer/customer-service.ts'
import { createEndpoint } from './webhooks/endpoint-service.ts'
import { freshApp } from './webhooks/testing/fresh-app.ts'

const app = freshApp()

test('an app whose events cannot be handed out keeps no later one waiting', async () => {
  const { server, context, subscriber } = app
  const broken = server.contextOf(server.testApp)
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

test('a subscription whose period has ended goes on without being asked about', async () => {
  const server = await startTestServer()
  try {
    const context = server.contextOf(server.testApp)
    const { id: customerId } = await createCustomer(context, { kind: 'individual', name: 'Alice' })
    const plan = { customerId, planId: 'plan', priceId: 'price', metadata: {} }
    const { id } = await createSubscription(context, plan)
    const { periodEnd } = await activateSubscription(context, id, { walletId: null })
    server.clock.advance(32 * 86_400_000)
    server.worker.start()
    const start = async () => (await getSubscription(context, id)).periodStart
    await expect.poll(start, { timeout: 20_000 }).toBe(periodEnd)
  } finally {
    await server.close()
  }
})
