// Owns the proof that what comes of tries is noted soon and together, whatever another try does.
import { expect, test } from 'vitest'
import { engine } from '../../../test/harness.ts'
import { createCustomer } from '../core/customer/customer-service.ts'
import type { Egress } from '../lib/egress.ts'
import { pageDeliveries } from './delivery-service.ts'
import { createEndpoint, getEndpoint } from './endpoint-service.ts'
import { deliverDue } from './sender.ts'
import { freshApp } from './testing/fresh-app.ts'
import { handOutAll } from './testing/hand-out-all.ts'

const app = freshApp()

const ok = { status: 200, headers: {}, body: Buffer.alloc(0) }

/** An endpoint with so many events due, whose answers are made up. */
async function dueEndpoint(count: number, send: Egress['send']) {
  const { context } = app
  const { endpoint } = await createEndpoint(context, { url: 'http://127.0.0.1:9/', events: ['*'] })
  await Promise.all(
    Array.from({ length: count }, () => createCustomer(context, { kind: 'individual' })),
  )
  await handOutAll(context)
  const own = { ...context, egress: { ...context.egress, send } }
  const statuses = async () => {
    const page = { endpointId: endpoint.id, limit: 100, cursor: null }
    const all = await pageDeliveries(context, page)
    return Object.fromEntries(
      Map.groupBy(all, ({ status }) => status)
        .entries()
        .map(([status, of]) => [status, of.length]),
    )
  }
  return { id: endpoint.id, statuses, deliver: () => deliverDue(own, endpoint.id) }
}

test('what has arrived is noted while another of its batch hangs', async () => {
  const hanging = Promise.withResolvers<typeof ok>()
  let sent = 0
  const { statuses, deliver } = await dueEndpoint(20, () => {
    sent += 1
    return sent === 1 ? hanging.promise : Promise.resolve(ok)
  })
  const delivering = deliver()
  await expect.poll(statuses).toEqual({ delivered: 19, waiting: 1 })
  hanging.resolve(ok)
  await delivering
  expect(await statuses()).toEqual({ delivered: 20 })
})

test('what arrives together is noted in few commits', async () => {
  const { statuses, deliver } = await dueEndpoint(64, async () => ok)
  const before = app.context.database.commits()
  await deliver()
  expect(await statuses()).toEqual({ delivered: 64 })
  // The embedded engine alone counts them.
  if (engine === 'sqlite') expect(app.context.database.commits() - before).toBeLessThanOrEqual(3)
})

test('of one batch some arrive and some are tried again, each by its own answer', async () => {
  let sent = 0
  const { id, statuses, deliver } = await dueEndpoint(30, async () => {
    sent += 1
    return { ...ok, status: sent % 3 === 0 ? 500 : sent % 3 === 1 ? 200 : 204 }
  })
  await deliver()
  expect(await statuses()).toEqual({ delivered: 20, waiting: 10 })
  const all = await pageDeliveries(app.context, { endpointId: id, limit: 100, cursor: null })
  const told = all.map((one) => [one.status, one.responseStatus, one.attempts, one.reason])
  const each = (status: number) => told.filter((one) => one[1] === status)
  expect(each(200)).toEqual(Array.from({ length: 10 }, () => ['delivered', 200, 1, null]))
  expect(each(204)).toEqual(Array.from({ length: 10 }, () => ['delivered', 204, 1, null]))
  const refused = ['waiting', 500, 1, 'the endpoint answered 500']
  expect(each(500)).toEqual(Array.from({ length: 10 }, () => refused))
  expect((await getEndpoint(app.context, id)).failingSince).not.toBeNull()
})

test('410 ends a batch: nothing more of it is sent, and what was stays noted', async () => {
  let sent = 0
  const { id, statuses, deliver } = await dueEndpoint(40, async () => {
    sent += 1
    return { ...ok, status: sent === 5 ? 410 : 200 }
  })
  await deliver()
  // As many as were under way at once.
  expect(sent).toBeLessThanOrEqual(21)
  expect(await statuses()).toEqual({ delivered: sent - 1, waiting: 41 - sent })
  expect((await getEndpoint(app.context, id)).disabledReason).toBe('the endpoint answered 410')
})
