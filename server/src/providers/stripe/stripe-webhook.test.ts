// Owns the guarantees of Stripe's webhooks: nothing unsigned, old or malformed is believed.
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WebhookDelivery } from '../../core/provider.ts'
import { openStripe, type StripeBench, signedEvent } from './testing/stripe-samples.ts'

let bench: StripeBench
beforeAll(async () => {
  bench = await openStripe()
})
afterAll(() => bench.close())

const at = Date.UTC(2026, 10, 20, 12)
const minuteMs = 60_000

const account = (over: Record<string, unknown> = {}) => ({
  ...{ id: 'acct_0001', object: 'account', business_type: 'individual' },
  ...{ charges_enabled: true, payouts_enabled: true, details_submitted: true },
  requirements: { currently_due: [], disabled_reason: null },
  ...over,
})
const event = (over: Record<string, unknown> = {}) => ({
  ...{ id: 'evt_1', object: 'event', api_version: '2026-10-28.endive', livemode: false },
  ...{ type: 'account.updated', account: 'acct_0001', created: at / 1000 - 60 },
  data: { object: account() },
  ...over,
})
const signed = (content: unknown, secret?: string) =>
  signedEvent(typeof content === 'string' ? content : JSON.stringify(content), at, secret)
const parse = (webhook: WebhookDelivery) => bench.stripe.parseWebhook(bench.connection, webhook)
const refusedAs = (code: string) => ({ definition: { code } })
const invalid = refusedAs('webhook_signature_invalid')

describe('a signature', () => {
  test('does not cover a body with one byte changed', async () => {
    const webhook = signed(event())
    const body = Buffer.from(Buffer.from(webhook.body).toString().replace('evt_1', 'evt_2'))
    await expect(parse({ ...webhook, body })).rejects.toMatchObject(invalid)
  })

  test('of another secret is refused, and so is every one where the connection has none', async () => {
    await expect(parse(signed(event(), 'whsec_other'))).rejects.toMatchObject(invalid)
    const { secret_key = '' } = bench.connection.credentials
    for (const credentials of [{ secret_key }, { secret_key, webhook_secret: '' }]) {
      const connection = { ...bench.connection, credentials }
      const parsed = bench.stripe.parseWebhook(connection, signed(event(), 'whsec_stand_in'))
      await expect(parsed).rejects.toMatchObject(invalid)
    }
  })

  test.each([
    [5 * minuteMs, true],
    [5 * minuteMs + 1_000, false],
    [-minuteMs, true],
  ])('received %i ms after it was made is taken: %s', async (ageMs, isTaken) => {
    const parsed = parse({ ...signed(event()), receivedAt: at + ageMs })
    if (isTaken) expect(await parsed).toHaveLength(1)
    else await expect(parsed).rejects.toMatchObject(invalid)
  })

  test('does not cover another time', async () => {
    const webhook = signed(event())
    const header = webhook.headers['stripe-signature'] ?? ''
    const later = header.replace(`t=${at / 1000}`, `t=${at / 1000 + 1}`)
    expect(later).not.toBe(header)
    const moved = { ...webhook, headers: { 'stripe-signature': later } }
    await expect(parse(moved)).rejects.toMatchObject(invalid)
  })

  test('is taken beside one of an older secret', async () => {
    const webhook = signed(event())
    const older = signed(event(), 'whsec_older').headers['stripe-signature']
    const own = webhook.headers['stripe-signature']?.replace(/^t=\d+/, '')
    const headers = { 'stripe-signature': `${older}${own}` }
    expect(await parse({ ...webhook, headers })).toHaveLength(1)
  })

  test('of another scheme is none', async () => {
    const body = JSON.stringify(event())
    const header = Stripe.webhooks.generateTestHeaderString({
      ...{ payload: body, secret: 'whsec_stand_in', timestamp: at / 1000, scheme: 'v0' },
    })
    const webhook = { ...signed(body), headers: { 'stripe-signature': header } }
    await expect(parse(webhook)).rejects.toMatchObject(invalid)
  })

  test.each([{}, { 'stripe-signature': '' }, { 'stripe-signature': 't=,v1=' }])(
    'that is %j is refused',
    async (headers) => {
      await expect(parse({ ...signed(event()), headers })).rejects.toMatchObject(invalid)
    },
  )
})

describe('an event', () => {
  test('of an account carries its state, its time and its id', async () => {
    expect(await parse(signed(event()))).toEqual([
      {
        eventId: 'evt_1',
        remoteId: 'acct_0001',
        occurredAt: at - minuteMs,
        change: {
          kind: 'state',
          state: {
            remoteId: 'acct_0001',
            status: 'approved',
            actionRequired: null,
            actionUrl: null,
            rejectionReason: null,
            failureReasons: [],
            facts: { charges_enabled: true, payouts_enabled: true, details_submitted: true },
          },
        },
      },
    ])
  })

  test('delivered again with a new signature says the same', async () => {
    const again = signedEvent(JSON.stringify(event()), at + minuteMs)
    expect(await parse(again)).toEqual(await parse(signed(event())))
  })

  test('of a customer that was deleted cancels it', async () => {
    const customer = { id: 'cus_0001', object: 'customer', email: 'lia@example.test' }
    const deleted = event({ type: 'customer.deleted', account: null, data: { object: customer } })
    const [notice] = await parse(signed(deleted))
    expect(notice).toMatchObject({
      remoteId: 'cus_0001',
      change: { kind: 'state', state: { remoteId: 'cus_0001', status: 'cancelled' } },
    })
  })

  test.each([
    'person.created',
    'person.updated',
    'person.deleted',
    'capability.updated',
    'account.application.deauthorized',
    'account.external_account.created',
    'account.external_account.updated',
    'account.external_account.deleted',
  ])('%s of an account makes us read it', async (type) => {
    const object = { id: 'person_1', object: 'person', first_name: 'Lia' }
    const [notice, ...others] = await parse(signed(event({ type, data: { object } })))
    expect(others).toEqual([])
    expect(notice).toMatchObject({ remoteId: 'acct_0001', change: { kind: 'reread' } })
  })

  test.each([
    ['customer.created', null],
    ['customer.updated', null],
    ['customer.tax_id.created', null],
    ['balance.available', 'acct_0001'],
    ['payment_intent.succeeded', 'acct_0001'],
    ['capability.updated', null],
    ['capability.updated', '../acct_0001'],
    ['splendid', undefined],
  ])('%s with the account %s is ignored', async (type, of) => {
    const object = { id: 'cus_0001', object: 'customer' }
    const other = event({ type, account: of, data: { object } })
    expect(await parse(signed(other))).toEqual([
      { eventId: 'evt_1', remoteId: null, occurredAt: at - minuteMs, change: { kind: 'ignored' } },
    ])
  })

  test.each([
    ['no JSON', '{"id"'],
    ['empty', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['without an id', event({ id: undefined })],
    ['with a number for an id', event({ id: 7 })],
    ['without a time', event({ created: undefined })],
    ['with a time that is text', event({ created: '2026-11-20' })],
    ['without an object', event({ data: {} })],
    ['an account without its id', event({ data: { object: account({ id: undefined }) } })],
    ['an account whose id is a path', event({ data: { object: account({ id: '../x' }) } })],
    ['an account that is a customer', event({ data: { object: account({ object: 'customer' }) } })],
    ['a customer that is none', event({ type: 'customer.deleted', data: { object: account() } })],
  ])('that is %s is malformed', async (_what, body) => {
    await expect(parse(signed(body))).rejects.toMatchObject(refusedAs('webhook_malformed'))
  })
})
