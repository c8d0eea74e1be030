// Owns the outcomes of POST /v1/keys/{id}/rotate.
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { problem, problemOf } from './test-connections.ts'
import { testKeys } from './test-keys.ts'

const keys = testKeys()
const dayMs = 24 * 60 * 60 * 1_000
const rotate = (id: string, body?: unknown, more: object = {}) =>
  keys.call('POST', `/keys/${id}/rotate`, { ...(body === undefined ? {} : { body }), ...more })
const make = (scopes = ['*']) => keys.make(keys.server.testApp, { scopes })

describe('200', () => {
  test('a new secret; the one before works on for a day', async () => {
    const { id, secret: before } = await make()
    const from = keys.server.clock.now()
    const { status, json } = await rotate(id)
    expect(status).toBe(200)
    expect(json).toMatchObject({ id, last4: json.secret.slice(-4) })
    const end = Date.parse(json.previous_secret_expires_at)
    expect(end - from - dayMs).toBeGreaterThanOrEqual(0)
    expect(end - from - dayMs).toBeLessThan(10_000)
    const both = async () => [await keys.statusWith(before), await keys.statusWith(json.secret)]
    expect(await both()).toEqual([200, 200])
    keys.server.clock.advance(dayMs + 10_000)
    expect(await both()).toEqual([401, 200])
  })

  test('with an overlap of nothing the secret before ends with the answer', async () => {
    const { id, secret: before } = await make()
    expect(await keys.statusWith(before)).toBe(200)
    const { json } = await rotate(id, { overlap_seconds: 0 })
    expect(json.previous_secret_expires_at).toBeNull()
    expect(await keys.statusWith(before)).toBe(401)
    expect(await keys.statusWith(json.secret)).toBe(200)
  })

  test('a key rotates itself, and a repeat shows the same secret', async () => {
    const { id, secret: key } = await make(['platform:write', 'platform:read'])
    const headers = { 'idempotency-key': randomUUID() }
    const first = await rotate(id, {}, { key, headers })
    const again = await rotate(id, {}, { key: first.json.secret, headers })
    expect([again.status, again.text]).toEqual([200, first.text])
    expect(await keys.statusWith(key)).toBe(200)
  })
})

test('403: a key that may do more than the caller', async () => {
  const { id, secret } = await make()
  const { secret: key } = await make(['platform:write'])
  expect(problemOf(await rotate(id, {}, { key }))).toEqual(problem(403, 'scope_missing'))
  expect(await keys.statusWith(secret)).toBe(200)
})

test('404: what is no key, and what another app has', async () => {
  const { test: app } = await keys.newMerchant()
  const { id: foreign, secret } = await keys.make(app)
  for (const id of ['x', 'key_01h455vb4pex5vsknk084sn02q', foreign]) {
    expect(problemOf(await rotate(id, {}))).toEqual(problem(404, 'key_not_found'))
  }
  expect(await keys.statusWith(secret)).toBe(200)
})

test('409: a key that was revoked', async () => {
  const { id } = await make()
  await keys.call('DELETE', `/keys/${id}`)
  expect(problemOf(await rotate(id, {}))).toEqual(problem(409, 'key_ended'))
})

test.each([-1, 604_801, 1.5, '60'])('422: an overlap of %j', async (overlap_seconds) => {
  const { id, secret } = await make()
  const answer = await rotate(id, { overlap_seconds })
  expect(problemOf(answer)).toEqual(problem(422, 'field_invalid', '/overlap_seconds'))
  expect(await keys.statusWith(secret)).toBe(200)
})

test('seven days are taken', async () => {
  const { id } = await make()
  expect((await rotate(id, { overlap_seconds: 604_800 })).status).toBe(200)
})
