// Owns the proof that a request is what the caller meant, and that no call throws or leaks.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { ApiError, ArgumentError, type ClientOptions, createPayoutsClient } from './index.ts'
import { type Reaction, startStandIn } from './testing/stand-in.ts'

const apiKey = 'sk_test_secret0123456789'
const good: Reaction = { status: 200, body: { id: 'po_1' } }
const retryOptions = { wait: async () => {} }

/** What a caller without a compiler may pass. */
const untyped = (value: unknown) => value as never

test('a read carries the credential and no idempotency key, even if given one', async () => {
  const standIn = await startStandIn(good)
  const client = createPayoutsClient({ apiKey, baseUrl: standIn.url })
  await client.payouts.retrieve('po_1', { idempotencyKey: 'mine' })
  const { method, path, body, headers } = standIn.received[0] ?? {}
  expect({ method, path, body }).toEqual({ method: 'GET', path: '/payouts/po_1', body: '' })
  expect(headers).toMatchObject({ authorization: `Bearer ${apiKey}`, accept: 'application/json' })
  expect(headers).not.toHaveProperty('idempotency-key')
  expect(headers).not.toHaveProperty('content-type')
})

test("every write carries the caller's key, or one of its own", async () => {
  const standIn = await startStandIn(good)
  const client = createPayoutsClient({ apiKey, baseUrl: standIn.url })
  await client.customers.setDefaultBankAccount('c', { bankAccountId: 'b' }, { idempotencyKey: 'k' })
  await client.payouts.cancel('po_1')
  await client.payouts.cancel('po_1')
  const sent = standIn.received.map(({ method, path, body }) => `${method} ${path} ${body}`)
  expect(sent).toEqual([
    'PUT /customers/c/default-bank-account {"bankAccountId":"b"}',
    'POST /payouts/po_1/cancel ',
    'POST /payouts/po_1/cancel ',
  ])
  const keys = standIn.received.map((it) => it.headers['idempotency-key'])
  expect(keys[0]).toBe('k')
  expect(new Set(keys).size).toBe(3)
})

test('ids are percent-encoded, and query values too', async () => {
  const standIn = await startStandIn({ status: 200, body: [] })
  const client = createPayoutsClient({ apiKey, baseUrl: standIn.url })
  await client.customers.listPayouts('a/b?c#d%2e e', { limit: 2, startingAfter: 'x&y=z' })
  expect(standIn.received[0]?.path).toBe(
    '/customers/a%2Fb%3Fc%23d%252e%20e/payouts?limit=2&startingAfter=x%26y%3Dz',
  )
})

test.each(['', '/', '//'])('a base URL may end with %j', async (end) => {
  const standIn = await startStandIn({ status: 200, body: [] })
  const client = createPayoutsClient({ apiKey, baseUrl: `${standIn.url}/payouts${end}` })
  await client.payouts.list({ status: 'failed' })
  expect(standIn.received[0]?.path).toBe('/payouts/payouts?status=failed')
})

const goodOptions = { apiKey, baseUrl: 'http://127.0.0.1:9/payouts' }
const badOptions: [string, unknown][] = [
  ['options', undefined],
  ['options', null],
  ['apiKey', { ...goodOptions, apiKey: '' }],
  ['apiKey', { ...goodOptions, apiKey: undefined }],
  ['apiKey', { ...goodOptions, apiKey: `${apiKey}\n` }],
  ['apiKey', { ...goodOptions, apiKey: `${apiKey}ñ` }],
  ['baseUrl', { ...goodOptions, baseUrl: undefined }],
  ['baseUrl', { ...goodOptions, baseUrl: '/payouts' }],
  ['baseUrl', { ...goodOptions, baseUrl: 'ftp://127.0.0.1/payouts' }],
  ['baseUrl', { ...goodOptions, baseUrl: `http://user:${apiKey}@127.0.0.1/payouts` }],
  ['baseUrl', { ...goodOptions, baseUrl: `http://127.0.0.1/payouts?key=${apiKey}` }],
  ['timeoutMs', { ...goodOptions, timeoutMs: 0 }],
  ['timeoutMs', { ...goodOptions, timeoutMs: Number.NaN }],
  ['timeoutMs', { ...goodOptions, timeoutMs: Number.POSITIVE_INFINITY }],
  ['fetch', { ...goodOptions, fetch: 'fetch' }],
  ['retryOptions.attemptsMax', { ...goodOptions, retryOptions: { attemptsMax: 0 } }],
  ['retryOptions.attemptsMax', { ...goodOptions, retryOptions: { attemptsMax: 11 } }],
  ['retryOptions.firstDelayMs', { ...goodOptions, retryOptions: { firstDelayMs: -1 } }],
  ['retryOptions.wait', { ...goodOptions, retryOptions: { wait: 5 } }],
]

test.each(badOptions)(
  'a client with bad %s resolves to an ArgumentError (%#)',
  async (param, bad) => {
    const client = createPayoutsClient(untyped(bad))
    const result = await client.payouts.retrieve('po_1')
    if (result.ok || !(result.error instanceof ArgumentError)) throw new Error('not refused')
    expect(result.error.param).toBe(param)
    expect(result.error.message).toMatch(new RegExp(`^${param} \\S.*\\.$`))
    expect(inspect(result.error)).not.toContain(apiKey)
  },
)

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

type Use = (client: ReturnType<typeof createPayoutsClient>) => PromiseLike<unknown>
const badCalls: [string, Use][] = [
  ['customerId', (client) => client.customers.retrieve('')],
  ['customerId', (client) => client.customers.retrieve('..')],
  ['customerId', (client) => client.customers.retrieve('.')],
  ['customerId', (client) => client.customers.retrieve('\ud800')],
  ['customerId', (client) => client.customers.retrieve(untyped(undefined))],
  ['customerId', (client) => client.bankAccounts.list(untyped(7))],
  ['id', (client) => client.payouts.cancel(untyped(null))],
  ['body', (client) => client.payouts.create(untyped(undefined))],
  ['body', (client) => client.payouts.create(untyped({ amount: 1n }))],
  ['body', (client) => client.payouts.create(untyped(cyclic))],
  ['options.idempotencyKey', (client) => client.payouts.cancel('p', { idempotencyKey: '' })],
  ['options.idempotencyKey', (client) => client.payouts.cancel('p', { idempotencyKey: ' ' })],
  ['options.idempotencyKey', (client) => client.payouts.cancel('p', { idempotencyKey: 'a\nb' })],
  [
    'options.idempotencyKey',
    (client) => client.payouts.cancel('p', { idempotencyKey: 'k'.repeat(256) }),
  ],
  ['options.signal', (client) => client.payouts.cancel('p', { signal: untyped({}) })],
  ['options.signal', (client) => client.payouts.list({}, { signal: untyped(null) })],
  ['options.timeoutMs', (client) => client.payouts.list({}, { timeoutMs: -1 })],
]

test.each(badCalls)(
  'a bad %s resolves to an ArgumentError, and nothing is sent (%#)',
  async (param, use) => {
    const standIn = await startStandIn(good)
    const result = await use(createPayoutsClient({ apiKey, baseUrl: standIn.url }))
    expect(result).toMatchObject({ ok: false, error: { name: 'ArgumentError', param } })
    expect(standIn.received).toHaveLength(0)
  },
)

test('a query or options of null count as left out', async () => {
  const standIn = await startStandIn({ status: 200, body: [] })
  const client = createPayoutsClient({ apiKey, baseUrl: standIn.url })
  const result = await client.payouts.list(untyped(null), untyped(null))
  expect(result).toEqual({ ok: true, value: [] })
  expect(standIn.received[0]?.path).toBe('/payouts')
})

test('an ApiError shows what the server said', async () => {
  const error = { code: 'validation_failed', message: 'name: is empty.', param: 'name' }
  const headers = { 'request-id': 'req_1', 'x-other': 'yes' }
  const standIn = await startStandIn({ status: 422, body: { error }, headers })
  const client = createPayoutsClient({ apiKey, baseUrl: standIn.url })
  const result = await client.customers.create({ type: 'individual', name: '', country: 'AR' })
  if (result.ok || !(result.error instanceof ApiError)) throw new Error('not refused')
  const { status, code, param, requestId, message, body } = result.error
  expect({ status, code, param, requestId, message }).toEqual({
    status: 422,
    code: 'validation_failed',
    param: 'name',
    requestId: 'req_1',
    message: 'name: is empty.',
  })
  expect(body).toEqual({ error })
  expect(result.error.headers.get('x-other')).toBe('yes')
})

const unexplained = ['{}', '[]', 'null', '{"error":null}', '{"error":{"code":5,"message":{}}}', '']

test.each(unexplained)('a refusal with the body %j is an ApiError all the same', async (body) => {
  const standIn = await startStandIn({ status: 400, body })
  const client = createPayoutsClient({ apiKey, baseUrl: standIn.url })
  const result = await client.payouts.retrieve('po_1')
  if (result.ok || !(result.error instanceof ApiError)) throw new Error('not refused')
  expect(result.error.message).toBe('The server answered 400 without an explanation.')
  expect(result.error).toMatchObject({ code: undefined, param: undefined, requestId: undefined })
})

const echoes: Reaction[] = [
  { status: 401, body: { error: { message: `Unknown key ${apiKey}.`, code: apiKey } } },
  { status: 502, body: `<pre>authorization: Bearer ${apiKey}</pre>` },
  'reset',
]

test.each(echoes)('no error shows the API key, even where the answer does (%#)', async (echo) => {
  const standIn = await startStandIn(echo)
  const client = createPayoutsClient({ apiKey, baseUrl: standIn.url, retryOptions })
  const result = await client.payouts.retrieve('po_1')
  expect(result.ok).toBe(false)
  expect(inspect(result, { depth: 20 })).not.toContain(apiKey)
  expect(inspect(client, { depth: 20, showHidden: true })).not.toContain(apiKey)
})

test('a redirect is not followed: a POST would arrive as a GET', async () => {
  const target = await startStandIn(good)
  const standIn = await startStandIn({ status: 302, headers: { location: target.url } })
  const client = createPayoutsClient({ apiKey, baseUrl: standIn.url })
  const result = await client.payouts.cancel('po_1')
  expect(result).toMatchObject({ ok: false, error: { name: 'ApiError', status: 302 } })
  expect(target.received).toHaveLength(0)
})

test('the given fetch sends the requests, called as a plain function', async () => {
  const calls: unknown[] = []
  const fetch: NonNullable<ClientOptions['fetch']> = function (this: unknown, url) {
    calls.push([this, url])
    return Promise.resolve(Response.json({ id: 'po_1' }))
  }
  const client = createPayoutsClient({ apiKey, baseUrl: 'https://example.test/payouts', fetch })
  const { retrieve } = client.payouts
  expect(await retrieve('po_1')).toEqual({ ok: true, value: { id: 'po_1' } })
  expect(calls).toEqual([[undefined, 'https://example.test/payouts/payouts/po_1']])
})

test('a fetch that throws at once is a NetworkError with its cause', async () => {
  const broken = new Error('no network here')
  const fetch = () => {
    throw broken
  }
  const baseUrl = 'https://example.test'
  const client = createPayoutsClient({ apiKey, baseUrl, fetch, retryOptions })
  const result = await client.payouts.retrieve('po_1')
  if (result.ok) throw new Error('not refused')
  expect(result.error).toMatchObject({ name: 'NetworkError', cause: broken })
  expect(result.error.message).toBe('No answer from example.test.')
})
