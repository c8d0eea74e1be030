// Owns the guarantees of Pagar.me's bad days: every failure has its name, and no person is in it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AppError } from '../../core/errors.ts'
import type { BadDay } from '../testing/stand-in.ts'
import { lia, openPagarMe, type PagarMeBench, personData } from './testing/pagar-me-samples.ts'

let bench: PagarMeBench
beforeEach(async () => {
  bench = await openPagarMe()
})
afterEach(() => bench.close())

const recipient = { remoteId: 're_0001', role: 'connected_account' } as const
const register = (role: 'customer' | 'connected_account' = 'customer') =>
  bench.pagarMe.register(bench.connection, {
    role,
    customer: lia,
    providerData: role === 'customer' ? {} : personData,
    idempotencyKey: 'reg-1',
    isRepeat: false,
  })
const calls: [string, () => Promise<unknown>][] = [
  ['check', () => bench.pagarMe.check(bench.connection)],
  ['register', () => register()],
  ['register of a recipient', () => register('connected_account')],
  ['read', () => bench.pagarMe.read(bench.connection, recipient)],
  ['balance', () => bench.pagarMe.balance(bench.connection, recipient)],
  [
    'push',
    () =>
      bench.pagarMe.push(bench.connection, recipient, {
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
    bench.standIn.secretKey = 'sk_test_another'
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
  '%s of an unknown recipient is rejected as such',
  async (name) => {
    await expect(bench.pagarMe[name](bench.connection, recipient)).rejects.toMatchObject({
      definition: { code: 'provider_rejected' },
      message: expect.stringContaining('it does not know this customer'),
    })
  },
)

test('a remote id that is none never becomes a path', async () => {
  const odd = { remoteId: '../recipients/default', role: 'customer' } as const
  await expect(bench.pagarMe.read(bench.connection, odd)).rejects.toMatchObject({
    definition: { code: 'provider_rejected' },
  })
  expect(bench.standIn.requests).toEqual([])
})

const fix = 'Read its reason, then correct the customer or the connection.'
const echo = { name: 'Lia Prado', email: 'lia@example.test', document: '00000000191' }

test.each<[number, unknown, string]>([
  [
    422,
    {
      message: 'The request is invalid.',
      errors: { 'customer.name': ['Too long', 'Odd'] },
      request: echo,
    },
    'The request is invalid.; customer.name Too long, Odd',
  ],
  [
    400,
    { message: 'CPF 000.000.001-91 of LIA PRADO is taken', request: echo },
    'CPF … of … is taken',
  ],
  [412, { message: 'Rua das Gaivotas is no street', errors: null }, '… is no street'],
  [409, { message: { text: 'lia@example.test' }, errors: 'x' }, 'it gave no reason'],
  [400, 'plain words about lia@example.test', 'it gave no reason'],
])('a refusal %i %j is told without the person', async (status, body, reason) => {
  bench.standIn.refuse = () => ({ status, body })
  const error: AppError = await register().then(
    () => Promise.reject(new Error('it was taken')),
    (thrown) => thrown,
  )
  expect(`${error.definition.code}: ${error.message}`).toBe(
    `provider_rejected: The provider refused the request: ${reason}. ${fix}`,
  )
})

test('a refusal never repeats what the caller gave for the recipient', async () => {
  bench.standIn.refuse = () => ({ status: 422, body: { message: 'Pintora is no occupation' } })
  await expect(register('connected_account')).rejects.toMatchObject({
    message: `The provider refused the request: … is no occupation. ${fix}`,
  })
})

test.each<[string, Record<string, unknown>]>([
  ['an id that is a number', { id: 7 }],
  ['an id that is a path', { id: '../x' }],
  ['a code that is a number', { code: 7 }],
  ['phones that are text', { phones: 'none' }],
  ['an address that is a list', { address: [1] }],
])('an answer with %s is not used', async (_what, shown) => {
  const { remoteId } = await register()
  const [customer] = bench.standIn.customers
  if (customer) customer.shown = shown
  const read = bench.pagarMe.read(bench.connection, { remoteId, role: 'customer' })
  await expect(read).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })
})

describe('a connection', () => {
  test.each([
    ['sk_test_1', 'test'],
    ['sk_1', 'live'],
    ['pk_1', null],
    ['', null],
  ])('with %s is %s', (secret_key, mode) => {
    expect(bench.pagarMe.modeOf({ credentials: { secret_key }, baseUrl: null })).toBe(mode)
  })

  test('is checked by a reading that changes nothing', async () => {
    await bench.pagarMe.check(bench.connection)
    const asked = bench.standIn.requests.map(({ method, url }) => `${method} ${url}`)
    expect(asked).toEqual(['GET /core/v5/customers?page=1&size=1'])
    expect(bench.standIn.violations).toEqual([])
  })

  test('names its secrets, and which of them it cannot do without', () => {
    const { credentials } = bench.pagarMe
    expect(credentials.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['secret_key', true],
      ['webhook_user', false],
      ['webhook_password', false],
    ])
  })

  test.each([
    ['customer', 'individual', []],
    ['customer', 'business', []],
    [
      'connected_account',
      'individual',
      ['providerData.monthly_income', 'providerData.professional_occupation'],
    ],
    [
      'connected_account',
      'business',
      [
        'providerData.annual_revenue',
        'providerData.trading_name',
        'providerData.managing_partners',
      ],
    ],
  ] as const)('needs of a %s that is %s beyond the rest: %j', (role, kind, own) => {
    const fields = bench.pagarMe.requiredFields(role, kind).map(({ field }) => field)
    expect(fields.slice(0, 2)).toEqual(['name', 'email'])
    expect(fields.filter((field) => field.startsWith('providerData.'))).toEqual(
      role === 'customer'
        ? []
        : ['providerData.default_bank_account', 'providerData.reference_point', ...own],
    )
  })
})
