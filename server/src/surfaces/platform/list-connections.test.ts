// Owns the outcomes of GET /v1/connections.
import { describe, expect, test } from 'vitest'
import { problem, problemOf, testConnections } from './test-connections.ts'

const connections = testConnections()
const list = (key: string, query = '') => connections.call('GET', `/connections${query}`, { key })

describe('200', () => {
  test('an app without connections has an empty page', async () => {
    const { test: key } = await connections.newAppKeys()
    const answer = await list(key)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ data: [], has_more: false, next_cursor: null })
  })

  test('its own and no others, by the name of the provider', async () => {
    const [own, other] = [await connections.newAppKeys(), await connections.newAppKeys()]
    const bridge = await connections.saveBridge({}, own.test)
    const avenia = await connections.saveBridge({}, other.test)
    expect((await list(own.test)).json.data).toEqual([bridge])
    expect((await list(other.test)).json.data).toEqual([avenia])
    expect((await list(own.live)).json.data).toEqual([])
  })
})

test('400: a parameter that it does not have', async () => {
  const { test: key } = await connections.newAppKeys()
  expect(problemOf(await list(key, '?limit=1'))).toEqual(problem(400, 'query_invalid', '/limit'))
})
