// Owns the guarantees of Bridge's bad days: every failure has its name, and no person is in it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AppError } from '../../core/errors.ts'
import type { ProviderConnection } from '../../core/provider.ts'
import type { BadDay } from '../testing/stand-in.ts'
import { type BridgeBench, lia, openBridge } from './testing/bridge-samples.ts'

let bench: BridgeBench
beforeEach(async () => {
  bench = await openBridge()
})
afterEach(() => bench.close())

const record = { remoteId: 'cus_1', role: 'customer' } as const
const register = () =>
  bench.bridge.register(bench.connection, {
    role: 'customer',
    customer: lia,
    providerData: {},
    idempotencyKey: 'reg-1',
    isRepeat: false,
  })
const calls: [string, () => Promise<unknown>][] = [
  ['check', () => bench.bridge.check(bench.connection)],
  ['register', register],
  ['read', () => bench.bridge.read(bench.connection, record)],
  ['balance', () => bench.bridge.balance(bench.connection, record)],
  [
    'push',
    () =>
      bench.bridge.push(bench.connection, record, {
        customer: lia,
        fields: ['email'],
        idempotencyKey: 'push-1',
      }),
  ],
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

  test('with a wrong key says that the credentials are refused', async () => {
    bench.standIn.apiKey = 'sk-test-another'
    await expect(call()).rejects.toMatchObject({
      definition: { code: 'provider_credentials_refused' },
    })
  })
})

test('a limit says when to come back', async () => {
  bench.standIn.badDay = 'limited_429'
  await expect(register()).rejects.toMatchObject({ retryAfterSeconds: 7 })
})

test.each(['read', 'balance'] as const)(
  '%s of an unknown customer is rejected as such',
  async (name) => {
    await expect(bench.bridge[name](bench.connection, record)).rejects.toMatchObject({
      definition: { code: 'provider_rejected' },
      message: expect.stringContaining('it does not know this customer'),
    })
  },
)

test('a remote id that is none never becomes a path', async () => {
  const odd = { remoteId: '../wallets/total_balances', role: 'customer' } as const
  await expect(bench.bridge.read(bench.connection, odd)).rejects.toMatchObject({
    definition: { code: 'provider_rejected' },
  })
  expect(bench.standIn.requests).toEqual([])
})

const rejection = async (status: number, body: unknown) => {
  bench.standIn.refuse = () => ({ status, body })
  const error: AppError = await register().then(
    () => Promise.reject(new Error('it was taken')),
    (thrown) => thrown,
  )
  return `${error.definition.code}: ${error.message}`
}
const fix = 'Read its reason, then correct the customer or the connection.'

test.each([
  [400, { code: 'x', message: 'Lia Prado exists', name: 'duplicate' }, '… exists'],
  [
    400,
    { code: 'x', message: 'Wrong', source: { location: 'body', key: 'birth_date' } },
    'Wrong; birth_date',
  ],
  [
    422,
    { message: 'Wrong', source: { location: 'body', key: { cpf: '00000000191 is nobody' } } },
    'Wrong; cpf … is nobody',
  ],
  [
    422,
    {
      errors: [
        { code: 'a', message: 'No +5513955501234' },
        { code: 'b', message: 'No Santos' },
      ],
    },
    'No …; No …',
  ],
  [409, { code: 'x', message: ['lia@example.test'] }, 'it gave no reason'],
  [400, 'plain words about lia@example.test', 'it gave no reason'],
])('a refusal %i %j is told without the person', async (status, body, reason) => {
  expect(await rejection(status, body)).toBe(
    `provider_rejected: The provider refused the request: ${reason}. ${fix}`,
  )
})

test.each([
  ['an id that is a number', { id: 7 }],
  ['an id that is a path', { id: '../x' }],
  ['no status', { status: undefined }],
  ['a status that is an object', { status: {} }],
  ['reasons that are text', { rejection_reasons: 'none' }],
  ['a name that is a list', { first_name: ['Lia'] }],
])('an answer with %s is not used', async (_what, shown) => {
  const { remoteId } = await register()
  const [customer] = bench.standIn.customers
  if (customer) customer.shown = shown
  const read = bench.bridge.read(bench.connection, { remoteId, role: 'customer' })
  await expect(read).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })
})

describe('a connection', () => {
  const modeOf = (api_key: string, baseUrl: string | null) =>
    bench.bridge.modeOf({ credentials: { api_key }, baseUrl })

  test.each([
    ['sk-live-1', null, 'live'],
    ['sk-test-1', null, 'test'],
    ['other', 'https://api.bridge.xyz/v0', 'live'],
    ['other', 'https://api.sandbox.bridge.xyz/v0', 'test'],
    ['other', 'https://bridge.example.test/v0', null],
    ['other', null, null],
  ])('with %s at %s is %s', (key, baseUrl, mode) => {
    expect(modeOf(key, baseUrl)).toBe(mode)
  })

  test('is checked by a reading that changes nothing', async () => {
    await bench.bridge.check(bench.connection)
    const [request, ...others] = bench.standIn.requests
    expect(others).toEqual([])
    expect([request?.method, request?.url]).toEqual(['GET', '/v0/customers?limit=1'])
    expect(bench.standIn.violations).toEqual([])
  })

  test('with a webhook key that is none is refused before the network', async () => {
    const credentials = { ...bench.connection.credentials, webhook_public_key: 'x' }
    const connection: ProviderConnection = { ...bench.connection, credentials }
    await expect(bench.bridge.check(connection)).rejects.toMatchObject({
      definition: { code: 'provider_credentials_refused' },
    })
    expect(bench.standIn.requests).toEqual([])
  })

  test.each([
    ['individual', ['email', 'givenName', 'familyName']],
    ['business', ['email', 'name']],
  ] as const)('needs of a %s: %j', (kind, fields) => {
    const required = bench.bridge.requiredFields('customer', kind)
    expect(required.map(({ field }) => field)).toEqual(fields)
  })
})
