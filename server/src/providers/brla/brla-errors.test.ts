// Owns the guarantees of BRLA's logins, webhooks and bad days.
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AppError } from '../../core/errors.ts'
import type { ProviderConnection } from '../../core/provider.ts'
import type { BadDay } from '../testing/stand-in.ts'
import { type BrlaBench, openBrla } from './testing/brla-samples.ts'

let bench: BrlaBench
beforeEach(async () => {
  bench = await openBrla()
})
afterEach(() => bench.close())

const record = { remoteId: 'sub-9', role: 'customer' } as const
const read = () => bench.brla.read(bench.connection, record)
const refused = { definition: { code: 'provider_credentials_refused' } }

describe('a login', () => {
  test('serves every call until its token runs out, and is renewed once', async () => {
    const { remoteId } = await bench.register()
    const again = () => bench.brla.read(bench.connection, { remoteId, role: 'customer' })
    await again()
    expect(bench.standIn.logins).toBe(1)
    bench.standIn.token = 'run out'
    await again()
    expect(bench.standIn.logins).toBe(2)
    expect(bench.standIn.violations).toEqual([])
  })

  test('is shared by callers of the same moment, also when the token has run out', async () => {
    const { remoteId } = await bench.register()
    bench.standIn.token = 'run out'
    const role = 'customer'
    const calls = Array.from({ length: 5 }, () =>
      bench.brla.read(bench.connection, { remoteId, role }),
    )
    expect(await Promise.all(calls)).toHaveLength(5)
    expect(bench.standIn.logins).toBe(2)
  })

  test('whose token is refused at once ends there', async () => {
    bench.standIn.refuse = () => ({ status: 401, body: {} })
    await expect(read()).rejects.toMatchObject(refused)
    expect(bench.standIn.logins).toBe(2)
    expect(bench.standIn.requests).toHaveLength(4)
  })

  test('of another password never uses the token of this one', async () => {
    await bench.register()
    const credentials = { ...bench.connection.credentials, password: 'wrong' }
    const call = bench.brla.read({ ...bench.connection, credentials }, record)
    await expect(call).rejects.toMatchObject(refused)
  })

  test('that failed is tried again by the next call', async () => {
    bench.standIn.badDay = 'error_500'
    await expect(bench.register()).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
    bench.standIn.badDay = null
    expect(await bench.register()).toMatchObject({ remoteId: 'sub-1' })
  })

  test.each([[{}], [[]], [{ accessToken: 7 }], [{ accessToken: 'a\r\nb: c' }]])(
    'that answers %j is not used',
    async (loginAnswer) => {
      bench.standIn.loginAnswer = loginAnswer
      await expect(bench.brla.check(bench.connection)).rejects.toMatchObject({
        definition: { code: 'provider_unavailable' },
      })
    },
  )
})

const calls: [string, () => Promise<unknown>][] = [
  ['check', () => bench.brla.check(bench.connection)],
  ['register', () => bench.register()],
  ['read', read],
]
const badDays: [BadDay, string][] = [
  ['hang', 'provider_timeout'],
  ['reset', 'provider_unavailable'],
  ['error_500', 'provider_unavailable'],
  ['html', 'provider_unavailable'],
  ['huge', 'provider_unavailable'],
  ['empty', 'provider_unavailable'],
  ['limited_429', 'provider_limited'],
]

describe.each(calls)('%s', (_name, call) => {
  test.each(badDays)('on a day of %s is %s', async (badDay, code) => {
    bench.standIn.badDay = badDay
    await expect(call()).rejects.toMatchObject({ definition: { code } })
  })

  test('with a wrong password says that the credentials are refused', async () => {
    bench.standIn.password = 'another'
    await expect(call()).rejects.toMatchObject(refused)
  })
})

test.each([
  [400, { error: 'cpf 00000000191 of Lia Prado is invalid' }, 'cpf … of … is invalid'],
  [409, { message: 'Prado, lia@example.test exists' }, '…, … exists'],
  [422, 'no phone +5513955501234', 'no phone …'],
  [400, { error: ['Lia'] }, 'it gave no reason'],
])('a refusal %i %j is told without the person', async (status, body, reason) => {
  bench.standIn.refuse = ({ method }) => (method === 'POST' ? { status, body } : null)
  const error: AppError = await bench.register().then(
    () => Promise.reject(new Error('it was taken')),
    (thrown) => thrown,
  )
  expect(`${error.definition.code}: ${error.message}`).toBe(
    `provider_rejected: The provider refused the request: ${reason}. ` +
      'Read its reason, then correct the customer or the connection.',
  )
})

describe('a connection', () => {
  test.each([
    ['https://api.brla.digital:5567/v1', 'live'],
    ['https://api.brla.digital:4567/v1', 'test'],
    ['https://api.brla.digital/v1', null],
    ['https://brla.example.test:5567/v1', null],
    ['no url', null],
    [null, null],
  ])('at %s is %s', (baseUrl, mode) => {
    expect(bench.brla.modeOf({ credentials: {}, baseUrl })).toBe(mode)
  })

  test('is checked by a login of its own', async () => {
    await bench.brla.check(bench.connection)
    await bench.brla.check(bench.connection)
    const sent = bench.standIn.requests.map(({ method, url }) => `${method} ${url}`)
    expect(sent).toEqual(['POST /v1/business/login', 'POST /v1/business/login'])
    expect(bench.standIn.violations).toEqual([])
  })

  test('with a webhook key that is none is refused before the network', async () => {
    const credentials = { ...bench.connection.credentials, webhook_public_key: 'x' }
    await expect(bench.brla.check({ ...bench.connection, credentials })).rejects.toMatchObject(
      refused,
    )
    expect(bench.standIn.requests).toEqual([])
  })
})

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()
const pkcs1 = { padding: constants.RSA_PKCS1_PADDING }
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }

describe('a webhook', () => {
  const receivedAt = 1_795_000_000_000
  const parse = (key: KeyObject | null, body: string, signature: string) => {
    const webhook = key === null ? {} : { webhook_public_key: pem(key) }
    const credentials = { ...bench.connection.credentials, ...webhook }
    const connection: ProviderConnection = { ...bench.connection, credentials }
    const headers = { signature }
    return bench.brla.parseWebhook(connection, {
      headers,
      query: {},
      body: Buffer.from(body),
      receivedAt,
    })
  }
  const signed = (body: string, key: KeyObject = rsa.privateKey, options: object = pkcs1) =>
    sign('sha256', Buffer.from(body), { key, ...options }).toString('base64')
  const text = JSON.stringify({ id: 'evt-1', subscription: 'KYC', subaccountId: 'sub-1', data: {} })
  const invalid = { definition: { code: 'webhook_signature_invalid' } }

  test.each([
    ['RSA, PKCS#1', rsa, pkcs1],
    ['RSA, PSS', rsa, pss],
    ['ECDSA, DER', ec, {}],
    ['ECDSA, plain', ec, { dsaEncoding: 'ieee-p1363' }],
  ])('signed by %s is a hint to ask again', async (_way, { publicKey, privateKey }, options) => {
    expect(await parse(publicKey, text, signed(text, privateKey, options))).toEqual([
      { eventId: 'evt-1', remoteId: 'sub-1', occurredAt: receivedAt, change: { kind: 'reread' } },
    ])
    const changed = text.replace('sub-1', 'sub-2')
    const late = parse(publicKey, changed, signed(text, privateKey, options))
    await expect(late).rejects.toMatchObject(invalid)
  })

  test.each([
    ['no key', null, signed(text)],
    ['a key of another type', ed25519.publicKey, signed(text)],
    ['another key', ec.publicKey, signed(text)],
    ['no signature', rsa.publicKey, ''],
    ['a signature that is none', rsa.publicKey, 'é'.repeat(100)],
  ])('with %s is refused', async (_what, key, signature) => {
    await expect(parse(key, text, signature)).rejects.toMatchObject(invalid)
  })

  test.each(['BURN', 'MINT', 'BALANCE-UPDATE', 'MONEY-TRANSFER'])(
    'of %s changes no registration',
    async (subscription) => {
      const body = JSON.stringify({ subscription, subaccountId: 'sub-1' })
      const [notice] = await parse(rsa.publicKey, body, signed(body))
      expect(notice).toMatchObject({ remoteId: null, change: { kind: 'ignored' } })
      const [again] = await parse(rsa.publicKey, body, signed(body))
      expect(again?.eventId).toBe(notice?.eventId)
      expect(notice?.eventId).toMatch(/^[0-9a-f]{64}$/)
    },
  )

  test.each(['', 'no json', '[]', '{}', '{"subscription":7}', '{"subscription":"KYC","id":7}'])(
    'signed as %j is malformed',
    async (body) => {
      await expect(parse(rsa.publicKey, body, signed(body))).rejects.toMatchObject({
        definition: { code: 'webhook_malformed' },
      })
    },
  )
})
