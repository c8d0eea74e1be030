// Owns the outcomes of GET /v1/connections/{provider}.
import { describe, expect, test } from 'vitest'
import { problem, problemOf, testConnections, unknownProviders } from './test-connections.ts'

const connections = testConnections()
const get = (provider: string, key?: string) =>
  connections.call('GET', `/connections/${provider}`, key === undefined ? {} : { key })

test('200: as it was answered when it was saved; the provider is not asked', async () => {
  const { test: key } = await connections.newAppKeys()
  const saved = await connections.saveBridge({ may_replace_legal_address: true }, key)
  const answer = await get('bridge', key)
  expect([answer.status, answer.json]).toEqual([200, saved])
  expect(connections.standIn.requests).toHaveLength(1)
})

describe('404', () => {
  test.each([...unknownProviders, 'stripe'])('%s has no connection', async (provider) => {
    expect(problemOf(await get(provider))).toEqual(problem(404, 'connection_not_found'))
  })

  test("another app's connection looks missing, also to the same merchant's live app", async () => {
    const keys = await connections.newAppKeys()
    await connections.saveBridge({}, keys.test)
    const missing = problem(404, 'connection_not_found')
    expect(problemOf(await get('bridge', keys.live))).toEqual(missing)
    expect(problemOf(await get('bridge', (await connections.newAppKeys()).test))).toEqual(missing)
  })
})
