// Owns the proof that the client's endpoints are the server's, and that what it sends verifies.
import { expect, test } from 'vitest'
import { testWebhooks } from '../../server/src/surfaces/platform/test-webhooks.ts'
import { createPlatformClient, verifyWebhook } from './index.ts'
import { shortOf, unwrap } from './testing/results.ts'

const webhooks = testWebhooks()
const secondsOf = 1_000

const clientOf = () =>
  createPlatformClient({ apiKey: webhooks.server.key, baseUrl: `${webhooks.server.url}/v1` })

const now = () => webhooks.server.clock.now()

/** The message that came last, as a receiver sees it. */
function lastMessage() {
  const received = webhooks.subscriber.received.at(-1)
  if (received === undefined) throw new Error('nothing was sent')
  return { payload: received.body, headers: received.headers }
}

/** `ok`, or what the refusal names. */
async function verdict(
  message: { payload: string; headers: ReturnType<typeof lastMessage>['headers'] },
  secret: string | string[],
  at = now,
): Promise<string> {
  const result = await verifyWebhook({ ...message, secret, now: at })
  return result.ok ? 'ok' : String(Reflect.get(result.error, 'param'))
}

test('an event goes out, is verified, and says what the feed says', async () => {
  const platform = clientOf()
  const url = webhooks.subscriber.url
  const endpoint = unwrap(await platform.webhookEndpoints.create({ url, events: ['customer.*'] }))
  const customer = unwrap(
    await platform.customers.create({ kind: 'individual', name: 'Zoë Ωmega 李' }),
  )
  await webhooks.send()
  const message = lastMessage()
  const event = unwrap(await verifyWebhook({ ...message, secret: endpoint.secret, now }))
  expect(event).toEqual({
    type: 'customer.created',
    timestamp: customer.created_at,
    data: {
      id: `${customer.id.replace('cust_', 'evt_')}_1`,
      customer_id: customer.id,
      version: 1,
      previous_version: 0,
      actor: expect.stringMatching(/^key:/),
      changes: expect.objectContaining({ kind: 'individual', name: 'Zoë Ωmega 李' }),
    },
  })
  expect(message.headers['webhook-id']).toBe(event.data.id)
  const [shown] = unwrap(await platform.customers.events(customer.id)).data
  expect(shown?.type === event.type && shown.id === event.data.id).toBe(true)

  const tampered = message.payload.replace('individual', 'business')
  expect(tampered).not.toBe(message.payload)
  expect(await verdict({ ...message, payload: tampered }, endpoint.secret)).toBe('signature')
  const other = unwrap(await platform.webhookEndpoints.create({ url, events: ['customer.*'] }))
  expect(await verdict(message, other.secret)).toBe('signature')
  const moved = { ...message.headers, 'webhook-id': `${message.headers['webhook-id']}0` }
  expect(await verdict({ ...message, headers: moved }, endpoint.secret)).toBe('signature')

  const sentAt = Number(message.headers['webhook-timestamp']) * secondsOf
  const at = (seconds: number) => () => sentAt + seconds * secondsOf
  const edges = [-301, -300, -299, 299, 300, 301]
  const verdicts = edges.map((seconds) => verdict(message, endpoint.secret, at(seconds)))
  const [early, ...others] = await Promise.all(verdicts)
  expect([early, ...others]).toEqual(['timestamp', 'ok', 'ok', 'ok', 'ok', 'timestamp'])
  for (const { id } of [endpoint, other]) unwrap(await platform.webhookEndpoints.remove(id))
})

test('during a rotation either secret verifies, and after it the new one alone', async () => {
  const platform = clientOf()
  const url = webhooks.subscriber.url
  const before = unwrap(await platform.webhookEndpoints.create({ url, events: ['*'] }))
  const after = unwrap(await platform.webhookEndpoints.rotateSecret(before.id))
  expect(after.secret).not.toBe(before.secret)
  unwrap(await platform.webhookEndpoints.test(before.id))
  await webhooks.send()
  const during = lastMessage()
  expect(String(during.headers['webhook-signature']).split(' ')).toHaveLength(2)
  for (const secret of [before.secret, after.secret, [before.secret, after.secret]]) {
    expect(await verdict(during, secret)).toBe('ok')
  }
  const tried = unwrap(await verifyWebhook({ ...during, secret: after.secret, now }))
  expect(tried).toMatchObject({ type: 'webhook.test', data: { id: expect.any(String) } })

  webhooks.server.clock.advance(24 * 3_600 * secondsOf + secondsOf)
  unwrap(await platform.webhookEndpoints.test(before.id))
  await webhooks.send()
  const later = lastMessage()
  expect(await verdict(later, before.secret)).toBe('signature')
  expect(await verdict(later, after.secret)).toBe('ok')
  expect(await verdict(later, [before.secret, after.secret])).toBe('ok')
  unwrap(await platform.webhookEndpoints.remove(before.id))
})

test('an endpoint is listed, read, changed, and removed', async () => {
  const { webhookEndpoints } = clientOf()
  const url = webhooks.subscriber.url
  const { secret, ...made } = unwrap(await webhookEndpoints.create({ url, events: ['*'] }))
  expect(secret).toMatch(/^whsec_/)
  expect(made).toMatchObject({ url, events: ['*'], status: 'enabled', disabled_reason: null })
  expect(unwrap(await webhookEndpoints.list()).data).toEqual([made])
  expect(unwrap(await webhookEndpoints.retrieve(made.id))).toEqual(made)
  const events = ['customer.payout.*']
  const changed = unwrap(await webhookEndpoints.update(made.id, { events, status: 'disabled' }))
  expect(changed).toMatchObject({ id: made.id, events, status: 'disabled' })
  expect(shortOf(await webhookEndpoints.test(made.id))).toEqual([409, 'webhook_endpoint_disabled'])
  expect(unwrap(await webhookEndpoints.remove(made.id))).toBeNull()
  expect(shortOf(await webhookEndpoints.remove(made.id))).toEqual([
    404,
    'webhook_endpoint_not_found',
  ])
  const inside = await webhookEndpoints.create({ url: 'https://169.254.169.254/', events: ['*'] })
  expect(shortOf(inside)).toEqual([422, 'webhook_url_refused'])
})

test('deliveries are walked, and sent again one by one or by their time', async () => {
  const { webhookEndpoints } = clientOf()
  const url = webhooks.subscriber.url
  const { id } = unwrap(await webhookEndpoints.create({ url, events: ['*'] }))
  const from = new Date(now() - secondsOf).toISOString()
  for (const _ of [1, 2, 3]) unwrap(await webhookEndpoints.test(id))
  await webhooks.send()
  const walked: string[] = []
  for await (const delivery of webhookEndpoints.listDeliveries(id, { limit: 2 })) {
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, response_status: 200 })
    walked.push(delivery.id)
  }
  expect(new Set(walked).size).toBe(3)
  const [newest = ''] = walked
  const before = webhooks.subscriber.received.length
  const again = unwrap(await webhookEndpoints.replayDelivery(id, newest))
  expect(again).toMatchObject({ id: newest, status: 'waiting', attempts: 0 })
  await webhooks.send()
  expect(webhooks.subscriber.received.length).toBe(before + 1)
  const range = { from, with_delivered: true }
  expect(unwrap(await webhookEndpoints.replay(id, range))).toMatchObject({ replayed: 3 })
  await webhooks.send()
  expect(webhooks.subscriber.received.length).toBe(before + 4)
  const none = await webhookEndpoints.replayDelivery(id, 'dlv_01h455vb4pex5vsknk084sn02q')
  expect(shortOf(none)).toEqual([404, 'delivery_not_found'])
  unwrap(await webhookEndpoints.remove(id))
})
