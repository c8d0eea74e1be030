// Owns the proof that every event there is can be made, and really is in the feed afterwards.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { type EventType, eventCatalogue } from '../core/catalogue.ts'
import type { Context } from '../core/context.ts'
import { createCustomer } from '../core/customer/customer-service.ts'
import { findFeedEnd, listFeed } from '../core/events/feed-service.ts'
import { waitForFeed } from '../webhooks/testing/hand-out-all.ts'
import { sampleCustomer } from './samples.ts'
import { pullTrigger, triggers } from './triggers.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const types = Object.keys(eventCatalogue) as EventType[]

test('there is a trigger for every type in the catalogue, and for nothing else', () => {
  expect(Object.keys(triggers).toSorted()).toEqual(types.toSorted())
})

describe('what is triggered is in the feed', () => {
  test.each(types)('%s', async (type) => {
    await waitForFeed(context)
    const position = await findFeedEnd(context)
    const made = await pullTrigger(context, { type, named: null })
    await waitForFeed(context)
    const start = position ? ({ from: 'after', position } as const) : ({ from: 'start' } as const)
    const { events } = await listFeed(context, start, 100)
    const { customerId, version } = made
    expect(events).toContainEqual(expect.objectContaining({ type, customerId, version }))
  })
})

/** Those that nothing but a new customer, or one of another kind, can give. */
const notOfEveryone = new Set(['customer.created', 'customer.individual.updated'])

test.each(
  types.filter((type) => !notOfEveryone.has(type) && type !== 'customer.registration.opened'),
)('%s happens to the customer that is named', async (type) => {
  const { id: named, version } = await createCustomer(context, sampleCustomer(context))
  const made = await pullTrigger(context, { type, named })
  expect(made.customerId).toBe(named)
  expect(made.version).toBeGreaterThan(version)
})

describe('refused', () => {
  test('in a live app, and nothing is made', async () => {
    const live = server.contextOf(server.liveApp)
    const pulled = pullTrigger(live, { type: 'customer.created', named: null })
    await expect(pulled).rejects.toMatchObject({ code: 'app_is_live' })
    expect(await findFeedEnd(live)).toBeNull()
  })

  test('a customer for customer.created', async () => {
    const { id: named } = await createCustomer(context, sampleCustomer(context))
    const pulled = pullTrigger(context, { type: 'customer.created', named })
    await expect(pulled).rejects.toMatchObject({ code: 'customer_unexpected' })
  })

  test('where nothing comes of it: nothing is missing of this customer', async () => {
    const { id: named } = await createCustomer(context, sampleCustomer(context))
    const pulled = pullTrigger(context, { type: 'customer.registration.opened', named })
    await expect(pulled).rejects.toMatchObject({ code: 'event_not_made' })
  })
})
