// Owns the promise that one app can never touch, or even notice, what belongs to another (P33).
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey, createMerchant, revokeKey } from '../server/src/core/apps/app-service.ts'
import { createSecret } from '../server/src/core/apps/secret.ts'
import type { App } from '../server/src/core/context.ts'
import { systemRandom } from '../server/src/lib/random.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import { countRows } from './count-rows.ts'
import {
  everyOperation,
  exampleOf,
  examplesOf,
  exchange,
  type Ids,
  idPlacesOf,
  keyedOperations,
  pathParametersOf,
  prepareIds,
  send,
  withoutRequestId,
} from './example-requests.ts'
import { engine, startTestServer, type TestServer } from './harness.ts'

let server: TestServer
/** The live app of the same merchant, and the test app of another merchant. */
let strangers: { name: string; app: App; key: string }[]
const own: Record<string, Ids> = {}
/** By surface and stranger. */
const foreign: Record<string, Ids[]> = {}

beforeAll(async () => {
  server = await startTestServer()
  const { test: otherApp } = await createMerchant(server.system, 'Another merchant')
  strangers = [
    { name: 'live app', app: server.liveApp, key: await server.createKey(server.liveApp) },
    { name: 'another merchant', app: otherApp, key: await server.createKey(otherApp) },
  ]
  for (const surface of surfaces) {
    own[surface.name] = await prepareIds(server, surface, server.key)
    foreign[surface.name] = []
    for (const { key } of strangers) {
      const ids = await prepareIds(server, surface, key)
      foreign[surface.name]?.push(ids)
      // Read by their owner, so that whatever is kept in memory is kept by now.
      for (const operation of surface.operations.filter(({ method }) => method === 'GET')) {
        const answer = await send(
          server,
          { surface, operation, key },
          exampleOf(surface, operation, ids),
        )
        expect(answer.status).toBe(200)
      }
    }
  }
})
afterAll(() => server.close())

/** A well-formed key of this mode that no app has. */
const unknownKey = () => createSecret('test', systemRandom)

/** Keys are read before the operation, by one piece of code: of one engine a quarter is enough. */
const asked = keyedOperations.filter((_, index) => engine === 'sqlite' || index % 4 === 0)

describe.each(asked)('$name', ({ surface, operation }) => {
  const example = () => exampleOf(surface, operation, own[surface.name] ?? {})
  const request = (key: string | null) => send(server, { surface, operation, key }, example())

  test('without a key is refused', async () => {
    const answer = await request(null)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  test.each([
    'x',
    'sk_test_',
    'sk_test_short',
    `sk_test_${'0'.repeat(43)}`,
    `sk_test_${'0'.repeat(49)}`,
    `sk_prod_${'0'.repeat(49)}`,
    `sk_test_${'0'.repeat(5_000)}`,
    "' or 1=1 --",
  ])('with the malformed key %s is refused', async (key) => {
    expect((await request(key)).status).toBe(401)
  })

  test('with a well-formed key that is unknown, or altered, is refused', async () => {
    expect((await request(unknownKey())).status).toBe(401)
    const altered = server.key.slice(0, 20) + (server.key[20] === 'A' ? 'B' : 'A')
    expect((await request(altered + server.key.slice(21))).status).toBe(401)
  })

  test('with the random part of a test key, spelled as a live key, is refused', async () => {
    expect((await request(server.key.replace('test', 'live'))).status).toBe(401)
  })

  test('with a revoked key is refused, in the words for an unknown one', async () => {
    const input = { app: server.testApp, name: 'revoked', scopes: ['*'] }
    const { key, secret } = await createKey(server.system, input)
    await revokeKey(server.system, { appId: key.appId, id: key.id })
    const answer = await request(secret)
    expect(answer.status).toBe(401)
    expect(withoutRequestId(answer)).toBe(withoutRequestId(await request(unknownKey())))
  })

  test('with a key that lacks its scope is refused, and the scope is named', async () => {
    const scopes = everyOperation.flatMap((row) => row.operation.scope ?? [])
    const others = [...new Set(scopes)].filter((scope) => scope !== operation.scope)
    const before = await countRows(server.system)
    const key = await server.createKey(server.testApp, [...others, 'nothing:read'])
    const answer = await request(key)
    expect(answer.status).toBe(403)
    expect(answer.text).toContain(operation.scope)
    expect(await countRows(server.system)).toEqual({ ...before, keys: before.keys + 1 })
  })

  test('with a key of nothing but its scope succeeds', async () => {
    const ids = await prepareIds(server, surface, server.key)
    // What has personal data sent elsewhere is for those who may see it: such a member needs both.
    const clear = operation.clearMembers ? [surface.masking?.clear ?? ''] : []
    const key = await server.createKey(server.testApp, [operation.scope ?? '', ...clear])
    const target = { surface, operation, key }
    const answer = await send(server, target, exampleOf(surface, operation, ids))
    expect({ status: answer.status, text: answer.text }).toMatchObject({
      status: operation.returns.status,
    })
  })
})

const places = everyOperation.flatMap(({ name, surface, operation }) =>
  idPlacesOf(operation).map((place) => ({
    name: `${name}, ${place.part} ${place.name}`,
    surface,
    operation,
    place,
  })),
)

test.each(places)('$name: the id of another app looks missing', async (row) => {
  const { surface, operation, place } = row
  const ownIds = await prepareIds(server, surface, server.key)
  const target = { surface, operation, key: server.key }
  const example = exampleOf(surface, operation, ownIds)
  const withIds = (ids: Ids) => exchange(example, place, exampleOf(surface, operation, ids))
  const before = await countRows(server.system)
  const missing = await send(server, target, withIds(examplesOf(surface).missing))
  // The id of an app is the caller's own: another one is forbidden, whether it exists or not.
  expect(place.name === 'appId' ? [400, 403] : [400, 404]).toContain(missing.status)
  for (const ids of foreign[surface.name] ?? []) {
    const answer = await send(server, target, withIds(ids))
    expect(answer.status).toBe(missing.status)
    expect(withoutRequestId(answer)).toBe(withoutRequestId(missing))
  }
  expect(await countRows(server.system)).toEqual(before)
  // The request was refused for that id and nothing else.
  expect((await send(server, target, example)).status).toBe(operation.returns.status)
})

test('the matrix of ids has a row for every path parameter', () => {
  const parameters = everyOperation.flatMap(({ operation }) => pathParametersOf(operation))
  const inPath = places.filter(({ place }) => place.part === 'params')
  expect(inPath).toHaveLength(parameters.length)
  expect(places.length).toBeGreaterThan(inPath.length)
})

const lists = everyOperation
  .filter(({ operation: { id, method } }) => method === 'GET' && id.startsWith('list'))
  .filter(({ operation }) => pathParametersOf(operation).length === 0)

test.each(lists)('$name shows nothing of another app', async ({ surface, operation }) => {
  const { test: emptyApp } = await createMerchant(server.system, 'Empty')
  const key = await server.createKey(emptyApp)
  const answer = await send(server, { surface, operation, key }, {})
  expect(answer.status).toBe(200)
  const ids = [own[surface.name] ?? {}, ...(foreign[surface.name] ?? [])].flatMap(Object.values)
  expect(ids.length).toBeGreaterThan(0)
  for (const id of ids) expect(answer.text).not.toContain(id)
  // Made just now, so that they stand on the first page.
  const newest = Object.values(await prepareIds(server, surface, server.key))
  const full = await send(server, { surface, operation, key: server.key }, {})
  expect(newest.some((id) => full.text.includes(id))).toBe(true)
})

const writes = keyedOperations.filter(({ operation }) => operation.method !== 'GET')

test.each(writes)('$name: an idempotency key replays in its own app only', async (row) => {
  const { surface, operation } = row
  const headers = { 'idempotency-key': randomBytes(8).toString('hex') }
  const ids = await prepareIds(server, surface, server.key)
  const target = { surface, operation, key: server.key }
  const example = exampleOf(surface, operation, ids)
  const first = await send(server, target, example, { headers })
  expect(first.status).toBe(operation.returns.status)
  for (const stranger of strangers) {
    const answer = await send(server, { ...target, key: stranger.key }, example, { headers })
    expect(answer.headers.get('idempotent-replayed')).toBeNull()
    expect(answer.text).not.toBe(first.text)
  }
  const again = await send(server, target, example, { headers })
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(again.text).toBe(first.text)
})
