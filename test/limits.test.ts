// Owns the promise that whatever a caller can ask for has a bound, and is good up to it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listKeys } from '../server/src/core/apps/app-service.ts'
import { limits } from '../server/src/http/limits.ts'
import { countRows } from './count-rows.ts'
import { startTestServer, type TestServer } from './harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const customers = '/payouts/customers'
const newCustomer = { type: 'individual', name: 'Ana', country: 'AR' }
const metadataOf = (count: number, length: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`key${index}`, 'v'.repeat(length)]),
  )

test('the bounds are those that the design names', () => {
  expect(limits).toMatchObject({
    bodyBytesMax: 1_048_576,
    jsonDepthMax: 32,
    jsonArrayLengthMax: 1_000,
    idempotencyKeyLengthMax: 255,
  })
})

test('a body of 1 MiB is read, one byte more is refused', async () => {
  const body = JSON.stringify(newCustomer)
  const full = await server.call('POST', customers, { body: body.padEnd(limits.bodyBytesMax) })
  expect(full.status).toBe(201)
  const before = await countRows(server.system)
  const over = await server.call('POST', customers, { body: body.padEnd(limits.bodyBytesMax + 1) })
  expect([over.status, over.json.error.param]).toEqual([413, 'body'])
  expect(await countRows(server.system)).toEqual(before)
})

test('50 keys of metadata with 500 characters each are kept whole', async () => {
  const metadata = metadataOf(50, 500)
  const answer = await server.call('POST', customers, { body: { ...newCustomer, metadata } })
  expect(answer.status).toBe(201)
  const read = await server.call('GET', `${customers}/${answer.json.customerId}`)
  expect(read.json.metadata).toEqual(metadata)
})

test.each([
  ['51 keys', metadataOf(51, 1), 'metadata'],
  ['a value of 501 characters', metadataOf(1, 501), 'metadata.key0'],
  ['a key of 101 characters', { ['k'.repeat(101)]: 'v' }, 'metadata'],
])('metadata with %s is refused by name', async (_, metadata, param) => {
  const answer = await server.call('POST', customers, { body: { ...newCustomer, metadata } })
  expect([answer.status, answer.json.error.param]).toEqual([422, param])
})

test('a page holds 50 when nothing is said, and 200 at most', async () => {
  const creating = Array.from({ length: 205 }, () =>
    server.call('POST', customers, { body: newCustomer }),
  )
  await Promise.all(creating)
  expect((await server.call('GET', customers)).json).toHaveLength(50)
  expect((await server.call('GET', `${customers}?limit=200`)).json).toHaveLength(200)
  expect((await server.call('GET', `${customers}?limit=201`)).status).toBe(400)
})

const patienceMs = 5_000

/** Sends until an answer is not 429. */
async function untilAllowed(at: TestServer, key: string): Promise<number> {
  const end = performance.now() + patienceMs
  while (performance.now() < end) {
    const { status } = await at.call('GET', customers, { key })
    if (status !== 429) return status
  }
  return 429
}

test('the flood of one key is held back, and no other key feels it', async () => {
  const limited = await startTestServer({ CLIENTELE_REQUESTS_PER_SECOND: '5' })
  try {
    const before = await countRows(limited.system)
    const flood = Array.from({ length: 40 }, () =>
      limited.call('POST', customers, { body: newCustomer }),
    )
    const answers = await Promise.all(flood)
    const created = answers.filter(({ status }) => status === 201)
    const refused = answers.filter(({ status }) => status === 429)
    expect(created.length + refused.length).toBe(40)
    // A slow machine may be a second further before the last one is read.
    expect(created.length).toBeGreaterThanOrEqual(5)
    expect(refused.length).toBeGreaterThanOrEqual(20)
    expect((await countRows(limited.system)).customers).toBe(before.customers + created.length)
    for (const { headers, json } of refused) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(json.error.code).toBe('rate_limited')
      expect(headers.get('request-id')).toBe(json.error.requestId)
    }
    const sibling = await limited.createKey(limited.testApp)
    expect((await limited.call('GET', customers, { key: sibling })).status).toBe(200)
    expect(await untilAllowed(limited, limited.key)).toBe(200)
  } finally {
    await limited.close()
  }
})

test('bulk creation by a new key is throttled, and the figures and the log say whose it was', async () => {
  const limited = await startTestServer({ CLIENTELE_REQUESTS_PER_SECOND: '5' })
  try {
    const key = await limited.createKey(limited.testApp)
    const flood = Array.from({ length: 40 }, () =>
      limited.call('POST', customers, { body: newCustomer, key }),
    )
    const answers = await Promise.all(flood)
    const refused = answers.filter(({ status }) => status === 429).length
    expect(refused).toBeGreaterThanOrEqual(20)
    const figures = await (await fetch(`${limited.url}/metrics`)).text()
    expect(figures).toContain(`clientele_http_turned_away_total{reason="allowance"} ${refused}\n`)
    const labels = '{method="POST",route="/payouts/customers",status="429"}'
    expect(figures).toContain(`clientele_http_request_duration_seconds_count${labels} ${refused}\n`)
    const lines = limited.logLines.map((line) => JSON.parse(line))
    const told = lines.filter(({ turnedAwayFor }) => turnedAwayFor === 'allowance')
    expect(told).toHaveLength(refused)
    const { id } = (await listKeys(limited.system, limited.testApp.id)).at(-1) ?? {}
    expect(new Set(told.map(({ keyId, status }) => `${keyId} ${status}`))).toEqual(
      new Set([`${id} 429`]),
    )
  } finally {
    await limited.close()
  }
})

test('a key has one allowance for all of its requests, on whatever route', async () => {
  const limited = await startTestServer({ CLIENTELE_REQUESTS_PER_SECOND: '5' })
  try {
    const paths = [customers, '/payouts/payouts', `${customers}/x`, '/payouts/payouts/x']
    const calls = Array.from({ length: 40 }, (_, index) =>
      limited.call('GET', paths[index % paths.length] ?? ''),
    )
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(20)
  } finally {
    await limited.close()
  }
})

test('a request that was held back can be sent again with its idempotency key', async () => {
  const limited = await startTestServer({ CLIENTELE_REQUESTS_PER_SECOND: '1' })
  try {
    const headers = { 'idempotency-key': 'held-back' }
    const end = performance.now() + patienceMs
    const statuses: number[] = []
    await limited.call('GET', customers)
    while (!statuses.includes(201) && performance.now() < end) {
      const answer = await limited.call('POST', customers, { body: newCustomer, headers })
      statuses.push(answer.status)
    }
    expect(statuses.at(0)).toBe(429)
    expect(statuses.at(-1)).toBe(201)
    expect((await countRows(limited.system)).customers).toBe(1)
  } finally {
    await limited.close()
  }
})
