// Owns the guarantees of Stripe's bad days: every failure has its name, and no person is in it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AppError } from '../../core/errors.ts'
import type { IdentityFile, RemoteRecord } from '../../core/provider.ts'
import { systemClock } from '../../lib/clock.ts'
import type { Egress, EgressRequest } from '../../lib/egress.ts'
import type { BadDay } from '../testing/stand-in.ts'
import { createStripe } from './stripe.ts'
import { lia, openRecord, openStripe, type StripeBench } from './testing/stripe-samples.ts'

let bench: StripeBench
let record: RemoteRecord
beforeEach(async () => {
  bench = await openStripe()
  record = await openRecord(bench, 'connected_account')
})
afterEach(() => bench.close())

const file: IdentityFile = {
  ...{ id: 'file_1', name: 'x.png', fileType: 'PASSPORT', contentType: 'image/png' },
  ...{ bytes: Buffer.from('89504e47', 'hex'), idempotencyKey: 'file-1' },
}
const register = () =>
  bench.stripe.register(bench.connection, {
    ...{ role: 'customer', customer: lia, providerData: {}, idempotencyKey: 'reg-2' },
    isRepeat: false,
  })
const push = () => {
  const asked = { customer: lia, fields: ['email'], idempotencyKey: 'push-1' } as const
  return bench.stripe.push(bench.connection, record, asked)
}
const calls: [string, () => Promise<unknown>][] = [
  ['check', () => bench.stripe.check(bench.connection)],
  ['register', register],
  ['read', () => bench.stripe.read(bench.connection, record)],
  ['balance', () => bench.stripe.balance(bench.connection, record)],
  ['push', push],
  ['sendFile', () => bench.stripe.sendFile(bench.connection, record, file)],
]
const failing = async (call: () => Promise<unknown>) => {
  const error: AppError = await call().then(
    () => Promise.reject(new Error('it was taken')),
    (thrown) => thrown,
  )
  return error
}
const codeOf = async (call: () => Promise<unknown>) => (await failing(call)).definition?.code

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
  test.each(badDays)('on a day of %s is %s, after one try', async (badDay, code) => {
    bench.standIn.badDay = badDay
    expect(await codeOf(call)).toBe(code)
    expect(bench.standIn.requests).toHaveLength(1)
  })

  test('with a wrong key says that the credentials are refused', async () => {
    bench.standIn.secretKey = 'sk_test_another'
    expect(await codeOf(call)).toBe('provider_credentials_refused')
  })

  // The library would break over the first ones where nobody can catch it.
  test.each(['7', '"text"', 'true', 'null', '[]', '{}', '{"error":7}', '{"error":{"message":7}}'])(
    'answered by %s is unavailable',
    async (body) => {
      for (const status of [200, 400]) {
        bench.standIn.rewrite = () => ({ status, body })
        expect(await codeOf(call)).toBe('provider_unavailable')
      }
    },
  )
})

const refused = (status: number, error: Record<string, unknown>) => {
  bench.standIn.rewrite = () => ({ status, body: { error }, headers: { 'retry-after': '9' } })
}

test.each([
  [400, { type: 'invalid_request_error', message: 'No' }, 'provider_rejected'],
  [402, { type: 'card_error', message: 'No' }, 'provider_rejected'],
  [403, { type: 'invalid_request_error', message: 'No' }, 'provider_credentials_refused'],
  [403, { type: 'invalid_request_error', code: 'account_invalid' }, 'provider_rejected'],
  [404, { type: 'invalid_request_error', code: 'resource_missing' }, 'provider_rejected'],
  [422, { type: 'invalid_request_error', message: 'No' }, 'provider_rejected'],
  [409, { type: 'idempotency_error', message: 'In use' }, 'provider_unavailable'],
  [400, { type: 'invalid_request_error', code: 'rate_limit' }, 'provider_limited'],
  [429, { type: 'invalid_request_error', code: 'lock_timeout' }, 'provider_limited'],
  [500, { type: 'api_error', message: 'Oh' }, 'provider_unavailable'],
  [503, { type: 'api_error', message: 'Oh' }, 'provider_unavailable'],
  [200, { type: 'invalid_request_error', message: 'No' }, 'provider_unavailable'],
  [400, { message: 'No' }, 'provider_unavailable'],
])('%i with %j is %s', async (status, error, code) => {
  refused(status, error)
  expect(await codeOf(push)).toBe(code)
})

test.each([429, 503])('a %i says when to come back', async (status) => {
  refused(status, { type: 'api_error' })
  expect((await failing(register)).retryAfterSeconds).toBe(9)
})

test('a redirect is never followed', async () => {
  const location = `${bench.standIn.url}/v1/elsewhere`
  const body = { id: 'cus_1', object: 'customer' }
  bench.standIn.rewrite = () => ({ status: 302, headers: { location }, body })
  expect(await codeOf(register)).toBe('provider_unavailable')
  expect(bench.standIn.requests).toHaveLength(1)
})

test.each([
  ['Invalid email address: lia@example.test', 'Invalid email address: …'],
  ['LIA PRADO of Rua das Gaivotas, Santos, is on a list', '… of …, …, is on a list'],
  ['No such phone +55 13 95550-1234, born 1991-04-02', 'No such phone …, born …'],
  ['Invalid API Key sk_test_stand_in', 'Invalid API Key …'],
  ['', 'it gave no reason'],
])('a refusal %j is told without the person and the key', async (message, reason) => {
  refused(400, { type: 'invalid_request_error', message })
  const fix = 'Read its reason, then correct the customer or the connection.'
  expect((await failing(register)).message).toBe(
    `The provider refused the request: ${reason}. ${fix}`,
  )
})

test.each([
  ['customer', 'cus_gone'],
  ['connected_account', 'acct_gone'],
] as const)('a %s that Stripe does not know is rejected as such', async (role, remoteId) => {
  const error = await failing(() => bench.stripe.read(bench.connection, { remoteId, role }))
  expect(error.definition.code).toBe('provider_rejected')
  expect(error.message).toContain('it does not know this customer')
})

test('a remote id that is none never becomes a path', async () => {
  const odd = { remoteId: '../balance', role: 'customer' } as const
  expect(await codeOf(() => bench.stripe.read(bench.connection, odd))).toBe('provider_rejected')
  expect(bench.standIn.requests).toEqual([])
})

test.each([
  ['an id that is a number', { id: 7 }],
  ['an id that is a path', { id: '../x' }],
  ['another object', { object: 'customer' }],
  ['payouts that are text', { payouts_enabled: 'yes' }],
  ['requirements that are text', { requirements: 'none' }],
  ['open points that are a number', { requirements: { currently_due: 7 } }],
])('an account with %s is not used', async (_what, shown) => {
  const [account] = bench.standIn.accounts
  if (account) account.shown = shown
  const call = () => bench.stripe.read(bench.connection, record)
  expect(await codeOf(call)).toBe('provider_unavailable')
})

describe('a connection', () => {
  test.each([
    ['sk_test_1', 'test'],
    ['rk_test_1', 'test'],
    ['sk_live_1', 'live'],
    ['rk_live_1', 'live'],
    ['pk_live_1', null],
    ['x_sk_live_1', null],
    ['', null],
  ])('with the key %j is %s, at any base URL', (secret_key, mode) => {
    for (const baseUrl of [null, 'https://stripe.example.test']) {
      expect(bench.stripe.modeOf({ credentials: { secret_key }, baseUrl })).toBe(mode)
    }
  })

  test('is checked by a reading that changes nothing', async () => {
    await bench.stripe.check(bench.connection)
    const [request, ...others] = bench.standIn.requests
    expect(others).toEqual([])
    expect([request?.method, request?.url]).toEqual(['GET', '/v1/balance'])
    expect(request?.headers['stripe-account']).toBeUndefined()
    expect(bench.standIn.violations).toEqual([])
  })

  test.each([
    [null, 'https://api.stripe.com', 'https://files.stripe.com'],
    ['https://stripe.example.test', 'https://stripe.example.test', 'https://stripe.example.test'],
    ['http://10.0.0.7:12111', 'http://10.0.0.7:12111', 'http://10.0.0.7:12111'],
  ])('with the base URL %s calls %s, and %s for files', async (baseUrl, api, files) => {
    const account = { id: 'acct_1', object: 'account', business_type: 'individual' }
    const sent: EgressRequest[] = []
    const egress: Egress = {
      checkUrl: () => {},
      close: async () => {},
      send: async (request) => {
        sent.push(request)
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(account)) }
      },
    }
    const stripe = createStripe({ egress, clock: systemClock })
    await stripe.sendFile({ ...bench.connection, baseUrl }, record, file)
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${api}/v1/accounts/acct_0001`,
      `POST ${files}/v1/files`,
      `POST ${api}/v1/accounts/acct_1`,
    ])
  })

  test.each([
    ['customer', ['email']],
    ['connected_account', ['email', 'country']],
  ] as const)('needs of a %s: %j', (role, fields) => {
    const required = bench.stripe.requiredFields(role, 'individual')
    expect(required.map(({ field }) => field)).toEqual(fields)
  })
})
