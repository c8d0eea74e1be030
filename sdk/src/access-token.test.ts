// Owns the proof that a client takes one token, in time, and shows nobody a secret.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { AbortError, createCustomerService, ParseError } from './index.ts'
import { answered, clientId, clientSecret, granted, linesOf, oakClientOf } from './testing/oak.ts'
import { type Reaction, type StandIn, startStandIn } from './testing/stand-in.ts'

const good = answered({ id: 'cus_1' })
const grantLine = 'POST merchant/token/grant -'
const getLine = (token: string) => `GET customers/cus_1 Bearer ${token}`

function serviceOf(standIn: StandIn, more: Parameters<typeof oakClientOf>[1] = {}) {
  const { client, waits } = oakClientOf(standIn, more)
  return { client, waits, customers: createCustomerService(client) }
}

test('nothing is sent before the first call, which then asks for the token as documented', async () => {
  const standIn = await startStandIn(granted(), good)
  const { customers } = serviceOf(standIn)
  expect(standIn.received).toEqual([])
  expect(await customers.get('cus_1')).toMatchObject({ ok: true })
  const [grant, call] = standIn.received
  expect(grant).toMatchObject({
    method: 'POST',
    path: '/orchestration/api/v1/merchant/token/grant',
  })
  expect(JSON.parse(grant?.body ?? '')).toEqual({
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: 'client_credentials',
  })
  expect(grant?.headers).toMatchObject({ 'content-type': 'application/json' })
  expect(grant?.headers).not.toHaveProperty('authorization')
  expect(grant?.headers).not.toHaveProperty('idempotency-key')
  expect(call?.headers.authorization).toBe('Bearer token-1')
})

test('callers of the same moment share one grant, and later ones its token', async () => {
  const standIn = await startStandIn(granted(), good)
  const { customers } = serviceOf(standIn)
  const results = await Promise.all([1, 2, 3, 4].map(() => customers.get('cus_1')))
  expect(results.map((result) => result.ok)).toEqual([true, true, true, true])
  await customers.get('cus_1')
  expect(linesOf(standIn)).toEqual([grantLine, ...Array(5).fill(getLine('token-1'))])
})

test.each([
  [3_540_000, 'token-1'],
  [3_540_001, 'token-2'],
])('%i ms into a token of an hour, a call carries %s', async (laterMs, token) => {
  const second = token === 'token-1' ? [] : [granted('token-2')]
  const standIn = await startStandIn(granted('token-1', 3_600), good, ...second, good)
  let nowMs = 5_000_000
  const { customers } = serviceOf(standIn, { now: () => nowMs })
  await customers.get('cus_1')
  nowMs += laterMs
  expect(await customers.get('cus_1')).toMatchObject({ ok: true })
  expect(linesOf(standIn).at(-1)).toBe(getLine(token))
})

test('the age of a token counts from before its request, not from its answer', async () => {
  const standIn = await startStandIn(granted('token-1', 100), good, granted('token-2'), good)
  let nowMs = 0
  const fetch: typeof globalThis.fetch = (input, init) => {
    if (String(input).endsWith('/grant')) nowMs += 50_000
    return globalThis.fetch(input, init)
  }
  const { customers } = serviceOf(standIn, { now: () => nowMs, fetch })
  await customers.get('cus_1')
  await customers.get('cus_1')
  expect(linesOf(standIn).at(-1)).toBe(getLine('token-2'))
})

test('a token that lives less than a minute is used by those who asked for it', async () => {
  const standIn = await startStandIn(granted('token-1', 5), good, granted('token-2', 5), good)
  const { customers } = serviceOf(standIn)
  await customers.get('cus_1')
  await customers.get('cus_1')
  const pairs = [grantLine, getLine('token-1'), grantLine, getLine('token-2')]
  expect(linesOf(standIn)).toEqual(pairs)
})

test('a 401 renews the token and sends the same request once more', async () => {
  const refused = { status: 401, body: { msg: 'Expired', data: null } }
  const standIn = await startStandIn(granted(), refused, granted('token-2'), good)
  const { customers, waits } = serviceOf(standIn)
  const created = await customers.create({ email: 'alice@example.com' })
  expect(created).toMatchObject({ ok: true, value: { data: { id: 'cus_1' } } })
  expect(linesOf(standIn)).toEqual([
    grantLine,
    'POST customers Bearer token-1',
    grantLine,
    'POST customers Bearer token-2',
  ])
  const [, first, , second] = standIn.received
  expect(second?.body).toBe(first?.body)
  expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
  expect(waits).toEqual([])
})

test('a second 401 is the answer', async () => {
  const refused = { status: 401, body: { msg: 'Key revoked', data: null } }
  const standIn = await startStandIn(granted(), refused, granted('token-2'), refused)
  const result = await serviceOf(standIn).customers.get('cus_1')
  expect(result).toMatchObject({ ok: false, error: { status: 401, message: 'Key revoked' } })
  expect(standIn.received).toHaveLength(4)
})

test('a call renews its token once, also when retries come between', async () => {
  const refused = { status: 401 }
  const replies = [granted(), refused, granted('token-2'), { status: 503 }, refused]
  const standIn = await startStandIn(...replies)
  const { customers, waits } = serviceOf(standIn)
  const result = await customers.get('cus_1')
  expect(result).toMatchObject({ ok: false, error: { name: 'ApiError', status: 401 } })
  expect(standIn.received).toHaveLength(5)
  expect(waits).toEqual([500])
})

/** Grants token after token, and refuses the first of them once `gates` let the answer go. */
function expiringFetch(gates: Promise<void>[] = []) {
  const grants: string[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.url.endsWith('/grant')) {
      grants.push(`token-${grants.length + 1}`)
      const token = { access_token: grants.at(-1), token_type: 'Bearer', expires_in: 3_600 }
      return Response.json(token)
    }
    const isRefused = request.headers.get('authorization') === 'Bearer token-1'
    if (!isRefused) return Response.json({ msg: 'Done', data: { id: 'cus_1' } })
    await gates.shift()
    return new Response('', { status: 401 })
  }
  return { fetch, grants }
}

test('callers whose token is refused together take one new token', async () => {
  const { fetch, grants } = expiringFetch()
  const { customers } = serviceOf(await startStandIn('reset'), { fetch })
  const results = await Promise.all([1, 2, 3].map(() => customers.get('cus_1')))
  expect(results.every((result) => result.ok)).toBe(true)
  expect(grants).toEqual(['token-1', 'token-2'])
})

test('a refusal that comes late leaves the newer token in use', async () => {
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const { fetch, grants } = expiringFetch([gate])
  const { customers } = serviceOf(await startStandIn('reset'), { fetch })
  const late = customers.get('cus_1')
  expect(await customers.get('cus_1')).toMatchObject({ ok: true })
  open()
  expect(await late).toMatchObject({ ok: true })
  expect(grants).toEqual(['token-1', 'token-2'])
})

const passing: Reaction[] = [{ status: 503 }, { status: 429 }, 'reset', 'cut']

test.each(passing)('a grant that fails for now (%#) is tried again', async (first) => {
  const standIn = await startStandIn(first, granted(), good)
  const { customers, waits } = serviceOf(standIn)
  expect(await customers.get('cus_1')).toMatchObject({ ok: true })
  expect(waits).toEqual([500])
})

test('a grant that fails for good ends the call, and the next call asks anew', async () => {
  const down = { status: 503, body: { msg: 'Down', data: null } }
  const standIn = await startStandIn(down, down, down, granted(), good)
  const { customers, waits } = serviceOf(standIn)
  const result = await customers.get('cus_1')
  expect(result).toMatchObject({ ok: false, error: { status: 503, message: 'Down' } })
  expect(standIn.received).toHaveLength(3)
  expect(waits).toEqual([500, 1_000])
  expect(await customers.get('cus_1')).toMatchObject({ ok: true })
})

test('wrong credentials are an ApiError, asked once', async () => {
  const standIn = await startStandIn({ status: 401, body: { msg: 'No such key', data: null } })
  const result = await serviceOf(standIn).customers.get('cus_1')
  expect(result).toMatchObject({ ok: false, error: { status: 401, message: 'No such key' } })
  expect(linesOf(standIn)).toEqual([grantLine])
})

test('a caller who leaves ends only its own call', async () => {
  const standIn = await startStandIn(granted(), good)
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const fetch: typeof globalThis.fetch = async (...args) => {
    await gate
    return globalThis.fetch(...args)
  }
  const { customers } = serviceOf(standIn, { fetch })
  const controller = new AbortController()
  const leaving = customers.get('cus_1', { signal: controller.signal })
  const staying = customers.get('cus_1')
  controller.abort('enough')
  const left = await leaving
  if (left.ok || !(left.error instanceof AbortError)) throw new Error('not aborted')
  expect(left.error.cause).toBe('enough')
  open()
  expect(await staying).toMatchObject({ ok: true })
  expect(linesOf(standIn)).toEqual([grantLine, getLine('token-1')])
})

const token = 'token-that-nobody-sees'
const badGrants: unknown[] = [
  { access_token: token, token_type: 'Bearer' },
  { access_token: token, token_type: 'Bearer', expires_in: 0 },
  { access_token: token, token_type: 'Bearer', expires_in: '3600' },
  { access_token: token, token_type: 'mac', expires_in: 3_600 },
  { access_token: `${token}\n`, token_type: 'Bearer', expires_in: 3_600 },
  { msg: 'Granted', data: { access_token: token } },
  `<html>${token}`,
  [[token]],
]

test.each(badGrants)('a grant answered with %j is a ParseError without it', async (body) => {
  const standIn = await startStandIn({ status: 200, body })
  const result = await serviceOf(standIn).customers.get('cus_1')
  if (result.ok || !(result.error instanceof ParseError)) throw new Error('not a ParseError')
  expect(result.error).toMatchObject({ status: 200, body: '[secret]' })
  expect(inspect(result, { depth: 20 })).not.toContain(token)
  expect(standIn.received).toHaveLength(1)
})

test('no error shows the secret or the token, even where an answer does', async () => {
  const echo = (status: number, secret: string) => ({
    status,
    body: { msg: `Bad ${secret}`, data: null, seen: [secret] },
  })
  const atGrant = await startStandIn(echo(400, clientSecret))
  const atCall = await startStandIn(granted(), echo(400, 'token-1'))
  const later = await startStandIn(granted(), echo(400, clientSecret))
  for (const standIn of [atGrant, atCall, later]) {
    const { client, customers } = serviceOf(standIn)
    const result = await customers.get('cus_1')
    expect(result).toMatchObject({ ok: false, error: { message: 'Bad [secret]' } })
    const shown = inspect([result, client, customers], { depth: 20, showHidden: true })
    expect(shown).not.toContain(clientSecret)
    expect(shown).not.toContain('token-1')
  }
})
