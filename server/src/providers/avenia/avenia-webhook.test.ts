// Owns the guarantees of Avenia's webhooks: who signed, with which key, and what an event means.
import { constants, type KeyObject, sign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProviderConnection } from '../../core/provider.ts'
import { keyAgeMsMin } from './avenia-webhook.ts'
import { type AveniaBench, openAvenia } from './testing/avenia-samples.ts'
import { newWebhookKeys, webhookKeys } from './testing/avenia-stand-in.ts'

let bench: AveniaBench
let connection: ProviderConnection
beforeEach(async () => {
  bench = await openAvenia()
  const webhook_public_key = publicPem(webhookKeys.publicKey)
  connection = {
    ...bench.connection,
    credentials: { ...bench.connection.credentials, webhook_public_key },
  }
})
afterEach(() => bench.close())

const publicPem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
const signed = (body: string, key = webhookKeys.privateKey, padding: object = pss) =>
  sign('sha256', Buffer.from(body), { key, ...padding }).toString('base64')
const receivedAt = Date.parse('2026-11-20T10:05:00Z')
const parse = (body: string, signature: string | null = signed(body), on = connection) =>
  bench.avenia.parseWebhook(on, {
    headers: signature === null ? {} : { signature },
    query: {},
    body: Buffer.from(body),
    receivedAt,
  })
const refused = { definition: { code: 'webhook_signature_invalid' } }

const attempt = { id: 'att-1', status: 'COMPLETED', result: 'APPROVED' }
const kyc = {
  subAccountId: 'sub-1',
  subscription: 'KYC',
  data: { attempt: { ...attempt, updatedAt: '2026-11-20T10:01:00Z' } },
}
const text = JSON.stringify(kyc)

describe('an event', () => {
  test('of the identity check is a hint to ask again', async () => {
    expect(await parse(text)).toEqual([
      {
        eventId: expect.stringMatching(/^[0-9a-f]{64}$/),
        remoteId: 'sub-1',
        occurredAt: Date.parse('2026-11-20T10:01:00Z'),
        change: { kind: 'reread' },
      },
    ])
  })

  test.each([
    [{ event: { accountId: 'sub-1', subscription: 'KYC', data: { attempt } } }],
    [{ event: { accountId: 'sub-1', data: { attempt } } }],
  ])('in the wrapped form %j is one as well', async (body) => {
    expect(await parse(JSON.stringify(body))).toMatchObject([
      { remoteId: 'sub-1', occurredAt: receivedAt, change: { kind: 'reread' } },
    ])
  })

  test.each([
    [{ subAccountId: 'sub-1', subscription: 'TICKET', data: { ticket: { id: 't' } } }],
    [{ subAccountId: 'sub-1', subscription: 'DEPOSIT', data: {} }],
    [{ subAccountId: 'sub-1', subscription: 'WITHDRAW', data: {} }],
    [{ subAccountId: 'sub-1', subscription: 'LIMIT-UPDATE' }],
    [{ subAccountId: '', subscription: 'KYC', data: { attempt } }],
    [{ subscription: 'KYC', data: { attempt } }],
    [{ subAccountId: '../x', subscription: 'KYC', data: { attempt } }],
    [{ event: { accountId: 'sub-1', subscription: 'TICKET' } }],
    [{ event: { accountId: 'sub-1' } }],
  ])('%j changes no registration', async (body) => {
    expect(await parse(JSON.stringify(body))).toMatchObject([
      { remoteId: null, occurredAt: receivedAt, change: { kind: 'ignored' } },
    ])
  })

  test('has one id however often it comes, and another for each step', async () => {
    const [first] = await parse(text)
    const [again] = await parse(JSON.stringify({ ...kyc, sentAgain: true }))
    const step = { ...kyc.data.attempt, status: 'PROCESSING', result: '' }
    const [other] = await parse(JSON.stringify({ ...kyc, data: { attempt: step } }))
    expect(again?.eventId).toBe(first?.eventId)
    expect(other?.eventId).not.toBe(first?.eventId)
  })

  test.each(['', 'no json', '[]', '7', '{}', '{"subscription":7}', '{"event":{}}'])(
    'signed as %j is malformed',
    async (body) => {
      await expect(parse(body)).rejects.toMatchObject({ definition: { code: 'webhook_malformed' } })
    },
  )
})

describe('a signature', () => {
  test.each([
    ['none', () => null],
    ['an empty one', () => ''],
    ['one that is no base64', () => '<script>'.repeat(20)],
    ['one of another body', () => signed(`${text} `)],
    ['one of another key', () => signed(text, newWebhookKeys.privateKey)],
    [
      'one with the padding of requests',
      () => signed(text, webhookKeys.privateKey, { padding: constants.RSA_PKCS1_PADDING }),
    ],
  ])('%s is refused before the body is read', async (_what, make) => {
    await expect(parse(text, make())).rejects.toMatchObject(refused)
    expect(bench.standIn.requests).toEqual([])
  })

  test('with the longest salt is taken', async () => {
    const longest = { ...pss, saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN }
    expect(await parse(text, signed(text, webhookKeys.privateKey, longest))).toHaveLength(1)
  })

  test('a changed byte breaks it', async () => {
    const changed = text.replace('sub-1', 'sub-2')
    await expect(parse(changed, signed(text))).rejects.toMatchObject(refused)
  })
})

describe('without a configured key', () => {
  const keyRequests = () => bench.standIn.requests.filter(({ path }) => path === '/v2/public-key')
  const parseFetched = (signature?: string) => parse(text, signature, bench.connection)

  test('Avenia is asked for it, once', async () => {
    await parseFetched()
    await parseFetched()
    expect(keyRequests()).toHaveLength(1)
    expect(bench.standIn.violations).toEqual([])
  })

  test('a new key is found by a miss, and forgeries do not make us ask at each of them', async () => {
    await parseFetched()
    bench.standIn.webhookKey = newWebhookKeys.publicKey
    const renewed = signed(text, newWebhookKeys.privateKey)
    await expect(parseFetched(renewed)).rejects.toMatchObject(refused)
    expect(keyRequests()).toHaveLength(1)
    bench.clock.advance(keyAgeMsMin)
    expect(await parseFetched(renewed)).toHaveLength(1)
    expect(keyRequests()).toHaveLength(2)
    for (let forged = 0; forged < 5; forged += 1) {
      await expect(parseFetched(signed('other'))).rejects.toMatchObject(refused)
    }
    expect(keyRequests()).toHaveLength(2)
  })

  test('a delivery waits while Avenia cannot be asked, and is taken afterwards', async () => {
    bench.standIn.badDay = 'error_500'
    const unavailable = { definition: { code: 'provider_unavailable' } }
    await expect(parseFetched()).rejects.toMatchObject(unavailable)
    bench.standIn.badDay = null
    await expect(parseFetched()).rejects.toMatchObject(unavailable)
    expect(keyRequests()).toHaveLength(1)
    bench.clock.advance(keyAgeMsMin)
    expect(await parseFetched()).toHaveLength(1)
  })

  test('the key of one base URL does not verify for another', async () => {
    await parseFetched()
    const elsewhere = { ...bench.connection, baseUrl: 'http://127.0.0.1:1' }
    await expect(parse(text, signed(text), elsewhere)).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
  })
})
