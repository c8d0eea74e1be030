// Owns the outcomes of POST /v1/webhook-endpoints/{id}/test.
import { describe, expect, test } from 'vitest'
import { problem, problemOf } from './test-connections.ts'
import { missingEndpoint, testWebhooks } from './test-webhooks.ts'

const hooks = testWebhooks()

describe('202', () => {
  test('a message arrives that says nothing of a customer', async () => {
    const { id } = await hooks.create({ events: ['customer.updated'] })
    const { status, json } = await hooks.call('POST', `/${id}/test`)
    expect(status).toBe(202)
    expect(json).toMatchObject({ type: 'webhook.test', event_id: null, status: 'waiting' })
    await hooks.send()
    expect(hooks.subscriber.received.map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: 'webhook.test',
        timestamp: json.created_at,
        data: { id: json.id.replace('dlv_', 'msg_') },
      },
    ])
  })
})

describe('404', () => {
  test('an endpoint that nobody made is missing', async () => {
    const answer = await hooks.call('POST', `${missingEndpoint}/test`)
    expect(problemOf(answer)).toEqual(problem(404, 'webhook_endpoint_not_found'))
  })
})

describe('409', () => {
  test('nothing is sent to an endpoint that is disabled', async () => {
    const { id } = await hooks.create()
    await hooks.call('PATCH', `/${id}`, { body: { status: 'disabled' } })
    const answer = await hooks.call('POST', `/${id}/test`)
    expect(problemOf(answer)).toEqual(problem(409, 'webhook_endpoint_disabled'))
  })
})
