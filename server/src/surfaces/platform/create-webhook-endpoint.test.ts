// Owns the outcomes of POST /v1/webhook-endpoints.
import { describe, expect, test } from 'vitest'
import { verifies } from '../../webhooks/testing/subscriber.ts'
import { problem, problemOf, wireTime } from './test-connections.ts'
import { testWebhooks } from './test-webhooks.ts'

const hooks = testWebhooks()

const post = (body: object) => hooks.call('POST', '', { body })
const url = 'https://example.com/hooks'

describe('201', () => {
  test('the endpoint with its secret, which is stored sealed', async () => {
    const answer = await post({ url, events: ['customer.payout.*', 'customer.payout.*'] })
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      id: expect.stringMatching(/^we_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
      url,
      events: ['customer.payout.*'],
      status: 'enabled',
      disabled_reason: null,
      failing_since: null,
      previous_secret_expires_at: null,
      created_at: expect.stringMatching(wireTime),
      updated_at: answer.json.created_at,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    })
    const rows = await hooks.server.system.db.selectFrom('webhook_endpoints').selectAll().execute()
    const stored = rows.map(({ secrets }) => Buffer.from(secrets).toString('latin1'))
    expect(stored.join('')).not.toContain(answer.json.secret.slice(6))
  })

  test('what happens afterwards arrives, signed with the secret', async () => {
    const { secret } = await hooks.create()
    await hooks.happen()
    const [message] = hooks.subscriber.received
    expect(message && verifies(message, secret)).toBe(true)
  })
})

describe('409', () => {
  test('an app has no more than fifty', async () => {
    const { length } = (await hooks.call('GET', '')).json.data
    for (let count = length; count < 50; count += 1) await hooks.create()
    const answer = await post({ url, events: ['*'] })
    expect(problemOf(answer)).toEqual(problem(409, 'webhook_endpoints_full'))
  })
})

describe('422', () => {
  test.each<[string, string, object]>([
    ['webhook_url_refused', '/url', { url: 'http://169.254.169.254/' }],
    ['webhook_url_refused', '/url', { url: 'https://10.1/' }],
    ['webhook_url_refused', '/url', { url: 'not a url' }],
    ['webhook_url_refused', '/url', { url: 'file:///etc/passwd' }],
    ['field_invalid', '/url', { url: `https://example.com/${'x'.repeat(2_000)}` }],
    ['field_invalid', '/events', { events: [] }],
    ['field_invalid', '/events', { events: ['customer.painted'] }],
    ['field_invalid', '/events', { events: ['cust*'] }],
  ])('%s at %s: %j', async (code, pointer, more) => {
    const answer = await post({ url, events: ['*'], ...more })
    expect(problemOf(answer)).toEqual(problem(422, code, pointer))
  })
})
