// Owns the proof that events reach their endpoints: signed, retried in time, refused inside.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { createMerchant } from '../core/apps/app-service.ts'
import type { Context } from '../core/context.ts'
import { createCustomer, updateCustomer } from '../core/customer/customer-service.ts'
import { createEgress, type Egress } from '../lib/egress.ts'
import { printId } from '../lib/id.ts'
import { retryWaitsMs } from './delivery.ts'
import { pageDeliveries, replayDelivery } from './delivery-service.ts'
import { failingMsMax } from './endpoint.ts'
import { createEndpoint, getEndpoint, rotateSecret } from './endpoint-service.ts'
import { deliverDue } from './sender.ts'
import { handOutAll, waitForFeed } from './testing/hand-out-all.ts'
import { type Subscriber, startSubscriber, verifies } from './testing/subscriber.ts'

let server: TestServer
let context: Context
let subscriber: Subscriber
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  const { test: app } = await createMerchant(server.system, 'Another merchant')
  context = server.contextOf(app)
  subscriber = await startSubscriber()
})
afterEach(() => subscriber.close())

const alice = () => createCustomer(context, { kind: 'individual', name: 'Alice Smith' })
const listen = (events = ['*']) => createEndpoint(context, { url: subscriber.url, events })
const deliveriesOf = (endpointId: string) =>
  pageDeliveries(context, { endpointId, limit: 100, cursor: null })

/** What the chore and the worker do. */
async function run(): Promise<void> {
  await handOutAll(context)
  await server.worker.runDue()
}

/** One event on its way, to an endpoint whose subscriber answers like this. */
async function failing(answer: Subscriber['answer']) {
  const { endpoint } = await listen()
  subscriber.answer = answer
  await alice()
  await run()
  return endpoint
}

describe('an event that is wanted', () => {
  test('arrives once, signed, with its changes opened', async () => {
    const { endpoint, secret } = await listen()
    const { id } = await alice()
    await run()
    await run()
    expect(subscriber.received).toHaveLength(1)
    const [message] = subscriber.received
    if (!message) throw new Error('nothing arrived')
    expect(verifies(message, secret)).toBe(true)
    expect(verifies({ ...message, body: `${message.body} ` }, secret)).toBe(false)
    const messageId = `${printId('customer', id, 'evt')}_1`
    expect(message.headers['webhook-id']).toBe(messageId)
    expect(JSON.parse(message.body)).toEqual({
      type: 'customer.created',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: {
        id: messageId,
        customer_id: printId('customer', id),
        version: 1,
        previous_version: 0,
        actor: 'operator:test',
        changes: expect.objectContaining({ name: 'Alice Smith' }),
      },
    })
    expect(await deliveriesOf(endpoint.id)).toMatchObject([
      { status: 'delivered', attempts: 1, responseStatus: 200, nextAttemptAt: null },
    ])
  })

  test('what happened before the endpoint was there does not arrive', async () => {
    const { id } = await alice()
    await waitForFeed(context)
    await listen()
    await updateCustomer(context, id, { name: 'Alice Jones' })
    await run()
    expect(subscriber.received.map(({ body }) => JSON.parse(body).data.version)).toEqual([2])
  })

  test('what the filters do not name does not arrive', async () => {
    await listen(['customer.payout.*'])
    await alice()
    await run()
    expect(subscriber.received).toEqual([])
  })

  test('while a secret is rotated both verify; a day later the new one alone', async () => {
    const { endpoint, secret: old } = await listen()
    const { secret } = await rotateSecret(context, endpoint.id)
    const { id } = await alice()
    await run()
    server.clock.advance(24 * 60 * 60 * 1_000)
    await updateCustomer(context, id, { name: 'Alice Jones' })
    await run()
    const verified = subscriber.received.map((one) => [verifies(one, old), verifies(one, secret)])
    expect(verified).toEqual([
      [true, true],
      [false, true],
    ])
  })
})

describe('a delivery that fails', () => {
  test.each([500, 404, 301])(
    'with %i is tried again, ten times in all, by the schedule',
    async (status) => {
      const headers = status === 301 ? { location: subscriber.url } : {}
      const endpoint = await failing({ status, headers })
      for (const waitMs of retryWaitsMs) {
        const [before] = await deliveriesOf(endpoint.id)
        const nextMs = Number(before?.nextAttemptAt) - Number(before?.lastAttemptAt)
        expect(Math.abs(nextMs - waitMs)).toBeLessThanOrEqual(waitMs / 10)
        server.clock.advance(Number(before?.nextAttemptAt) - server.clock.now())
        await run()
      }
      expect(subscriber.received).toHaveLength(10)
      expect(new Set(subscriber.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
      const [last] = await deliveriesOf(endpoint.id)
      expect(last).toMatchObject({ status: 'failed', attempts: 10, nextAttemptAt: null })
      server.clock.advance(24 * 60 * 60 * 1_000)
      await run()
      expect(subscriber.received).toHaveLength(10)
    },
  )

  test.each([429, 503])('with %i waits as long as it is asked to', async (status) => {
    const endpoint = await failing({ status, headers: { 'retry-after': '120' } })
    const [delivery] = await deliveriesOf(endpoint.id)
    expect(Number(delivery?.nextAttemptAt) - Number(delivery?.lastAttemptAt)).toBe(120_000)
  })

  test('with 410 disables the endpoint, and nothing more is sent', async () => {
    const endpoint = await failing({ status: 410 })
    expect(await getEndpoint(context, endpoint.id)).toMatchObject({
      disabledReason: 'the endpoint answered 410',
    })
    await alice()
    server.clock.advance(60_000)
    await run()
    expect(subscriber.received).toHaveLength(1)
  })

  test('for five days disables the endpoint', async () => {
    const endpoint = await failing({ status: 500 })
    server.clock.advance(failingMsMax)
    await run()
    expect(await getEndpoint(context, endpoint.id)).toMatchObject({
      disabledReason: 'no delivery has arrived for five days',
    })
  })

  test('an answer is waited for 15 s, and no longer', async () => {
    const { endpoint } = await listen()
    await alice()
    await handOutAll(context)
    const waits: number[] = []
    const send: Egress['send'] = (request) => {
      waits.push(request.timeoutMs)
      return context.egress.send(request)
    }
    await deliverDue({ ...context, egress: { ...context.egress, send } }, endpoint.id)
    expect(waits).toEqual([15_000])
  })

  test('an answer that never comes is a failure', async () => {
    const { endpoint } = await listen()
    subscriber.answer = 'hang'
    await alice()
    await handOutAll(context)
    expect(await deliverDue(context, endpoint.id, { timeoutMs: 100 })).toBe('done')
    expect(await deliveriesOf(endpoint.id)).toMatchObject([
      { status: 'waiting', attempts: 1, responseStatus: null, reason: 'no answer in time' },
    ])
  })
})

describe('replay', () => {
  test('one that arrived is sent again under the same id', async () => {
    const { endpoint } = await listen()
    await alice()
    await run()
    const [delivery] = await deliveriesOf(endpoint.id)
    await replayDelivery(context, { endpointId: endpoint.id, id: delivery?.id ?? null })
    await run()
    const ids = subscriber.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toEqual([ids[0], ids[0]])
  })
})

describe('an address inside', () => {
  const refused = [
    'http://169.254.169.254/latest/meta-data',
    'http://127.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'https://10.0.0.1/',
    'https://localhost./',
    'https://user:password@example.com/',
    'ftp://example.com/',
  ]
  const guarded = createEgress({ allowedNetworks: [] })
  afterAll(() => guarded.close())

  test.each(refused)('%s is refused where it is saved', async (url) => {
    const saving = async () =>
      createEndpoint({ ...context, egress: guarded }, { url, events: ['*'] })
    await expect(saving()).rejects.toMatchObject({ definition: { code: 'webhook_url_refused' } })
  })

  test('a name that turns to it later is refused at each try: no connection is opened', async () => {
    const egress = createEgress({
      allowedNetworks: [],
      lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    })
    const { port } = new URL(subscriber.url)
    const url = `https://subscriber.example:${port}/hook`
    const { endpoint } = await createEndpoint({ ...context, egress }, { url, events: ['*'] })
    await alice()
    await handOutAll(context)
    await deliverDue({ ...context, egress }, endpoint.id)
    await egress.close()
    expect(subscriber.connections).toBe(0)
    expect(await deliveriesOf(endpoint.id)).toMatchObject([{ attempts: 1, status: 'waiting' }])
  })
})
