// Owns the outcomes of POST /v1/webhook-endpoints/{id}/rotate-secret.
import { describe, expect, test } from 'vitest'
import { verifies } from '../../webhooks/testing/subscriber.ts'
import { problem, problemOf } from './test-connections.ts'
import { missingEndpoint, testWebhooks } from './test-webhooks.ts'

const hooks = testWebhooks()

describe('200', () => {
  test('a new secret; the one before signs too for 24 hours', async () => {
    const { id, secret } = await hooks.create()
    const { status, json } = await hooks.call('POST', `/${id}/rotate-secret`)
    expect(status).toBe(200)
    expect(json.secret).not.toBe(secret)
    const overlapMs = Date.parse(json.previous_secret_expires_at) - Date.parse(json.updated_at)
    expect(overlapMs).toBe(24 * 60 * 60 * 1_000)
    await hooks.happen()
    const [message] = hooks.subscriber.received
    const verified = [secret, json.secret].map((one) => message && verifies(message, one))
    expect(verified).toEqual([true, true])
  })
})

describe('404', () => {
  test('an endpoint that nobody made is missing', async () => {
    const answer = await hooks.call('POST', `${missingEndpoint}/rotate-secret`)
    expect(problemOf(answer)).toEqual(problem(404, 'webhook_endpoint_not_found'))
  })
})
