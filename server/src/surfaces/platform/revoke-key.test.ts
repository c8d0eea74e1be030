// Owns the outcomes of DELETE /v1/keys/{id}, and that a revocation counts from its answer on (P30).
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../../../../test/harness.ts'
import { runs } from '../../../../test/runs.ts'
import { grantAccessToken } from '../../core/apps/app-service.ts'
import { problem, problemOf, wireTime } from './test-connections.ts'
import { testKeys } from './test-keys.ts'

const keys = testKeys()
const make = () => keys.make(keys.server.testApp)
const revoke = (id: string) => keys.call('DELETE', `/keys/${id}`)

const rounds = runs({ few: 5, full: 100 })

describe('200', () => {
  test('the key with the time of its revocation, the same when it is sent again', async () => {
    const { id, secret } = await make()
    const { json } = await revoke(id)
    expect(json).toMatchObject({ id, revoked_at: expect.stringMatching(wireTime) })
    keys.server.clock.advance(1_000)
    expect((await revoke(id)).json).toEqual(json)
    expect(await keys.statusWith(secret)).toBe(401)
  })

  test('its tokens, and its secret from before a rotation, end with it', async () => {
    const { id, secret } = await make()
    const credentials = { keyId: id, secret }
    const token = await grantAccessToken(keys.server.system, credentials, { secondsMax: 3_600 })
    const { json } = await keys.call('POST', `/keys/${id}/rotate`)
    const all = [secret, json.secret, token]
    for (const one of all) expect(await keys.statusWith(one)).toBe(200)
    await revoke(id)
    for (const one of all) expect(await keys.statusWith(one)).toBe(401)
  })

  test('a key revokes itself', async () => {
    const { id, secret: key } = await make()
    expect((await keys.call('DELETE', `/keys/${id}`, { key })).status).toBe(200)
    expect(await keys.statusWith(key)).toBe(401)
  })

  test('under load, no request that starts after the answer succeeds', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { id, secret } = await make()
      let isRevoked = false
      let late = 0
      let early = 0
      let after = 0
      const send = async () => {
        for (let ownAfter = 0, count = 0; ownAfter < 5 && count < 1_000; count += 1) {
          const startedAfter = isRevoked
          if (startedAfter) {
            ownAfter += 1
            after += 1
          }
          const isGood = (await keys.statusWith(secret)) === 200
          if (isGood && startedAfter) late += 1
          if (isGood) early += 1
        }
      }
      const senders = Array.from({ length: 4 }, send)
      expect(await keys.statusWith(secret)).toBe(200)
      await revoke(id)
      isRevoked = true
      await Promise.all(senders)
      expect([late, early > 0, after > 0]).toEqual([0, true, true])
    }
  })
})

test('404: what is no key, and what another app has', async () => {
  const { test: app } = await keys.newMerchant()
  const { id: foreign, secret } = await keys.make(app)
  for (const id of ['x', 'app_01h455vb4pex5vsknk084sn02q', foreign]) {
    expect(problemOf(await revoke(id))).toEqual(problem(404, 'key_not_found'))
  }
  expect(await keys.statusWith(secret)).toBe(200)
})

test('another process over the same database takes the key no longer than a second', async () => {
  // The embedded database belongs to one process.
  if (keys.server.system.database.engine === 'sqlite') return
  const database = { environment: keys.server.environment, remove: async () => {} }
  const other = await startTestServer({}, database)
  try {
    const { id, secret } = await make()
    const ask = async () => (await other.call('GET', '/v1/apps', { key: secret })).status
    expect(await ask()).toBe(200)
    await revoke(id)
    other.clock.advance(1_000)
    expect(await ask()).toBe(401)
  } finally {
    await other.stop()
  }
})
