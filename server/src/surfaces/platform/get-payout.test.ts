// Owns the outcomes of GET /v1/payouts/{id}.
import { describe, expect, test } from 'vitest'
import { createPayout } from '../../core/payouts/payout-service.ts'
import { printId } from '../../lib/id.ts'
import { problem, problemOf, wireTime } from './test-connections.ts'
import { testKeys } from './test-keys.ts'

const keys = testKeys()
const get = (id: string, more: object = {}) => keys.call('GET', `/payouts/${id}`, more)
const record = (id: string, body: object) =>
  keys.call('POST', `/payouts/${id}/outcome`, {
    body,
    headers: { 'clientele-operator': 'ana' },
  })

/** To nobody of the record: there is no history that would tell. */
async function newPayout(): Promise<string> {
  const target = { cbu: '0070327530004025541644', name: null, cuit: null }
  const input = { amount: '1.00', currency: 'ARS', customerId: null, ...target }
  const context = keys.server.contextOf(keys.server.testApp)
  return printId('payout', (await createPayout(context, input)).id)
}

const standing = { customer_id: null, error_message: null, completed_at: null }
const byAna = { decided_by: expect.stringMatching(/^key:[0-9a-f-]{36} operator:ana$/) }

describe('200', () => {
  test('nobody has said what became of it', async () => {
    const id = await newPayout()
    const undecided = { decided_by: null, note: null }
    expect((await get(id)).json).toEqual({ id, status: 'pending', ...standing, ...undecided })
    await keys.server.drainJobs()
    expect((await get(id)).json).toMatchObject({ status: 'completed', ...undecided })
  })

  test('who said that it was completed, and what else they said', async () => {
    const id = await newPayout()
    const { json } = await record(id, { outcome: 'completed', reason: 'Statement 7' })
    expect(json).toEqual({
      ...standing,
      ...byAna,
      id,
      status: 'completed',
      completed_at: expect.stringMatching(wireTime),
      note: 'Statement 7',
    })
    expect((await get(id)).json).toEqual(json)
    const rows = await keys.server.system.db.selectFrom('payouts').selectAll().execute()
    expect(JSON.stringify(rows.map((row) => Object.values(row).map(String)))).not.toContain(
      'Statement 7',
    )
  })

  test('who said that it failed', async () => {
    const id = await newPayout()
    const reason = 'The account is closed.'
    await record(id, { outcome: 'failed', reason })
    expect((await get(id)).json).toEqual({
      ...standing,
      ...byAna,
      id,
      status: 'failed',
      error_message: reason,
      note: null,
    })
  })
})

test("404: what is no payout, and another app's", async () => {
  const id = await newPayout()
  const { test: app } = await keys.newMerchant()
  const key = await keys.server.createKey(app)
  const missing = problem(404, 'payout_not_found')
  expect(problemOf(await get(id, { key }))).toEqual(missing)
  expect(problemOf(await get('x'))).toEqual(missing)
})
