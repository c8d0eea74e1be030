// Owns the guarantees of Bridge's webhooks: nothing unsigned, old or malformed is believed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WebhookDelivery } from '../../core/provider.ts'
import { type BridgeBench, openBridge } from './testing/bridge-samples.ts'

let bench: BridgeBench
beforeAll(async () => {
  bench = await openBridge()
})
afterAll(() => bench.close())

const at = Date.UTC(2026, 10, 20, 12)
const minuteMs = 60_000
const remoteId = '00000000-0000-4000-8000-000000000001'

const customer = (over: Record<string, unknown> = {}) => ({
  id: remoteId,
  type: 'individual',
  first_name: 'Lia',
  status: 'active',
  requirements_due: [],
  has_accepted_terms_of_service: true,
  endorsements: [{ name: 'base', status: 'approved' }],
  ...over,
})
const event = (over: Record<string, unknown> = {}) => ({
  api_version: 'v0',
  event_id: 'wh_1',
  event_category: 'customer',
  event_type: 'customer.updated.status_transitioned',
  event_object_id: remoteId,
  event_object_status: 'active',
  event_object: customer(),
  event_object_changes: { status: ['under_review', 'active'] },
  event_created_at: '2026-11-20T11:59:00.000Z',
  ...over,
})

const delivery = (body: string, header: string, receivedAt = at): WebhookDelivery => ({
  headers: { 'x-webhook-signature': header },
  query: {},
  body: Buffer.from(body),
  receivedAt,
})
const signed = (content: unknown, form: 'double' | 'single' = 'double') => {
  const body = typeof content === 'string' ? content : JSON.stringify(content)
  return delivery(body, bench.standIn.sign(body, at, form))
}
const parse = (webhook: WebhookDelivery) => bench.bridge.parseWebhook(bench.connection, webhook)
const refusedAs = (code: string) => ({ definition: { code } })

/** From the page "Webhook Event Signature Verification" of Bridge's documentation. */
const published = {
  key: [
    '-----BEGIN PUBLIC KEY-----',
    'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtqsEE4eI7EmzhcquGJXt',
    'LX9PMK0UH6Kl1WIR21sv8HtueG8BuvvpP3MiN7ltzmIhS8KaynCjN4l+620PnXeu',
    'xWG+CSnEdkinL9hCqbEid5vv9zl0j9LWiJx3FkKHqADU7cgm46aa8dKUdIQYF2X+',
    'O7WmyLkC4wUM/mWhBPMsIQBznashRMZxx7XJjsVp27ACUE4eNIjEXbVYN6U8jSbU',
    'hG++CfL8xXu+GHDqKmFE6Po6HnuURvLFVnCtE3mXXBcVFlPy+octfx8nOMLT3X8O',
    '9UehIigJ34o2yMm/Fq3HUJzg2BsiAiGgtr0vmeoV9Q7upSNj9TuOumAzZFi4pYA+',
    'qwIDAQAB',
    '-----END PUBLIC KEY-----',
  ].join('\\n'),
  at: 1_705_854_411_204,
  signature: [
    'jz/0dmHJ63FAzacGutrDTEoq+iSz/PHm/ugdooXDQu5NwuVIT2LmZGjsnCsBHgR9Py6OBP9zurzW4dHgygU4EDqm',
    'MPTUOvhvndYb4lWt+TY66LihaFI2whL6DAf/jb1QjYjNU0A6x9SLzC45dgE6X7zTDUM+2Z+scG/WEQf6SxQMt4E2',
    'sEipl5PqMK5lYUe3otdJV+X2c9D64bGwCEE7QSia+Vhozg8QNOQEk/rdz2IEONIg6oC43CeiN4E2kF9XLAGuy9uA',
    'Hx9O9OJH5ZPLJZjyo4VcXYeWQgxaQ1gZ1Qu6hEEzgiPSff/1nou58dm4bIIazgCWli/mO0NyGcpfFw==',
  ].join(''),
  body: '{"message":"Hello World!"}',
}

describe('a signature', () => {
  test.each(['double', 'single'] as const)('over the %s hash is accepted', async (form) => {
    expect(await parse(signed(event(), form))).toHaveLength(1)
  })

  test('of the test data that Bridge publishes is accepted', async () => {
    const credentials = { ...bench.connection.credentials, webhook_public_key: published.key }
    const header = `t=${published.at},v0=${published.signature}`
    const parsed = (body: string) =>
      bench.bridge.parseWebhook(
        { ...bench.connection, credentials },
        delivery(body, header, published.at),
      )
    // It verifies, and then is no event.
    await expect(parsed(published.body)).rejects.toMatchObject(refusedAs('webhook_malformed'))
    await expect(parsed(`${published.body} `)).rejects.toMatchObject(
      refusedAs('webhook_signature_invalid'),
    )
  })

  test('does not cover a body with one byte changed', async () => {
    const body = JSON.stringify(event())
    const header = bench.standIn.sign(body, at, 'double')
    const changed = delivery(body.replace('active', 'actove'), header)
    await expect(parse(changed)).rejects.toMatchObject(refusedAs('webhook_signature_invalid'))
  })

  test('does not cover another time', async () => {
    const header = signed(event()).headers['x-webhook-signature'] ?? ''
    const moved = header.replace(`t=${at}`, `t=${at + 1}`)
    const webhook = delivery(JSON.stringify(event()), moved)
    await expect(parse(webhook)).rejects.toMatchObject(refusedAs('webhook_signature_invalid'))
  })

  test.each([
    [10 * minuteMs, true],
    [10 * minuteMs + 1, false],
    [-10 * minuteMs - 1, false],
  ])('received %i ms after its time counts: %s', async (lateMs, isAccepted) => {
    const parsed = parse({ ...signed(event()), receivedAt: at + lateMs })
    if (isAccepted) expect(await parsed).toHaveLength(1)
    else await expect(parsed).rejects.toMatchObject(refusedAs('webhook_signature_invalid'))
  })

  test.each([
    '',
    't=1',
    'v0=AAAA',
    `t=${at},v0=`,
    `t=${at},v0=????`,
    `t=x,v0=AAAA`,
    `t=${at},v1=AAAA`,
  ])('that reads %j is refused', async (header) => {
    const webhook = delivery(JSON.stringify(event()), header)
    await expect(parse(webhook)).rejects.toMatchObject(refusedAs('webhook_signature_invalid'))
  })

  test.each([
    undefined,
    '',
    'not a key',
    '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
  ])('is refused where the connection has no usable key: %j', async (key) => {
    const { webhook_public_key: _gone, ...rest } = bench.connection.credentials
    const credentials = key === undefined ? rest : { ...rest, webhook_public_key: key }
    const parsed = bench.bridge.parseWebhook({ ...bench.connection, credentials }, signed(event()))
    await expect(parsed).rejects.toMatchObject(refusedAs('webhook_signature_invalid'))
  })

  test('of another endpoint is refused', async () => {
    const other = { ...bench.connection.credentials, webhook_public_key: published.key }
    const parsed = bench.bridge.parseWebhook(
      { ...bench.connection, credentials: other },
      signed(event()),
    )
    await expect(parsed).rejects.toMatchObject(refusedAs('webhook_signature_invalid'))
  })
})

describe('an event', () => {
  test('of a customer carries its state, its time and its id', async () => {
    expect(await parse(signed(event()))).toEqual([
      {
        eventId: 'wh_1',
        remoteId,
        occurredAt: Date.UTC(2026, 10, 20, 11, 59),
        change: {
          kind: 'state',
          state: {
            remoteId,
            status: 'approved',
            actionRequired: null,
            actionUrl: null,
            rejectionReason: null,
            failureReasons: [],
            facts: {
              status: 'active',
              hasAcceptedTerms: true,
              endorsements: { base: 'approved' },
              capabilities: {},
            },
          },
        },
      },
    ])
  })

  test('delivered again says the same', async () => {
    expect(await parse(signed(event(), 'single'))).toEqual(await parse(signed(event())))
  })

  test.each([
    ['customer', 'customer.created', { status: 'under_review' }, 'state'],
    ['customer', 'customer.updated', { status: 'paused' }, 'state'],
    ['customer', 'updated', { status: 'rejected' }, 'state'],
    ['customer', 'customer.updated.status_transitioned', { status: 'incomplete' }, 'reread'],
    ['customer', 'updated.status_transitioned', { status: 'splendid' }, 'reread'],
    ['customer', 'customer.updated', { status: 7 }, 'reread'],
    ['customer', 'customer.updated', { id: 'another' }, 'reread'],
    ['kyc_link', 'kyc_link.updated', { customer_id: remoteId }, 'reread'],
  ])('%s, %s, %j is %s', async (category, type, object, kind) => {
    const [notice] = await parse(
      signed(event({ event_category: category, event_type: type, event_object: customer(object) })),
    )
    expect(notice).toMatchObject({ remoteId, change: { kind } })
  })

  test.each(['customer.deleted', 'deleted'])(
    '%s cancels, whatever the status says',
    async (type) => {
      const [notice] = await parse(signed(event({ event_type: type })))
      expect(notice?.change).toMatchObject({ kind: 'state', state: { status: 'cancelled' } })
    },
  )

  test.each([
    'transfer',
    'virtual_account.activity',
    'liquidation_address.drain',
    'static_memo.activity',
    'card_account',
    'kyc_link',
  ])('of the category %s without a customer is ignored', async (category) => {
    const [notice] = await parse(
      signed(event({ event_category: category, event_object: { id: 'tr_1', state: 'done' } })),
    )
    expect(notice).toMatchObject({ eventId: 'wh_1', remoteId: null, change: { kind: 'ignored' } })
  })

  test.each([
    ['no JSON', '{"event_id"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no id', event({ event_id: undefined })],
    ['a number for an id', event({ event_id: 7 })],
    ['no time', event({ event_created_at: undefined })],
    ['a time that is none', event({ event_created_at: 'yesterday' })],
  ])('that is %s is malformed', async (_what, body) => {
    await expect(parse(signed(body))).rejects.toMatchObject(refusedAs('webhook_malformed'))
  })
})
