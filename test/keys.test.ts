// Owns the promises about API keys: their form, what is stored of them, and revoking (P29, P30).
import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createKey, findCaller, listKeys, revokeKey } from '../server/src/core/apps/app-service.ts'
import { createSecret } from '../server/src/core/apps/secret.ts'
import { systemRandom } from '../server/src/lib/random.ts'
import { startTestServer, type TestServer } from './harness.ts'
import { recordQueries } from './recorded-queries.ts'
import { runs } from './runs.ts'

const scale = runs({ few: 1, full: 100 })

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => server.close())

const path = '/payouts/customers'
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function randomText(length: number): string {
  return [...systemRandom.bytes(length)].map((byte) => letters.charAt(byte % 62)).join('')
}

test('a secret is a prefix, 256 random bits and a checksum', () => {
  const secrets = Array.from({ length: 1_000 }, () => createSecret('live', systemRandom))
  expect(new Set(secrets).size).toBe(1_000)
  for (const secret of secrets) expect(secret).toMatch(/^sk_live_[0-9A-Za-z]{43}[0-9A-Za-z]{6}$/)
  const most = { bytes: (count: number) => Buffer.alloc(count, 0xff), fraction: () => 0 }
  const least = { bytes: (count: number) => Buffer.alloc(count), fraction: () => 0 }
  // 62^42 < 2^256 - 1 < 62^43: no bit is cut off, and no position is always the same.
  expect(createSecret('test', most)).toMatch(/^sk_test_[1-9A-Za-z]\w{48}$/)
  expect(createSecret('test', least).slice(0, 51)).toBe(`sk_test_${'0'.repeat(43)}`)
})

test('look-alikes never reach the database', async () => {
  const recorded = recordQueries(server)
  for (let index = 0; index < 10_000 * scale; index += 1) {
    const prefix = ['sk_test_', 'sk_live_', 'di_test_', 'nr_test_sk_'][index % 4]
    expect(await findCaller(server.system, prefix + randomText(49))).toBeNull()
  }
  const { key } = server
  for (let position = 0; position < key.length; position += 1) {
    for (const letter of ['0', 'z', '-', '_', ' ', 'é']) {
      if (key[position] === letter) continue
      const altered = key.slice(0, position) + letter + key.slice(position + 1)
      expect(await findCaller(server.system, altered)).toBeNull()
    }
  }
  for (const cut of [key.slice(1), key.slice(0, -1), `${key}0`, ` ${key}`, `${key}\n`, '']) {
    expect(await findCaller(server.system, cut)).toBeNull()
  }
  expect(recorded).toEqual([])
  // Only a checksum that is right is looked up.
  expect(await findCaller(server.system, createSecret('test', systemRandom))).toBeNull()
  // As a secret, and as one that was rotated out.
  expect(recorded).toHaveLength(2)
})

test('of a secret only a keyed hash and its last four characters are stored', async () => {
  const input = { app: server.testApp, name: 'stored', scopes: ['payouts:read'] }
  const { key, secret } = await createKey(server.system, input)
  await server.call('GET', path, { key: secret })
  await server.call('GET', path, { key: `${secret}x` })
  const row = await server.system.db
    .selectFrom('keys')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirstOrThrow()
  expect(row.secret_last4).toBe(secret.slice(-4))
  expect(Buffer.from(row.secret_hash)).toHaveLength(32)
  // Keyed: who has the database alone cannot test a guess.
  const bare = createHash('sha256').update(secret).digest('hex')
  expect(Buffer.from(row.secret_hash).toString('hex')).not.toBe(bare)
  const { secret_hash, ...plain } = row
  expect(JSON.stringify(plain)).not.toContain(secret.slice(8, 20))
  const listed = (await listKeys(server.system, key.appId)).find(({ id }) => id === key.id)
  expect(JSON.stringify(listed)).not.toContain(secret.slice(8, 20))
  expect(listed).toEqual(key)
  expect(server.logLines.join('')).not.toContain(secret.slice(8, 20))
})

test('the spellings of other clients stand for the same key', async () => {
  const body = server.key.slice('sk_test_'.length)
  for (const spelling of [`sk_test_${body}`, `di_test_${body}`, `nr_test_sk_${body}`]) {
    expect((await server.call('GET', path, { key: spelling })).status).toBe(200)
  }
  for (const spelling of [`sk_live_${body}`, `di_live_${body}`, `nr_live_sk_${body}`, body]) {
    expect((await server.call('GET', path, { key: spelling })).status).toBe(401)
  }
  const live = await server.createKey(server.liveApp)
  const liveBody = live.slice('sk_live_'.length)
  expect((await server.call('GET', path, { key: `di_live_${liveBody}` })).status).toBe(200)
  expect((await server.call('GET', path, { key: `di_test_${liveBody}` })).status).toBe(401)
})

test('a key in the URL is not a key', async () => {
  const answer = await server.call('GET', `${path}?key=${server.key}`, { key: null })
  expect(answer.status).toBe(401)
  expect(server.logLines.join('')).not.toContain(server.key.slice(8, 20))
})

test('a revoked key opens nothing within a second, while it is in use', async () => {
  for (let round = 0; round < 2 * scale; round += 1) {
    const input = { app: server.testApp, name: 'revoked', scopes: ['*'] }
    const { key, secret } = await createKey(server.system, input)
    const answers: { startedAt: number; status: number }[] = []
    let revokedAt = Number.POSITIVE_INFINITY
    const use = async () => {
      while (performance.now() < revokedAt + 1_200) {
        const startedAt = performance.now()
        const { status } = await server.call('GET', `${path}?limit=1`, { key: secret })
        answers.push({ startedAt, status })
      }
    }
    const users = [use(), use(), use()]
    // In use for a while, so that the key is known from memory.
    while (answers.length < 50) await new Promise(setImmediate)
    await revokeKey(server.system, { appId: key.appId, id: key.id })
    revokedAt = performance.now()
    await Promise.all(users)
    const early = answers.filter(({ startedAt }) => startedAt < revokedAt)
    expect(new Set(early.map(({ status }) => status))).toContain(200)
    const late = answers.filter(({ startedAt }) => startedAt > revokedAt + 1_000)
    expect(late.length).toBeGreaterThan(5)
    expect(new Set(late.map(({ status }) => status))).toEqual(new Set([401]))
  }
})

test('revoking one key leaves the others of its app as they are', async () => {
  const input = { app: server.testApp, name: 'one of two', scopes: ['*'] }
  const [one, other] = [
    await createKey(server.system, input),
    await createKey(server.system, input),
  ]
  await revokeKey(server.system, { appId: one.key.appId, id: one.key.id })
  expect((await server.call('GET', path, { key: one.secret })).status).toBe(401)
  expect((await server.call('GET', path, { key: other.secret })).status).toBe(200)
  const revoked = { appId: server.liveApp.id, id: other.key.id }
  await expect(revokeKey(server.system, revoked)).rejects.toMatchObject({
    definition: { code: 'key_not_found' },
  })
  expect((await server.call('GET', path, { key: other.secret })).status).toBe(200)
})
