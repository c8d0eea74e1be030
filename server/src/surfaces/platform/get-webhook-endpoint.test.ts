// Owns the outcomes of GET /v1/webhook-endpoints/{id}.
import { describe, expect, test } from 'vitest'
import { problem, problemOf } from './test-connections.ts'
import { missingEndpoint, testWebhooks } from './test-webhooks.ts'

const hooks = testWebhooks()

describe('200', () => {
  test('the endpoint, without its secret', async () => {
    const { secret, ...endpoint } = await hooks.create()
    expect((await hooks.call('GET', `/${endpoint.id}`)).json).toEqual(endpoint)
  })
})

describe('404', () => {
  test('an endpoint that nobody made is missing', async () => {
    const answer = await hooks.call('GET', missingEndpoint)
    expect(problemOf(answer)).toEqual(problem(404, 'webhook_endpoint_not_found'))
  })
})
