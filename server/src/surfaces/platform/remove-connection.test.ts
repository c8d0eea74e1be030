// Owns the outcomes of DELETE /v1/connections/{provider}.
import { describe, expect, test } from 'vitest'
import { problem, problemOf, testConnections, unknownProviders } from './test-connections.ts'

const connections = testConnections()
const remove = (provider: string, key?: string) =>
  connections.call('DELETE', `/connections/${provider}`, key === undefined ? {} : { key })

describe('200', () => {
  test('its row, and so its credentials, are gone', async () => {
    const { test: key } = await connections.newAppKeys()
    const saved = await connections.saveBridge({}, key)
    const before = await connections.countConnections()
    const answer = await remove('bridge', key)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ id: saved.id, provider: 'bridge', removed: true })
    expect(await connections.countConnections()).toBe(before - 1)
    const read = await connections.call('GET', '/connections/bridge', { key })
    expect(problemOf(read)).toEqual(problem(404, 'connection_not_found'))
    const again = await connections.saveBridge({}, key)
    expect(again.id).not.toBe(saved.id)
  })

  test("another app's connection to the same provider stays", async () => {
    const [own, other] = [await connections.newAppKeys(), await connections.newAppKeys()]
    await connections.saveBridge({}, own.test)
    const kept = await connections.saveBridge({}, other.test)
    await remove('bridge', own.test)
    const read = await connections.call('GET', '/connections/bridge', { key: other.test })
    expect(read.json).toEqual(kept)
  })

  test('a webhook to it finds nobody any more', async () => {
    const { test: key } = await connections.newAppKeys()
    const saved = await connections.saveBridge({}, key)
    await remove('bridge', key)
    const options = { body: { event_id: 'e' }, key: null }
    const answer = await connections.server.call('POST', saved.webhook_path, options)
    expect(answer.status).toBe(404)
  })
})

describe('404', () => {
  test.each([...unknownProviders, 'stripe'])('%s has no connection', async (provider) => {
    expect(problemOf(await remove(provider))).toEqual(problem(404, 'connection_not_found'))
  })

  test('the second time, and from another app', async () => {
    const keys = await connections.newAppKeys()
    await connections.saveBridge({}, keys.test)
    const missing = problem(404, 'connection_not_found')
    expect(problemOf(await remove('bridge', keys.live))).toEqual(missing)
    expect((await remove('bridge', keys.test)).status).toBe(200)
    expect(problemOf(await remove('bridge', keys.test))).toEqual(missing)
  })
})
