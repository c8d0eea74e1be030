// Owns the outcomes of POST /v1/payouts/{id}/outcome.
import { describe, expect, test } from 'vitest'
import { historyOf } from '../../../../test/history.ts'
import { createCustomer } from '../../core/customer/customer-service.ts'
import { createPayout } from '../../core/payouts/payout-service.ts'
import { printId } from '../../lib/id.ts'
import { problem, problemOf, wireTime } from './test-connections.ts'
import { testKeys } from './test-keys.ts'

const keys = testKeys()
const context = () => keys.server.contextOf(keys.server.testApp)

async function newPayout() {
  const { id: customerId } = await createCustomer(context(), { kind: 'individual', name: 'Ana' })
  const target = { cbu: '0070327530004025541644', name: null, cuit: null }
  const input = { amount: '1.00', currency: 'ARS', customerId, ...target }
  return { customerId, id: printId('payout', (await createPayout(context(), input)).id) }
}

const record = (id: string, body: unknown, more: object = {}) =>
  keys.call('POST', `/payouts/${id}/outcome`, { body, ...more })
const completed = { outcome: 'completed' }
const byAna = /^key:[0-9a-f-]{36} operator:ana$/
const failed = { outcome: 'failed', reason: 'The account is closed.' }

describe('200', () => {
  test('completed: the payout is paid, and the reason is for the history alone', async () => {
    const { customerId, id } = await newPayout()
    const headers = { 'clientele-operator': 'ana' }
    const answer = await record(id, { ...completed, reason: 'Statement 7' }, { headers })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      id,
      status: 'completed',
      customer_id: printId('customer', customerId),
      error_message: null,
      completed_at: expect.stringMatching(wireTime),
      decided_by: expect.stringMatching(byAna),
      note: 'Statement 7',
    })
    expect((await historyOf(context(), customerId)).at(-1)).toMatchObject({
      type: 'customer.payout.completed',
      actor: expect.stringMatching(byAna),
      changes: { reason: 'Statement 7' },
    })
    const seen = await keys.server.call('GET', `/payouts/payouts/${id}`)
    expect(seen.json).toMatchObject({ status: 'completed', errorMessage: null })
  })

  test('failed: the caller of the payout reads why', async () => {
    const { customerId, id } = await newPayout()
    const { json } = await record(id, failed)
    expect(json).toMatchObject({ status: 'failed', error_message: failed.reason })
    expect(json.completed_at).toBeNull()
    const seen = await keys.server.call('GET', `/payouts/payouts/${id}`)
    expect(seen.json).toMatchObject({ status: 'failed', errorMessage: failed.reason })
    expect((await historyOf(context(), customerId)).at(-1)?.type).toBe('customer.payout.failed')
  })

  test('the sandbox does not undo it', async () => {
    const { id } = await newPayout()
    await record(id, failed)
    await keys.server.drainJobs()
    const seen = await keys.server.call('GET', `/payouts/payouts/${id}`)
    expect(seen.json.status).toBe('failed')
  })
})

test('403: a key that may pay, but not on the platform', async () => {
  const { id } = await newPayout()
  const key = await keys.server.createKey(keys.server.testApp, ['payouts:write', 'platform:read'])
  expect(problemOf(await record(id, completed, { key }))).toEqual(problem(403, 'scope_missing'))
})

test("404: what is no payout, and another app's", async () => {
  const { id } = await newPayout()
  const { test: app } = await keys.newMerchant()
  const key = await keys.server.createKey(app)
  const missing = problem(404, 'payout_not_found')
  expect(problemOf(await record(id, completed, { key }))).toEqual(missing)
  expect(problemOf(await record('x', completed))).toEqual(missing)
  expect((await record(id, completed)).status).toBe(200)
})

test('409: what is decided stays, and the moves are listed', async () => {
  const { id } = await newPayout()
  await record(id, completed)
  for (const body of [completed, failed]) {
    const answer = await record(id, body)
    expect(problemOf(answer)).toEqual(problem(409, 'payout_status_refused'))
    expect(answer.json.detail).toContain('It is completed ')
  }
})

test.each<[string, string, object]>([
  ['payout_reason_missing', '/reason', { outcome: 'failed' }],
  ['field_invalid', '/reason', { outcome: 'failed', reason: ' ' }],
  ['field_invalid', '/reason', { outcome: 'failed', reason: 'x'.repeat(201) }],
  ['field_invalid', '/outcome', { outcome: 'cancelled' }],
  ['field_invalid', '/outcome', {}],
])('422: %s at %s: %j', async (code, pointer, body) => {
  const { id } = await newPayout()
  expect(problemOf(await record(id, body))).toEqual(problem(422, code, pointer))
  expect((await record(id, completed)).status).toBe(200)
})
