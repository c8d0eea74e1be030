// Owns the proof that the feed is read whole, resumed where it was left, and followed.
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import {
  type ClienteleEvent,
  createPlatformClient,
  type EventType,
  type FeedEvent,
  type PlatformClient,
  type WebhookEvent,
} from './index.ts'
import { unwrap } from './testing/results.ts'

let server: TestServer
let platform: PlatformClient
/** What happens while a follower waits, once each. */
let meanwhile: (() => Promise<void>)[] = []
let waits: number[] = []
beforeAll(async () => {
  server = await startTestServer()
  platform = createPlatformClient({
    apiKey: server.key,
    baseUrl: `${server.url}/v1`,
    retryOptions: {
      wait: async (ms) => {
        waits.push(ms)
        await meanwhile.shift()?.()
      },
    },
  })
})
afterAll(() => server.close())

async function create(name: string): Promise<string> {
  return unwrap(await platform.customers.create({ kind: 'individual', name })).id
}

const idsOf = async (events: AsyncIterable<FeedEvent>): Promise<string[]> => {
  const ids: string[] = []
  for await (const { customer_id } of events) ids.push(customer_id)
  return ids
}

test('the reader walks all pages, and goes on after any event', async () => {
  expect(await idsOf(platform.events.read())).toEqual([])
  const made: string[] = []
  for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) made.push(await create(name))
  expect(await idsOf(platform.events.read({ limit: 2 }))).toEqual(made)
  expect(await idsOf(platform.events.read({ since: '2020-01-01T00:00:00Z', limit: 2 }))).toEqual(
    made,
  )

  let cursor = ''
  for await (const event of platform.events.read({ limit: 2 })) {
    cursor = event.id
    if (event.customer_id === made[2]) break
  }
  expect(await idsOf(platform.events.read({ cursor }))).toEqual(made.slice(3))
  const page = unwrap(await platform.events.list({ limit: 2 }))
  expect([page.data.length, page.has_more]).toEqual([2, true])
  const rest = platform.events.read({ cursor: page.next_cursor ?? '' })
  expect(await idsOf(rest)).toEqual(made.slice(2))
})

test('a follower waits while nothing is new, misses nothing, and ends with its signal', async () => {
  const before = unwrap(await platform.events.list({ limit: 200 })).next_cursor ?? ''
  const made: string[] = []
  const happen = async () => {
    made.push(await create('While it waited'))
  }
  const controller = new AbortController()
  waits = []
  meanwhile = [happen, async () => {}, happen, async () => controller.abort()]
  const options = { followEveryMs: 1_500, signal: controller.signal }
  const seen: string[] = []
  const follow = async () => {
    for await (const event of platform.events.read({ cursor: before }, options)) {
      seen.push(event.customer_id)
    }
  }
  await expect(follow()).rejects.toMatchObject({ name: 'AbortError' })
  expect(seen).toEqual(made)
  expect(seen).toHaveLength(2)
  expect(waits).toEqual([1_500, 1_500, 1_500, 1_500])
})

test.each([0, -1, Number.NaN, 2 ** 31])('a follower cannot wait %d ms', async (followEveryMs) => {
  const walk = idsOf(platform.events.read({}, { followEveryMs }))
  await expect(walk).rejects.toMatchObject({ param: 'options.followEveryMs' })
})

test('a page that fails is thrown as its refusal', async () => {
  const walk = idsOf(platform.events.read({ cursor: 'evt_01h455vb4pex5vsknk084sn02q_1' }))
  await expect(walk).rejects.toMatchObject({ status: 400, code: 'event_cursor_unknown' })
})

// The compiler checks these: `npm run check types` fails where one does not hold.
test('a switch over the types is complete when it names each of them', () => {
  const nounOf = (event: WebhookEvent): string => {
    if (event.type === 'webhook.test') {
      expectTypeOf(event.data).toEqualTypeOf<{ id: string }>()
      return 'test'
    }
    expectTypeOf(event).toEqualTypeOf<ClienteleEvent>()
    switch (event.type) {
      case 'customer.created':
      case 'customer.updated':
        return `record ${event.data.version}`
      default:
        expectTypeOf(event.type).toEqualTypeOf<
          Exclude<EventType, 'customer.created' | 'customer.updated'>
        >()
        return 'facet'
    }
  }
  const data = { id: 'evt_1_1', customer_id: 'c', version: 1, previous_version: 0, actor: 'a' }
  const timestamp = '2026-02-25T12:00:00.000Z'
  const event = { timestamp, data: { ...data, changes: {} } }
  expect(nounOf({ type: 'customer.created', ...event })).toBe('record 1')
  expect(nounOf({ type: 'customer.payout.failed', ...event })).toBe('facet')
  expect(nounOf({ type: 'webhook.test', timestamp, data: { id: 'msg_1' } })).toBe('test')
  expectTypeOf<'customer.painted'>().not.toExtend<EventType>()
  expectTypeOf<FeedEvent['type']>().toEqualTypeOf<EventType>()
})
