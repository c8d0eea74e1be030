// Owns the guarantees of Mercado Pago's webhooks: what is signed, when, and that no body counts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type MercadoPagoBench,
  openMercadoPago,
  receivedAt,
  type Signing,
  signedDelivery,
} from './testing/mercado-pago-samples.ts'

let bench: MercadoPagoBench
beforeAll(async () => {
  bench = await openMercadoPago()
})
afterAll(() => bench.close())

const hook = (over: Record<string, unknown> = {}) => ({
  ...{ id: 123, type: 'mp-connect', action: 'application.deauthorized', user_id: '88' },
  ...{ api_version: 'v1', live_mode: false, date_created: '2026-11-20T11:59:00Z' },
  data: { id: '88' },
  ...over,
})
const parse = (content: unknown, how: Signing = {}) => {
  const body = typeof content === 'string' ? content : JSON.stringify(content)
  return bench.mercadoPago.parseWebhook(bench.connection, signedDelivery(body, how))
}
const refusedAs = (code: string) => ({ definition: { code } })
const invalid = refusedAs('webhook_signature_invalid')

describe('a notice', () => {
  test('that a seller has linked or unlinked is a hint to ask again', async () => {
    expect(await parse(hook())).toEqual([
      { eventId: '123', remoteId: '88', occurredAt: receivedAt, change: { kind: 'reread' } },
    ])
  })

  test.each([
    'payment',
    'order',
    'subscription_preapproval',
    'topic_claims_integration_wh',
    'topic_chargebacks_wh',
    'stop_delivery_op_wh',
    'test',
  ])('of %s changes no registration', async (type) => {
    expect(await parse(hook({ type }))).toEqual([
      { eventId: '123', remoteId: null, occurredAt: receivedAt, change: { kind: 'ignored' } },
    ])
  })

  test('of no user is kept and changes nothing', async () => {
    const [notice] = await parse(hook({ user_id: undefined }))
    expect(notice).toMatchObject({ remoteId: null, change: { kind: 'ignored' } })
  })

  test('never carries a state: the body is not signed, and says nothing that is believed', async () => {
    const kinds = []
    for (const status of ['approved', 'rejected']) {
      const [notice] = await parse(hook({ status, action: status }))
      kinds.push(notice?.change)
    }
    expect(kinds).toEqual([{ kind: 'reread' }, { kind: 'reread' }])
  })

  test('that comes again has the same id', async () => {
    const [first] = await parse(hook())
    const [again] = await parse(hook(), { requestId: 'req-2' })
    expect(again?.eventId).toBe(first?.eventId)
  })
})

describe('a signature', () => {
  test.each<[string, Signing]>([
    ['in milliseconds', {}],
    ['in seconds', { ts: String(receivedAt / 1000) }],
    ['without an id in the query', { dataId: null }],
    ['without a request id', { requestId: null }],
    ['over an id in capitals, which is signed in small letters', { dataId: 'ABC-88' }],
    ['nearly ten minutes old', { receivedAt: receivedAt + 599_000 }],
    ['from a clock that is ahead', { receivedAt: receivedAt - 599_000 }],
  ])('%s is accepted', async (_what, how) => {
    const [notice] = await parse(hook(), how)
    expect(notice?.occurredAt).toBe(receivedAt)
  })

  test.each<[string, Signing]>([
    ['of another secret', { secret: 'another' }],
    ['over ten minutes old', { receivedAt: receivedAt + 601_000 }],
    ['from the future', { receivedAt: receivedAt - 601_000 }],
  ])('%s is refused', async (_what, how) => {
    await expect(parse(hook(), how)).rejects.toMatchObject(invalid)
  })

  const good = signedDelivery(JSON.stringify(hook()))
  const header = good.headers['x-signature'] ?? ''
  const flipped = header.slice(0, -1) + (header.endsWith('0') ? '1' : '0')
  test.each([
    ['one changed digit', { headers: { ...good.headers, 'x-signature': flipped } }],
    [
      'another time',
      { headers: { ...good.headers, 'x-signature': header.replace('ts=1', 'ts=2') } },
    ],
    ['another request', { headers: { ...good.headers, 'x-request-id': 'req-2' } }],
    ['another object', { query: { 'data.id': '89' } }],
    ['no object', { query: {} }],
    ['no header', { headers: {} }],
    ['a header that is none', { headers: { 'x-signature': 'v1=' } }],
    ['a signature that is too short', { headers: { 'x-signature': header.slice(0, -2) } }],
  ])('with %s is refused', async (_what, over) => {
    const delivery = { ...good, ...over }
    await expect(bench.mercadoPago.parseWebhook(bench.connection, delivery)).rejects.toMatchObject(
      invalid,
    )
  })

  test.each([{}, { webhook_secret: '' }])('is never good without a secret: %j', async (secret) => {
    const connection = { ...bench.connection, credentials: secret }
    const delivery = signedDelivery(JSON.stringify(hook()), { secret: '' })
    await expect(bench.mercadoPago.parseWebhook(connection, delivery)).rejects.toMatchObject(
      invalid,
    )
  })
})

test.each([
  '',
  'no json',
  '[]',
  '{}',
  'null',
  '{"id":7}',
  '{"id":{},"type":"payment"}',
  '{"id":1.5,"type":"payment"}',
  '{"id":1e300,"type":"payment"}',
  '{"id":1,"type":"mp-connect","user_id":"../1"}',
  '{"id":1,"type":"mp-connect","user_id":-1}',
])('signed, and with the body %j, is malformed', async (body) => {
  await expect(parse(body)).rejects.toMatchObject(refusedAs('webhook_malformed'))
})
