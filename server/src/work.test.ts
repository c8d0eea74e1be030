// Owns the proof that a process hands events out soon, whatever else it has to do.
import { expect, test } from 'vitest'
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
