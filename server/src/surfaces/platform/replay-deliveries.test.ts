// Owns the outcomes of POST /v1/webhook-endpoints/{id}/replay.
import { describe, expect, test } from 'vitest'
import { problem, problemOf } from './test-connections.ts'
import { missingEndpoint, testWebhooks } from './test-webhooks.ts'

const hooks = testWebhooks()

const from = '2020-01-01T00:00:00Z'

describe('202', () => {
  test('those that failed, or all', async () => {
    const { id } = await hooks.create()
    await hooks.call('POST', `/${id}/test`)
    await hooks.send()
    const replay = (body: object) => hooks.call('POST', `/${id}/replay`, { body })
    const none = { replayed: 0, has_more: false, next_cursor: null }
    expect((await replay({ from })).json).toEqual(none)
    const all = await replay({ from, with_delivered: true })
    expect({ status: all.status, json: all.json }).toEqual({
      ...{ status: 202, json: { ...none, replayed: 1 } },
    })
    await hooks.send()
    expect(hooks.subscriber.received).toHaveLength(2)
  })
})

describe('400', () => {
  test('a cursor of no event is refused', async () => {
    const { id } = await hooks.create()
    const body = { from, cursor: 'evt_1' }
    const answer = await hooks.call('POST', `/${id}/replay`, { body })
    expect(problemOf(answer)).toEqual(problem(400, 'event_cursor_unknown'))
  })
})

describe('404', () => {
  test('an endpoint that nobody made is missing', async () => {
    const answer = await hooks.call('POST', `${missingEndpoint}/replay`, { body: { from } })
    expect(problemOf(answer)).toEqual(problem(404, 'webhook_endpoint_not_found'))
  })
})

describe('409', () => {
  test('nothing is sent to an endpoint that is disabled', async () => {
    const { id } = await hooks.create()
    await hooks.call('PATCH', `/${id}`, { body: { status: 'disabled' } })
    const answer = await hooks.call('POST', `/${id}/replay`, { body: { from } })
    expect(problemOf(answer)).toEqual(problem(409, 'webhook_endpoint_disabled'))
  })
})

describe('422', () => {
  test.each([
    ['/from', { from: 'yesterday' }],
    ['/to', { from, to: '2020-02-30T00:00:00Z' }],
    ['/to', { from, to: from }],
  ])('at %s: %j', async (pointer, body) => {
    const { id } = await hooks.create()
    const answer = await hooks.call('POST', `/${id}/replay`, { body })
    expect(problemOf(answer)).toEqual(problem(422, 'field_invalid', pointer))
  })
})
