// Owns the guarantees of Avenia's bad days: every failure has its name, and no person is in it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AppError } from '../../core/errors.ts'
import type { ProviderConnection } from '../../core/provider.ts'
import type { BadDay } from '../testing/stand-in.ts'
import { type AveniaBench, lia, openAvenia } from './testing/avenia-samples.ts'
import { requestKeys } from './testing/avenia-stand-in.ts'

let bench: AveniaBench
beforeEach(async () => {
  bench = await openAvenia()
})
afterEach(() => bench.close())

const record = { remoteId: 'sub-9', role: 'customer' } as const
const file = {
  ...{ id: 'f', name: 'f.png', fileType: 'PASSPORT', contentType: 'image/png' as const },
  ...{ bytes: Buffer.from('x'), idempotencyKey: 'f' },
}
const pushed = { customer: lia, fields: ['shipping'] as const, idempotencyKey: 'push-1' }
const calls: [string, () => Promise<unknown>][] = [
  ['check', () => bench.avenia.check(bench.connection)],
  ['register', () => bench.register()],
  ['read', () => bench.avenia.read(bench.connection, record)],
  ['balance', () => bench.avenia.balance(bench.connection, record)],
  ['sendFile', () => bench.avenia.sendFile(bench.connection, record, file)],
  [
    'push',
    () => bench.avenia.push({ ...bench.connection, mayReplaceLegalAddress: true }, record, pushed),
  ],
]

const badDays: [BadDay, string][] = [
  ['hang', 'provider_timeout'],
  ['reset', 'provider_unavailable'],
  ['error_500', 'provider_unavailable'],
  ['html', 'provider_unavailable'],
  ['huge', 'provider_unavailable'],
  ['limited_429', 'provider_limited'],
]

describe.each(calls)('%s', (_name, call) => {
  test.each(badDays)('on a day of %s is %s', async (badDay, code) => {
    bench.standIn.badDay = badDay
    await expect(call()).rejects.toMatchObject({ definition: { code } })
  })

  test('with another key than ours says that the credentials are refused', async () => {
    bench.standIn.requestKey = requestKeys.ec.publicKey
    await expect(call()).rejects.toMatchObject({
      definition: { code: 'provider_credentials_refused' },
    })
  })
})

const named = (...names: string[]) => calls.filter(([name]) => names.includes(name))

test.each(named('check', 'register', 'read', 'balance', 'sendFile'))(
  '%s with an empty answer is provider_unavailable',
  async (_name, call) => {
    bench.standIn.badDay = 'empty'
    await expect(call()).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })
  },
)

test.each(named('read', 'balance', 'sendFile', 'push'))(
  '%s knows no stranger',
  async (_name, call) => {
    await expect(call()).rejects.toMatchObject({
      definition: { code: 'provider_rejected' },
      message: expect.stringContaining('it does not know this customer'),
    })
    expect(bench.standIn.violations).toEqual([])
  },
)

test('a limit says when to come back', async () => {
  bench.standIn.badDay = 'limited_429'
  await expect(bench.register()).rejects.toMatchObject({ retryAfterSeconds: 7 })
})

const rejection = async (status: number, body: unknown) => {
  bench.standIn.refuse = () => ({ status, body })
  const error: AppError = await bench.register().then(
    () => Promise.reject(new Error('it was taken')),
    (thrown) => thrown,
  )
  return `${error.definition.code}: ${error.message}`
}
const fix = 'Read its reason, then correct the customer or the connection.'

test.each([
  [
    400,
    { error: 'InvalidFieldError: country is invalid' },
    'InvalidFieldError: country is invalid',
  ],
  [409, { message: 'Lia Prado exists, as lia@example.test' }, '… exists, as …'],
  [422, { detail: 'Prado, born 1991-04-02, has no 000.000.001-91' }, '…, born …, has no …'],
  [400, 'plain words about +5513955501234', 'plain words about …'],
  [400, '<html>lia@example.test</html>', 'it gave no reason'],
  [400, { error: { fullName: 'Lia Prado' } }, 'it gave no reason'],
])('a refusal %i %j is told without the person', async (status, body, reason) => {
  expect(await rejection(status, body)).toBe(
    `provider_rejected: The provider refused the request: ${reason}. ${fix}`,
  )
})

describe('an answer', () => {
  const answers = (path: string, body: unknown) => {
    bench.standIn.refuse = (request) => (request.path === path ? { status: 200, body } : null)
  }

  test.each([[{}], [{ id: 7 }], [{ id: '' }], [{ id: '../x' }], [[]], [null]])(
    '%j to a creation is not used',
    async (body) => {
      answers('/v2/account/sub-accounts', body)
      await expect(bench.register()).rejects.toMatchObject({
        definition: { code: 'provider_unavailable' },
      })
    },
  )

  test.each([
    ['an identity status that is none', { identityStatus: 'SPLENDID' }],
    ['an attempt of no known status', { attempts: [{ id: 'a', status: 'SPLENDID' }] }],
    [
      'an attempt of no known result',
      { attempts: [{ ...{ id: 'a', status: 'COMPLETED' }, result: 'X' }] },
    ],
    ['an attempt whose id is a number', { attempts: [{ id: 7, status: 'PENDING' }] }],
    ['attempts that are none', { attempts: ['x'] }],
    ['a name that is a list', { fullName: ['Lia'] }],
  ])('with %s is not used', async (_what, shown) => {
    const { remoteId } = await bench.register()
    Object.assign(bench.standIn.accounts[0] ?? {}, shown)
    const read = bench.avenia.read(bench.connection, { remoteId, role: 'customer' })
    await expect(read).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })
  })
})

describe('a connection', () => {
  test.each([
    ['https://api.avenia.io:8443', 'live'],
    ['https://api.sandbox.avenia.io:10952', 'test'],
    ['https://avenia.example.test', null],
    ['no url', null],
    [null, null],
  ])('at %s is %s', (baseUrl, mode) => {
    expect(bench.avenia.modeOf({ credentials: {}, baseUrl })).toBe(mode)
  })

  test('is checked by a reading that changes nothing', async () => {
    await bench.avenia.check(bench.connection)
    expect(bench.standIn.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /v2/account/account-info',
    ])
    expect(bench.standIn.violations).toEqual([])
  })

  test('with a base path signs that path too', async () => {
    const connection = { ...bench.connection, baseUrl: `${bench.standIn.url}/gate` }
    await expect(bench.avenia.check(connection)).rejects.toMatchObject({
      definition: { code: 'provider_rejected' },
    })
    expect(bench.standIn.requests[0]?.url).toBe('/gate/v2/account/account-info')
  })

  test.each([
    ['private_key', 'x'],
    ['private_key', ''],
    ['webhook_public_key', 'x'],
  ])('whose %s is %j is refused before the network, without showing it', async (name, value) => {
    const credentials = { ...bench.connection.credentials, [name]: value }
    const connection: ProviderConnection = { ...bench.connection, credentials }
    await expect(bench.avenia.check(connection)).rejects.toMatchObject({
      definition: { code: 'provider_credentials_refused' },
      message: expect.stringMatching(new RegExp(`^${name} is not an RSA`)),
    })
    expect(bench.standIn.requests).toEqual([])
  })

  const address = ['document.number', 'country', 'address.city', 'address.state']
  test.each([
    ['individual', ['name', 'dateOfBirth', 'email', 'phone', ...address, 'address.postalCode']],
    ['business', ['name', ...address, 'address.postalCode']],
  ] as const)('needs of a %s: %j', (kind, fields) => {
    const required = bench.avenia.requiredFields('subaccount', kind)
    expect(required.map(({ field }) => field)).toEqual(fields)
  })
})
