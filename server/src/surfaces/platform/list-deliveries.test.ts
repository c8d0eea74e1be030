// Owns the outcomes of GET /v1/webhook-endpoints/{id}/deliveries.
import { describe, expect, test } from 'vitest'
import { problem, problemOf, wireTime } from './test-connections.ts'
import { missingEndpoint, testWebhooks } from './test-webhooks.ts'

const hooks = testWebhooks()

describe('200', () => {
  test('newest first, by pages', async () => {
    const { id } = await hooks.create()
    const { json: oldest } = await hooks.call('POST', `/${id}/test`)
    const { json: newest } = await hooks.call('POST', `/${id}/test`)
    const first = (await hooks.call('GET', `/${id}/deliveries?limit=1`)).json
    expect(first).toEqual({ data: [newest], has_more: true, next_cursor: newest.id })
    const rest = (await hooks.call('GET', `/${id}/deliveries?cursor=${first.next_cursor}`)).json
    expect(rest).toEqual({ data: [oldest], has_more: false, next_cursor: null })
  })

  test('one that arrived says so', async () => {
    const { id } = await hooks.create()
    await hooks.happen()
    expect((await hooks.call('GET', `/${id}/deliveries`)).json.data).toEqual([
      {
        id: expect.stringMatching(/^dlv_/),
        event_id: expect.stringMatching(/^evt_[0-9a-z]{26}_1$/),
        type: 'customer.created',
        status: 'delivered',
        attempts: 1,
        next_attempt_at: null,
        last_attempt_at: expect.stringMatching(wireTime),
        response_status: 200,
        reason: null,
        created_at: expect.stringMatching(wireTime),
        delivered_at: expect.stringMatching(wireTime),
      },
    ])
  })
})

describe('400', () => {
  test.each(['x', 'dlv_01h455vb4pex5vsknk084sn02q'])(
    'the cursor %s is of nothing',
    async (cursor) => {
      const { id } = await hooks.create()
      const answer = await hooks.call('GET', `/${id}/deliveries?cursor=${cursor}`)
      expect(problemOf(answer)).toEqual(problem(400, 'delivery_cursor_unknown', '/cursor'))
    },
  )
})

describe('404', () => {
  test('an endpoint that nobody made is missing', async () => {
    const answer = await hooks.call('GET', `${missingEndpoint}/deliveries`)
    expect(problemOf(answer)).toEqual(problem(404, 'webhook_endpoint_not_found'))
  })
})
