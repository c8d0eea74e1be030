// Owns the proof of where the orchestration client calls, and of what it takes for an answer.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import {
  AbortError,
  ApiError,
  ArgumentError,
  createCustomerService,
  createOakClient,
  NetworkError,
  OakError,
  ParseError,
} from './index.ts'
import { answered, clientId, clientSecret, granted, oakClientOf } from './testing/oak.ts'
import { startStandIn } from './testing/stand-in.ts'

const customer = { id: 'cus_1' }

/** What a caller without a compiler may pass. */
const untyped = (value: unknown) => value as never

/** The addresses that a client with these options calls. */
async function addressesOf(more: object): Promise<string[]> {
  const urls: string[] = []
  const fetch: typeof globalThis.fetch = async (input) => {
    urls.push(String(input))
    return Response.json({
      ...{ access_token: 't', token_type: 'bearer', expires_in: 60 },
      ...{ msg: 'Done', data: customer },
    })
  }
  const client = createOakClient(untyped({ clientId, clientSecret, fetch, ...more }))
  expect(await createCustomerService(client).get('cus_1')).toMatchObject({ ok: true })
  return urls
}

test.each([
  [{ environment: 'sandbox' }, 'http://127.0.0.1:4000/orchestration'],
  [
    { environment: 'sandbox', customUrl: 'https://a.test/orchestration' },
    'https://a.test/orchestration',
  ],
  [{ environment: 'production', customUrl: 'https://a.test/o/' }, 'https://a.test/o'],
])('with %j everything goes to %s', async (options, url) => {
  expect(await addressesOf(options)).toEqual([
    `${url}/api/v1/merchant/token/grant`,
    `${url}/api/v1/customers/cus_1`,
  ])
})

const goodOptions = { environment: 'sandbox', clientId, clientSecret }
const badOptions: [string, unknown][] = [
  ['options', undefined],
  ['options', null],
  ['environment', { ...goodOptions, environment: undefined }],
  ['environment', { ...goodOptions, environment: 'staging', customUrl: 'https://a.test' }],
  ['customUrl', { ...goodOptions, environment: 'production' }],
  ['customUrl', { ...goodOptions, customUrl: '' }],
  ['customUrl', { ...goodOptions, customUrl: null }],
  ['customUrl', { ...goodOptions, customUrl: `https://u:${clientSecret}@a.test` }],
  ['clientId', { ...goodOptions, clientId: undefined }],
  ['clientSecret', { ...goodOptions, clientSecret: '' }],
  ['clientSecret', { ...goodOptions, clientSecret: `${clientSecret}\n` }],
  ['now', { ...goodOptions, now: 5 }],
  ['fetch', { ...goodOptions, fetch: {} }],
  ['timeoutMs', { ...goodOptions, timeoutMs: 0 }],
  ['retryOptions.attemptsMax', { ...goodOptions, retryOptions: { attemptsMax: 0 } }],
]

test.each(badOptions)(
  'a client with bad %s resolves to an ArgumentError (%#)',
  async (param, bad) => {
    const result = await createCustomerService(createOakClient(untyped(bad))).list()
    if (result.ok || !(result.error instanceof ArgumentError)) throw new Error('not refused')
    expect(result.error.param).toBe(param)
    expect(inspect(result.error)).not.toContain(clientSecret)
  },
)

test('production without an address says what to pass', async () => {
  const client = createOakClient({ environment: 'production', clientId, clientSecret })
  const result = await createCustomerService(client).list()
  if (result.ok) throw new Error('not refused')
  expect(result.error.message).toBe(
    "customUrl is missing: in production pass your server's, such as " +
      'https://clientele.example/orchestration.',
  )
})

test('an ApiError has the sentence and the first field of the envelope', async () => {
  const body = {
    msg: 'email: is not an e-mail address.',
    data: null,
    errors: [{ field: 'email', message: 'is not an e-mail address' }],
  }
  const headers = { 'request-id': 'req_1' }
  const standIn = await startStandIn(granted(), { status: 400, body, headers })
  const result = await createCustomerService(oakClientOf(standIn).client).create({ email: 'x' })
  if (result.ok || !(result.error instanceof ApiError)) throw new Error('not refused')
  const { status, message, param, requestId, code } = result.error
  expect({ status, message, param, requestId, code }).toEqual({
    status: 400,
    message: 'email: is not an e-mail address.',
    param: 'email',
    requestId: 'req_1',
    code: undefined,
  })
  expect(result.error.body).toEqual(body)
})

test.each([{}, { errors: 'none' }, { errors: [null] }, { msg: 5, errors: [{ field: {} }] }])(
  'a refusal with the body %j is an ApiError all the same',
  async (body) => {
    const standIn = await startStandIn(granted(), { status: 404, body })
    const result = await createCustomerService(oakClientOf(standIn).client).get('cus_1')
    if (result.ok) throw new Error('not refused')
    expect(result.error).toMatchObject({ name: 'ApiError', status: 404, param: undefined })
    expect(result.error.message).toBe('The server answered 404 without an explanation.')
  },
)

const noEnvelopes: unknown[] = [
  customer,
  { data: customer },
  { msg: 'Done' },
  { msg: 'Done', data: null },
  { msg: 'Done', data: 'cus_1' },
  { msg: 'Done', data: [[customer]] },
  { msg: null, data: customer },
  '<html>login</html>',
]

test.each(noEnvelopes)('a customer answered as %j is a ParseError', async (body) => {
  const standIn = await startStandIn(granted(), { status: 200, body })
  const result = await createCustomerService(oakClientOf(standIn).client).get('cus_1')
  expect(result).toMatchObject({ ok: false, error: { name: 'ParseError', status: 200 } })
})

test.each([[customer], [null], [[['cus_1']]]])(
  'files answered as %j are a ParseError',
  async (data) => {
    const standIn = await startStandIn(granted(), answered(data))
    const result = await createCustomerService(oakClientOf(standIn).client).getFiles('cus_1')
    expect(result).toMatchObject({ ok: false, error: { name: 'ParseError', status: 200 } })
  },
)

test('every error is an OakError', () => {
  const headers = new Headers()
  const errors = [
    new ApiError(500, null, headers),
    new NetworkError('no answer'),
    new AbortError(),
    new ParseError(200, '', headers),
    new ArgumentError('id', 'is not an id'),
  ]
  expect(errors.map((error) => error instanceof OakError)).toEqual(Array(5).fill(true))
  expect(new TypeError() instanceof OakError).toBe(false)
})
