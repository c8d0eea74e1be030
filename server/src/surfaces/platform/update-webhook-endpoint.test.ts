// Owns the outcomes of PATCH /v1/webhook-endpoints/{id}.
import { describe, expect, test } from 'vitest'
import { problem, problemOf } from './test-connections.ts'
import { missingEndpoint, testWebhooks } from './test-webhooks.ts'

const hooks = testWebhooks()

const patch = (id: string, body: object) => hooks.call('PATCH', `/${id}`, { body })

describe('200', () => {
  test('what is left out stays', async () => {
    const { secret, ...endpoint } = await hooks.create()
    const { json } = await patch(endpoint.id, { events: ['customer.updated'] })
    const { updated_at } = json
    expect(json).toEqual({ ...endpoint, events: ['customer.updated'], updated_at })
  })

  test('what waited while it was disabled is sent when it is enabled', async () => {
    const { id } = await hooks.create()
    const before = hooks.subscriber.received.length
    await hooks.call('POST', `/${id}/test`)
    expect((await patch(id, { status: 'disabled' })).json).toMatchObject({
      status: 'disabled',
      disabled_reason: 'disabled by request',
    })
    await hooks.send()
    expect(hooks.subscriber.received).toHaveLength(before)
    expect((await patch(id, { status: 'enabled' })).json.disabled_reason).toBeNull()
    await hooks.send()
    expect(hooks.subscriber.received).toHaveLength(before + 1)
  })
})

describe('404', () => {
  test('an endpoint that nobody made is missing', async () => {
    const answer = await hooks.call('PATCH', missingEndpoint, { body: {} })
    expect(problemOf(answer)).toEqual(problem(404, 'webhook_endpoint_not_found'))
  })
})

describe('422', () => {
  test('a URL inside is refused', async () => {
    const { id } = await hooks.create()
    const answer = await patch(id, { url: 'http://169.254.169.254/' })
    expect(problemOf(answer)).toEqual(problem(422, 'webhook_url_refused', '/url'))
  })
})
