// Owns the outcomes of POST /v1/webhook-endpoints/{id}/deliveries/{delivery_id}/replay.
import { describe, expect, test } from 'vitest'
import { problem, problemOf } from './test-connections.ts'
import { missingEndpoint, testWebhooks } from './test-webhooks.ts'

const hooks = testWebhooks()

describe('202', () => {
  test('it is sent again under the same id', async () => {
    const { id } = await hooks.create()
    const { json: delivery } = await hooks.call('POST', `/${id}/test`)
    await hooks.send()
    const answer = await hooks.call('POST', `/${id}/deliveries/${delivery.id}/replay`)
    expect(answer.status).toBe(202)
    expect(answer.json).toMatchObject({ id: delivery.id, status: 'waiting', attempts: 0 })
    await hooks.send()
    const ids = hooks.subscriber.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toEqual([ids[0], ids[0]])
  })
})

describe('404 of a delivery', () => {
  test("another endpoint's delivery is missing", async () => {
    const [own, other] = [await hooks.create(), await hooks.create()]
    const { json: delivery } = await hooks.call('POST', `/${other.id}/test`)
    const answer = await hooks.call('POST', `/${own.id}/deliveries/${delivery.id}/replay`)
    expect(problemOf(answer)).toEqual(problem(404, 'delivery_not_found'))
  })
})

describe('404', () => {
  test('an endpoint that nobody made is missing', async () => {
    const answer = await hooks.call(
      'POST',
      `${missingEndpoint}/deliveries/dlv_01h455vb4pex5vsknk084sn02q/replay`,
    )
    expect(problemOf(answer)).toEqual(problem(404, 'webhook_endpoint_not_found'))
  })
})

describe('409', () => {
  test('nothing is sent to an endpoint that is disabled', async () => {
    const { id } = await hooks.create()
    await hooks.call('PATCH', `/${id}`, { body: { status: 'disabled' } })
    const answer = await hooks.call(
      'POST',
      `/${id}/deliveries/dlv_01h455vb4pex5vsknk084sn02q/replay`,
    )
    expect(problemOf(answer)).toEqual(problem(409, 'webhook_endpoint_disabled'))
  })
})
