// Owns the outcomes of GET /v1/keys, and when the last use of a key is written.
import { expect, test, vi } from 'vitest'
import { recordQueries } from '../../../../test/recorded-queries.ts'
import { printId } from '../../lib/id.ts'
import { problem, problemOf, wireTime } from './test-connections.ts'
import { testKeys } from './test-keys.ts'

const keys = testKeys()

test('newest first, page after page, and no secret among them', async () => {
  const { test: app } = await keys.newMerchant()
  const made = []
  for (let count = 0; count < 5; count += 1) made.push(await keys.make(app))
  const [{ secret = '' } = {}] = made
  const seen: string[] = []
  let path = '/keys?limit=2'
  for (let page = 0; page < 3; page += 1) {
    const { json, text } = await keys.call('GET', path, { key: secret })
    for (const one of made) expect(text).not.toContain(one.secret.slice(0, -4))
    seen.push(...json.data.map(({ id }: { id: string }) => id))
    expect([json.has_more, json.next_cursor]).toEqual(
      page < 2 ? [true, seen.at(-1)] : [false, null],
    )
    path = `/keys?limit=2&cursor=${json.next_cursor}`
  }
  expect(seen).toEqual(made.map(({ id }) => id).reverse())
})

test('what is known of a key', async () => {
  const { live } = await keys.newMerchant()
  const expiresAt = keys.server.clock.now() + 60_000
  const { id, secret } = await keys.make(live, { isOperator: true, expiresAt })
  const { json } = await keys.call('GET', '/keys', { key: secret })
  expect(json.data).toEqual([
    {
      id,
      app_id: printId('app', live.id),
      name: 'made',
      last4: secret.slice(-4),
      scopes: ['*'],
      operator: true,
      created_at: expect.stringMatching(wireTime),
      expires_at: new Date(expiresAt).toISOString(),
      last_used_at: null,
      revoked_at: null,
      previous_secret_expires_at: null,
    },
  ])
})

test("400: a cursor that is nothing, or another app's", async () => {
  const { test: app } = await keys.newMerchant()
  const foreign = await keys.make(app)
  for (const cursor of ['x', '', 'key_01h455vb4pex5vsknk084sn02q', foreign.id]) {
    const answer = await keys.call('GET', `/keys?cursor=${cursor}`)
    expect(problemOf(answer)).toEqual(problem(400, 'key_cursor_unknown', '/cursor'))
  }
})

test('a request writes nothing about its key: a chore does, and the list shows it', async () => {
  const { test: app } = await keys.newMerchant()
  const { secret } = await keys.make(app)
  const at = keys.server.clock.now()
  const recorded = recordQueries(keys.server)
  const lastUsedAt = async () => {
    const { json } = await keys.call('GET', '/keys', { key: secret })
    return json.data[0].last_used_at
  }
  expect(await lastUsedAt()).toBeNull()
  expect(recorded.filter(({ sql }) => !sql.startsWith('select'))).toEqual([])
  vi.restoreAllMocks()
  await keys.server.noteKeyUses()
  keys.server.clock.advance(500)
  const used = Date.parse(await lastUsedAt())
  expect(used - at).toBeGreaterThanOrEqual(0)
  expect(used - at).toBeLessThan(10_000)
  // Within the same minute nothing is due.
  await keys.server.noteKeyUses()
  keys.server.clock.advance(500)
  expect(Date.parse(await lastUsedAt())).toBe(used)
  keys.server.clock.advance(60_000)
  await lastUsedAt()
  await keys.server.noteKeyUses()
  keys.server.clock.advance(500)
  expect(Date.parse(await lastUsedAt()) - used).toBeGreaterThanOrEqual(60_000)
})
