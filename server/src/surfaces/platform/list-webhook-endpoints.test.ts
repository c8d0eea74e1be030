// Owns the outcomes of GET /v1/webhook-endpoints.
import { describe, expect, test } from 'vitest'
import { testWebhooks } from './test-webhooks.ts'

const hooks = testWebhooks()

describe('200', () => {
  test('oldest first, without a secret', async () => {
    const [first, second] = [await hooks.create(), await hooks.create()]
    const { json } = await hooks.call('GET', '')
    const shown = [first, second].map(({ secret, ...endpoint }) => endpoint)
    expect(json).toEqual({ data: shown, has_more: false, next_cursor: null })
  })
})
