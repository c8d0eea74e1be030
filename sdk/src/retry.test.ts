// Owns the proof of when a call is tried again, how long it waits, and when it gives up.
import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import {
  AbortError,
  ApiError,
  createPayoutsClient,
  NetworkError,
  ParseError,
  type RetryOptions,
  TimeoutError,
} from './index.ts'
import { retryDefaults } from './retry.ts'
import { type Reaction, type StandIn, startStandIn } from './testing/stand-in.ts'

const newPayout = { amount: '1.00', currency: 'ARS', customerId: 'cust_1' }
const good: Reaction = { status: 200, body: { id: 'po_1' } }

/** A client whose waits are noted instead of waited, without jitter. */
function clientOf(standIn: StandIn, options: RetryOptions = {}, timeoutMs = 5_000) {
  const waits: number[] = []
  const wait = async (ms: number) => {
    waits.push(ms)
  }
  const retryOptions = { wait, random: () => 1, ...options }
  const baseUrl = standIn.url
  return {
    waits,
    ...createPayoutsClient({ apiKey: 'sk_test_1', baseUrl, retryOptions, timeoutMs }),
  }
}

const timersRunning = () => process.getActiveResourcesInfo().filter((it) => it === 'Timeout').length

const keysOf = (standIn: StandIn) => standIn.received.map((it) => it.headers['idempotency-key'])

const passing: [string, Reaction][] = [
  ['408', { status: 408 }],
  ['429', { status: 429 }],
  ['502 with a gateway page', { status: 502, body: '<h1>Bad gateway</h1>' }],
  ['503', { status: 503 }],
  ['504', { status: 504 }],
  ['a connection reset', 'reset'],
  ['a body cut off', 'cut'],
]

test.each(passing)('%s is retried as the same request with the same key', async (_name, first) => {
  const standIn = await startStandIn(first, good)
  const client = clientOf(standIn)
  const result = await client.payouts.create(newPayout)
  expect(result).toEqual({ ok: true, value: { id: 'po_1' } })
  expect(client.waits).toEqual([500])
  const [before, after] = standIn.received
  expect(standIn.received).toHaveLength(2)
  expect(before?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
  expect(after?.headers['idempotency-key']).toBe(before?.headers['idempotency-key'])
  expect(after).toMatchObject({ method: 'POST', path: '/payouts', body: JSON.stringify(newPayout) })
})

const final = [302, 400, 401, 403, 404, 409, 413, 422, 500, 501]

test.each(final)('%i is not retried', async (status) => {
  const standIn = await startStandIn({ status, headers: { location: '/elsewhere' } })
  const client = clientOf(standIn)
  const result = await client.payouts.create(newPayout)
  expect(result).toMatchObject({ ok: false, error: { name: 'ApiError', status } })
  expect(standIn.received).toHaveLength(1)
  expect(client.waits).toEqual([])
})

const unexpected = ['<html>login</html>', '', 'null', '[]', '"po_1"', '{"id":']

test.each(unexpected)('a good status with the body %j is a ParseError, once', async (body) => {
  const standIn = await startStandIn({ status: 200, body, headers: { 'request-id': 'req_7' } })
  const result = await clientOf(standIn).payouts.create(newPayout)
  if (result.ok || !(result.error instanceof ParseError)) throw new Error('not a ParseError')
  expect(result.error).toMatchObject({ status: 200, body, requestId: 'req_7' })
  expect(standIn.received).toHaveLength(1)
})

test.each(['{}', 'null', '[1]'])('a list answered with %s is a ParseError', async (body) => {
  const standIn = await startStandIn({ status: 200, body })
  const result = await clientOf(standIn).customers.list()
  expect(result).toMatchObject({ ok: false, error: { name: 'ParseError' } })
})

test('the last attempt decides, and the waits double up to their bound', async () => {
  const standIn = await startStandIn({ status: 503 }, 'reset', { status: 503, body: 'down' })
  const client = clientOf(standIn, { attemptsMax: 5, firstDelayMs: 100, delayMsMax: 300 })
  const result = await client.payouts.create(newPayout)
  if (result.ok || !(result.error instanceof ApiError)) throw new Error('not an ApiError')
  expect(result.error).toMatchObject({ status: 503, code: undefined, body: 'down' })
  expect(client.waits).toEqual([100, 200, 300, 300])
  expect(standIn.received).toHaveLength(5)
  expect(new Set(keysOf(standIn)).size).toBe(1)
})

test('at most half of a wait is left to chance', async () => {
  const standIn = await startStandIn({ status: 503 }, good)
  const client = clientOf(standIn, { random: () => 0 })
  await client.payouts.retrieve('po_1')
  expect(client.waits).toEqual([250])
})

test('attemptsMax of 1 never retries', async () => {
  const standIn = await startStandIn('reset')
  const client = clientOf(standIn, { attemptsMax: 1 })
  const result = await client.payouts.create(newPayout)
  if (result.ok) throw new Error('not refused')
  expect(result.error).toBeInstanceOf(NetworkError)
  expect(result.error.message).toBe(`No answer from ${new URL(standIn.url).host}: ECONNRESET.`)
  expect(standIn.received).toHaveLength(1)
})

const date = 'Sun, 01 Mar 2026 12:00:00 GMT'
const asked: [string, Record<string, string>, number[]][] = [
  ['seconds', { 'retry-after': '7' }, [7_000]],
  ['a date', { 'retry-after': 'Sun, 01 Mar 2026 12:00:09 GMT', date }, [9_000]],
  ['a date that has passed', { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT', date }, [500]],
  ['less than the own wait', { 'retry-after': '0' }, [500]],
  ['nonsense', { 'retry-after': 'soon' }, [500]],
  ['exactly as much as is waited for', { 'retry-after': '60' }, [60_000]],
]

test.each(asked)('a Retry-After of %s is never undercut', async (_name, headers, waits) => {
  const standIn = await startStandIn({ status: 429, headers }, good)
  const client = clientOf(standIn)
  expect(await client.payouts.create(newPayout)).toMatchObject({ ok: true })
  expect(client.waits).toEqual(waits)
})

test('a Retry-After beyond retryAfterMsMax ends the call at once', async () => {
  const standIn = await startStandIn({ status: 429, headers: { 'retry-after': '61' } }, good)
  const client = clientOf(standIn)
  expect(await client.payouts.create(newPayout)).toMatchObject({
    ok: false,
    error: { status: 429 },
  })
  expect(client.waits).toEqual([])
  expect(standIn.received).toHaveLength(1)
})

test.each(['hang', 'stall'] as const)('each attempt has its own time limit: %s', async (first) => {
  const standIn = await startStandIn(first, first, good)
  const client = clientOf(standIn, {}, 200)
  expect(await client.payouts.create(newPayout)).toEqual({ ok: true, value: { id: 'po_1' } })
  expect(standIn.received).toHaveLength(3)
  expect(new Set(keysOf(standIn)).size).toBe(1)
})

test('an attempt that runs out of time closes its connection', async () => {
  const standIn = await startStandIn('hang')
  await clientOf(standIn, { attemptsMax: 1 }, 20).payouts.retrieve('po_1')
  await standIn.left
})

test('a call can have its own time limit', async () => {
  const standIn = await startStandIn('hang')
  const client = clientOf(standIn, { attemptsMax: 1 }, 600_000)
  const result = await client.customers.retrieve('cust_1', { timeoutMs: 20 })
  if (result.ok) throw new Error('not refused')
  expect(result.error).toBeInstanceOf(TimeoutError)
  expect(result.error).toBeInstanceOf(NetworkError)
  expect(result.error.message).toBe('No whole answer arrived within 20 ms.')
})

test('a time limit holds even for a fetch that ignores its signal', async () => {
  const fetch = () => new Promise<never>(() => {})
  const client = createPayoutsClient({
    apiKey: 'k',
    baseUrl: 'http://127.0.0.1:9',
    fetch,
    timeoutMs: 10,
    retryOptions: { attemptsMax: 1 },
  })
  expect(await client.payouts.retrieve('po_1')).toMatchObject({ error: { name: 'TimeoutError' } })
})

test('an aborted call stops its request, and is not retried', async () => {
  const standIn = await startStandIn('hang')
  const client = clientOf(standIn)
  const controller = new AbortController()
  const pending = client.payouts.create(newPayout, { signal: controller.signal })
  await standIn.arrived(1)
  controller.abort('enough')
  const result = await pending
  if (result.ok) throw new Error('not refused')
  expect(result.error).toBeInstanceOf(AbortError)
  expect(result.error.cause).toBe('enough')
  await standIn.left
  expect(standIn.received).toHaveLength(1)
  expect(client.waits).toEqual([])
})

test('a call whose signal has aborted sends nothing', async () => {
  const standIn = await startStandIn(good)
  const signal = AbortSignal.abort()
  const result = await clientOf(standIn).payouts.create(newPayout, { signal })
  expect(result).toMatchObject({ ok: false, error: { name: 'AbortError' } })
  expect(standIn.received).toHaveLength(0)
})

test('an abort ends the wait between two attempts', async () => {
  const standIn = await startStandIn({ status: 429 }, good)
  const controller = new AbortController()
  const wait = () => {
    controller.abort()
    return new Promise<never>(() => {})
  }
  const client = clientOf(standIn, { wait })
  const result = await client.payouts.create(newPayout, { signal: controller.signal })
  expect(result).toMatchObject({ ok: false, error: { name: 'AbortError' } })
  expect(standIn.received).toHaveLength(1)
})

test('the wait of its own ends with its signal, and leaves nothing behind', async () => {
  const controller = new AbortController()
  const before = timersRunning()
  const waiting = retryDefaults.wait(60_000, controller.signal)
  controller.abort()
  await waiting
  expect(timersRunning()).toBe(before)
  const { signal } = new AbortController()
  await retryDefaults.wait(1, signal)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a call that has ended leaves no timer, and nothing on a signal that lives on', async () => {
  const { signal } = new AbortController()
  const fetch = async () => Response.json({ id: 'po_1' })
  const client = createPayoutsClient({ apiKey: 'k', baseUrl: 'http://127.0.0.1:9', fetch })
  const before = timersRunning()
  expect(await client.payouts.retrieve('po_1', { signal })).toMatchObject({ ok: true })
  expect(timersRunning()).toBe(before)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('the wait of its own really waits, and then tries again', async () => {
  const standIn = await startStandIn({ status: 503 }, good)
  const baseUrl = standIn.url
  const retryOptions = { firstDelayMs: 20, random: () => 1 }
  const client = createPayoutsClient({ apiKey: 'k', baseUrl, retryOptions })
  const startedAt = performance.now()
  expect(await client.payouts.retrieve('po_1')).toMatchObject({ ok: true })
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19)
})
