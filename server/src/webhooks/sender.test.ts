// Owns the proof that events reach their endpoints: signed, retried in time, refused inside.
import { afterAll, describe, expect, test } from 'vitest'
import { createCustomer, updateCustomer } from '../core/customer/customer-service.ts'
import { createEgress, type Egress } from '../lib/egress.ts'
import { printId } from '../lib/id.ts'
import { retryWaitsMs } from './delivery.ts'
import { pageDeliveries, replayDelivery } from './delivery-service.ts'
import { failingMsMax } from './endpoint.ts'
import { createEndpoint, getEndpoint, rotateSecret } from './endpoint-service.ts'
import { deliverDue } from './sender.ts'
import { freshApp } from './testing/fresh-app.ts'
import { handOutAll, waitForFeed } from './testing/hand-out-all.ts'
import { type Subscriber, verifies } from './testing/subscriber.ts'

const app = freshApp()

const alice = () => createCustomer(app.context, { kind: 'individual', name: 'Alice Smith' })
const listen = (events = ['*']) => createEndpoint(app.context, { url: app.subscriber.url, events })
const deliveriesOf = (endpointId: string) =>
  pageDeliveries(app.context, { endpointId, limit: 100, cursor: null })
const idsArrived = () => app.subscriber.received.map(({ headers }) => headers['webhook-id'])

/** What the chore and the worker do. */
async function run(): Promise<void> {
  await handOutAll(app.context)
  await app.server.worker.runDue()
}

/** One event on its way, to an endpoint whose subscriber answers like this. */
async function failing(answer: Subscriber['answer']) {
  const { endpoint } = await listen()
  app.subscriber.answer = answer
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
    expect(app.subscriber.received).toHaveLength(1)
    const [message] = app.subscriber.received
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
    await waitForFeed(app.context)
    await listen()
    await updateCustomer(app.context, id, { name: 'Alice Jones' })
    await run()
    expect(app.subscriber.received.map(({ body }) => JSON.parse(body).data.version)).toEqual([2])
  })

  test('what the filters do not name does not arrive', async () => {
    await listen(['customer.payout.*'])
    await alice()
    await run()
    expect(app.subscriber.received).toEqual([])
  })

  test('while a secret is rotated both verify; a day later the new one alone', async () => {
    const { endpoint, secret: old } = await listen()
    const { secret } = await rotateSecret(app.context, endpoint.id)
    const { id } = await alice()
    await run()
    app.server.clock.advance(24 * 60 * 60 * 1_000)
    await updateCustomer(app.context, id, { name: 'Alice Jones' })
    await run()
    const { received } = app.subscriber
    const verified = received.map((one) => [verifies(one, old), verifies(one, secret)])
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
      const headers = status === 301 ? { location: app.subscriber.url } : {}
      const endpoint = await failing({ status, headers })
      for (const waitMs of retryWaitsMs) {
        const [before] = await deliveriesOf(endpoint.id)
        const nextMs = Number(before?.nextAttemptAt) - Number(before?.lastAttemptAt)
        expect(Math.abs(nextMs - waitMs)).toBeLessThanOrEqual(waitMs / 10)
        app.server.clock.advance(Number(before?.nextAttemptAt) - app.server.clock.now())
        await run()
      }
      expect(app.subscriber.received).toHaveLength(10)
      expect(new Set(idsArrived()).size).toBe(1)
      const [last] = await deliveriesOf(endpoint.id)
      expect(last).toMatchObject({ status: 'failed', attempts: 10, nextAttemptAt: null })
      app.server.clock.advance(24 * 60 * 60 * 1_000)
      await run()
      expect(app.subscriber.received).toHaveLength(10)
    },
  )

  test.each([429, 503])('with %i waits as long as it is asked to', async (status) => {
    const endpoint = await failing({ status, headers: { 'retry-after': '120' } })
    const [delivery] = await deliveriesOf(endpoint.id)
    expect(Number(delivery?.nextAttemptAt) - Number(delivery?.lastAttemptAt)).toBe(120_000)
  })

  test('with 410 disables the endpoint, and nothing more is sent', async () => {
    const endpoint = await failing({ status: 410 })
    expect(await getEndpoint(app.context, endpoint.id)).toMatchObject({
      disabledReason: 'the endpoint answered 410',
    })
    await alice()
    app.server.clock.advance(60_000)
    await run()
    expect(app.subscriber.received).toHaveLength(1)
  })

  test('for five days disables the endpoint', async () => {
    const endpoint = await failing({ status: 500 })
    app.server.clock.advance(failingMsMax)
    await run()
    expect(await getEndpoint(app.context, endpoint.id)).toMatchObject({
      disabledReason: 'no delivery has arrived for five days',
    })
  })

  test('an answer is waited for 15 s, and no longer', async () => {
    const { endpoint } = await listen()
    await alice()
    await handOutAll(app.context)
    const waits: number[] = []
    const send: Egress['send'] = (request) => {
      waits.push(request.timeoutMs)
      return app.context.egress.send(request)
    }
    await deliverDue({ ...app.context, egress: { ...app.context.egress, send } }, endpoint.id)
    expect(waits).toEqual([15_000])
  })

  test('an answer that never comes is a failure', async () => {
    const { endpoint } = await listen()
    app.subscriber.answer = 'hang'
    await alice()
    await handOutAll(app.context)
    expect(await deliverDue(app.context, endpoint.id, { timeoutMs: 100 })).toBe('done')
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
    await replayDelivery(app.context, { endpointId: endpoint.id, id: delivery?.id ?? null })
    await run()
    const ids = idsArrived()
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
      createEndpoint({ ...app.context, egress: guarded }, { url, events: ['*'] })
    await expect(saving()).rejects.toMatchObject({ definition: { code: 'webhook_url_refused' } })
  })

  test('a name that turns to it later is refused at each try: no connection is opened', async () => {
    const egress = createEgress({
      allowedNetworks: [],
      lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    })
    const { port } = new URL(app.subscriber.url)
    const url = `https://subscriber.example:${port}/hook`
    const { endpoint } = await createEndpoint({ ...app.context, egress }, { url, events: ['*'] })
    await alice()
    await handOutAll(app.context)
    await deliverDue({ ...app.context, egress }, endpoint.id)
    await egress.close()
    expect(app.subscriber.connections).toBe(0)
    expect(await deliveriesOf(endpoint.id)).toMatchObject([{ attempts: 1, status: 'waiting' }])
  })
})
