// Owns the guarantees of Mercado Pago's bad days, its refusals, and what its connections tell.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AppError } from '../../core/errors.ts'
import type { BadDay } from '../testing/stand-in.ts'
import { type MercadoPagoBench, openMercadoPago } from './testing/mercado-pago-samples.ts'
import { refusal } from './testing/mercado-pago-stand-in.ts'

let bench: MercadoPagoBench
beforeEach(async () => {
  bench = await openMercadoPago()
})
afterEach(() => bench.close())

const record = { remoteId: '77', role: 'connected_account' } as const
const calls: [string, () => Promise<unknown>][] = [
  ['check', () => bench.mercadoPago.check(bench.connection)],
  ['register', () => bench.register()],
  ['balance', () => bench.mercadoPago.balance(bench.connection, record)],
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
})

test('a limit says when to come back', async () => {
  bench.standIn.badDay = 'limited_429'
  await expect(bench.register()).rejects.toMatchObject({ retryAfterSeconds: 7 })
})

test.each([
  [
    'causes',
    refusal(400, 'invalid', [['106', 'Lia Prado has a bad e-mail lia@example.test']]),
    '… has a bad e-mail …',
  ],
  [
    'several causes',
    refusal(422, 'x', [
      ['107', 'name Lia'],
      ['110', 'no 955501234'],
    ]),
    'name …; no …',
  ],
  ['a message alone', refusal(409, 'Rua das Gaivotas is closed', []), '… is closed'],
  ['causes without words', { status: 400, body: { message: 'bad', cause: [{ code: 1 }] } }, 'bad'],
  ['a cause that is null', { status: 400, body: { message: 'bad', cause: null } }, 'bad'],
  ['nothing', { status: 400, body: {} }, 'it gave no reason'],
  ['text', { status: 400, body: 'Lia Prado' }, 'it gave no reason'],
  ['no such path', { status: 404, body: {} }, 'it does not know this customer'],
])('a refusal with %s is told without the person', async (_what, reply, reason) => {
  bench.standIn.refuse = () => reply
  const error: AppError = await bench.register().then(
    () => Promise.reject(new Error('it was taken')),
    (thrown) => thrown,
  )
  expect(`${error.definition.code}: ${error.message}`).toBe(
    `provider_rejected: The provider refused the request: ${reason}. ` +
      'Read its reason, then correct the customer or the connection.',
  )
})

test.each([
  ['a number for an id', { id: 7 }],
  ['an id that is a path', { id: '../users' }],
  ['no id', { id: undefined }],
  ['a name that is an object', { id: '1-a', first_name: {} }],
])('an answer with %s is not used', async (_what, over) => {
  bench.standIn.rewrite = (reply) => ({ ...reply, body: { ...Object(reply.body), ...over } })
  await expect(bench.register()).rejects.toMatchObject({
    definition: { code: 'provider_unavailable' },
  })
})

describe('a connection', () => {
  test.each([
    ['TEST-1000-112026-platform-77', 'test'],
    ['APP_USR-1000-112026-platform-77', null],
    ['', null],
  ])('with the token %s is %s', (access_token, mode) => {
    const connection = { credentials: { access_token }, baseUrl: null }
    expect(bench.mercadoPago.modeOf(connection)).toBe(mode)
  })

  test('is checked by asking whose token it is', async () => {
    await bench.mercadoPago.check(bench.connection)
    expect(bench.standIn.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /users/me',
    ])
    expect(bench.standIn.violations).toEqual([])
  })

  test.each(calls.slice(0, 2))('whose token is refused says so: %s', async (_name, call) => {
    bench.standIn.users.clear()
    await expect(call()).rejects.toMatchObject({
      definition: { code: 'provider_credentials_refused' },
    })
  })
})
