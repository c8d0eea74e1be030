// Owns the guarantees of Pagar.me's webhooks: only a known sender, and never more than a hint.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WebhookDelivery } from '../../core/provider.ts'
import { openPagarMe, type PagarMeBench } from './testing/pagar-me-samples.ts'

let bench: PagarMeBench
beforeAll(async () => {
  bench = await openPagarMe()
})
afterAll(() => bench.close())

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
const ours = basic('clientele:pass:word')

const hook = (over: Record<string, unknown> = {}) => ({
  id: 'hook_1',
  account: { id: 'acc_1', name: 'Shop' },
  type: 'customer.updated',
  created_at: '2026-11-20T12:00:00.0000000Z',
  data: { id: 'cus_0001', name: 'Lia Prado' },
  ...over,
})
const delivery = (body: unknown, authorization: string | null = ours): WebhookDelivery => ({
  headers: authorization === null ? {} : { authorization },
  query: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  receivedAt: Date.UTC(2026, 10, 20, 12, 1),
})
const parse = (webhook: WebhookDelivery) => bench.pagarMe.parseWebhook(bench.connection, webhook)
const refusedAs = (code: string) => ({ definition: { code } })

describe('a sender', () => {
  test('with the credentials of the callback is heard', async () => {
    expect(await parse(delivery(hook()))).toEqual([
      {
        eventId: 'hook_1',
        remoteId: 'cus_0001',
        occurredAt: Date.UTC(2026, 10, 20, 12),
        change: { kind: 'reread' },
      },
    ])
  })

  test('may write the scheme in any case', async () => {
    expect(await parse(delivery(hook(), ours.replace('Basic', 'basic')))).toHaveLength(1)
  })

  test.each([
    null,
    '',
    'Basic',
    'Basic ',
    basic(''),
    basic(':'),
    basic('clientele:pass:wore'),
    basic('clientela:pass:word'),
    basic('clientele:pass:word '),
    ours.replace('Basic', 'Bearer'),
    `${ours} x`,
  ])('with %j is refused', async (authorization) => {
    await expect(parse(delivery(hook(), authorization))).rejects.toMatchObject(
      refusedAs('webhook_signature_invalid'),
    )
  })

  test.each([
    [{ webhook_user: 'clientele' }, basic('clientele:')],
    [{ webhook_password: 'pass' }, basic(':pass')],
    [{ webhook_user: '', webhook_password: '' }, basic(':')],
    [{}, basic('undefined:undefined')],
  ])('is refused where the connection holds only %j', async (credentials, authorization) => {
    const connection = {
      ...bench.connection,
      credentials: { secret_key: 'sk_test_1', ...credentials },
    }
    await expect(
      bench.pagarMe.parseWebhook(connection, delivery(hook(), authorization)),
    ).rejects.toMatchObject(refusedAs('webhook_signature_invalid'))
  })

  test('is judged before the body is read', async () => {
    await expect(parse(delivery('{', null))).rejects.toMatchObject(
      refusedAs('webhook_signature_invalid'),
    )
  })
})

describe('a notice', () => {
  const customer = { customer: { id: 'cus_0001' } }
  test.each([
    ['customer.created', { id: 'cus_0001' }, 'cus_0001', 'reread'],
    ['customer.updated', { id: 'cus_0001', code: 'x' }, 'cus_0001', 'reread'],
    ['recipient.created', { id: 're_0001' }, 're_0001', 'reread'],
    ['recipient.updated', { id: 're_0001', status: 'active' }, 're_0001', 'reread'],
    ['address.created', { id: 'addr_1', ...customer }, 'cus_0001', 'reread'],
    ['address.deleted', { id: 'addr_1' }, null, 'ignored'],
    ['customer.updated', { id: '../cus' }, null, 'ignored'],
    ['customer.updated', null, null, 'ignored'],
    ['card.created', { id: 'card_1', ...customer }, null, 'ignored'],
    ['order.paid', { id: 'or_1', ...customer }, null, 'ignored'],
    ['charge.paid', { id: 'ch_1', ...customer }, null, 'ignored'],
    ['subscription.created', { id: 'sub_1', ...customer }, null, 'ignored'],
  ])('%s of %j concerns %s and is %s', async (type, data, remoteId, kind) => {
    const [notice] = await parse(delivery(hook({ type, data })))
    expect(notice).toMatchObject({ eventId: 'hook_1', remoteId, change: { kind } })
  })

  test('may name its type as an event', async () => {
    const body = hook({ type: undefined, event: 'recipient.updated', data: { id: 're_0001' } })
    expect(await parse(delivery(body))).toMatchObject([{ remoteId: 're_0001' }])
  })

  test('never brings a state of its own, whoever sent it', async () => {
    const data = { id: 're_0001', status: 'active' }
    const [notice] = await parse(delivery(hook({ type: 'recipient.updated', data })))
    expect(notice?.change).toEqual({ kind: 'reread' })
  })

  test('delivered again says the same', async () => {
    expect(await parse(delivery(hook()))).toEqual(await parse(delivery(hook())))
  })

  test.each([
    ['2026-11-20T12:00:00', Date.UTC(2026, 10, 20, 12)],
    ['2026-11-20T12:00:00Z', Date.UTC(2026, 10, 20, 12)],
    ['2026-11-20T09:00:00-03:00', Date.UTC(2026, 10, 20, 12)],
  ])('of %s has its time in UTC', async (created_at, occurredAt) => {
    expect(await parse(delivery(hook({ created_at })))).toMatchObject([{ occurredAt }])
  })

  test.each([
    ['no JSON', '{"id"'],
    ['a list', '[]'],
    ['no id', hook({ id: undefined })],
    ['a number for an id', hook({ id: 7 })],
    ['no type', hook({ type: undefined })],
    ['no time', hook({ created_at: undefined })],
    ['a time that is none', hook({ created_at: 'ontem' })],
  ])('that is %s is malformed', async (_what, body) => {
    await expect(parse(delivery(body))).rejects.toMatchObject(refusedAs('webhook_malformed'))
  })
})
