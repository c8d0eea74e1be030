// Owns the outcomes of DELETE /v1/webhook-endpoints/{id}.
import { describe, expect, test } from 'vitest'
import { problem, problemOf } from './test-connections.ts'
import { missingEndpoint, testWebhooks } from './test-webhooks.ts'

const hooks = testWebhooks()

describe('204', () => {
  test('it is gone, and so are its deliveries', async () => {
    const { id } = await hooks.create()
    await hooks.call('POST', `/${id}/test`)
    expect((await hooks.call('DELETE', `/${id}`)).status).toBe(204)
    expect((await hooks.call('GET', `/${id}`)).status).toBe(404)
    const rows = await hooks.server.system.db
      .selectFrom('webhook_deliveries')
      .select('id')
      .execute()
    expect(rows).toEqual([])
  })
})

describe('404', () => {
  test('an endpoint that nobody made is missing', async () => {
    const answer = await hooks.call('DELETE', missingEndpoint)
    expect(problemOf(answer)).toEqual(problem(404, 'webhook_endpoint_not_found'))
  })
})
