// Owns the outcomes of POST /v1/connections/{provider}/test.
import { describe, expect, test } from 'vitest'
import { problem, problemOf, testConnections, unknownProviders } from './test-connections.ts'

const connections = testConnections()
const ask = (provider: string, key?: string) =>
  connections.call('POST', `/connections/${provider}/test`, key === undefined ? {} : { key })
const read = async (key: string) =>
  (await connections.call('GET', '/connections/bridge', { key })).json

describe('200', () => {
  test('asks the provider again, and moves checked_at alone', async () => {
    const { test: key } = await connections.newAppKeys()
    const saved = await connections.saveBridge({}, key)
    connections.server.clock.advance(60_000)
    const answer = await ask('bridge', key)
    expect(answer.status).toBe(200)
    const { checked_at } = answer.json
    expect(answer.json).toEqual({ ...saved, checked_at })
    expect(Date.parse(checked_at)).toBeGreaterThanOrEqual(Date.parse(saved.checked_at) + 60_000)
    expect(await read(key)).toEqual(answer.json)
    expect(connections.standIn.requests).toHaveLength(2)
  })
})

describe('a provider that does not accept it', () => {
  test.each([
    ['error_500', 'provider_unavailable'],
    ['limited_429', 'provider_limited'],
    ['html', 'provider_unavailable'],
  ] as const)('502 on %s: %s, and the connection stays as it was', async (badDay, code) => {
    const { test: key } = await connections.newAppKeys()
    const saved = await connections.saveBridge({}, key)
    connections.standIn.badDay = badDay
    expect(problemOf(await ask('bridge', key))).toEqual(problem(502, code))
    expect(await read(key)).toEqual(saved)
  })
})

describe('404', () => {
  test.each([...unknownProviders, 'stripe'])('%s has no connection', async (provider) => {
    expect(problemOf(await ask(provider))).toEqual(problem(404, 'connection_not_found'))
    expect(connections.standIn.requests).toEqual([])
  })

  test("another app's connection looks missing, and is not tested", async () => {
    const keys = await connections.newAppKeys()
    await connections.saveBridge({}, keys.test)
    const answer = await ask('bridge', keys.live)
    expect(problemOf(answer)).toEqual(problem(404, 'connection_not_found'))
    expect(connections.standIn.requests).toHaveLength(1)
  })
})
