// Owns the outcomes of GET /v1/customers/{id}/registrations.
import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createCustomer, updateCustomer } from '../../core/customer/customer-service.ts'
import { submitRegistration } from '../../core/registrations/registration-service.ts'
import { createSync } from '../../core/registrations/sync-service.ts'
import { printId } from '../../lib/id.ts'
import { problem, problemOf, testConnections, wireTime } from './test-connections.ts'

const connections = testConnections()
const context = () => connections.server.contextOf(connections.server.testApp)
const saveCustomer = async (email = 'alice@example.com') => {
  const fields = { kind: 'individual', givenName: 'Alice', familyName: 'Smith', email } as const
  return (await createCustomer(context(), fields)).id
}
const register = async (id: string) => {
  await submitRegistration(context(), id, { provider: 'stripe', role: 'customer' })
  await connections.server.drainJobs()
}
const list = (id: string, key?: string) =>
  connections.call('GET', `/customers/${id}/registrations`, key === undefined ? {} : { key })

describe('200', () => {
  test('a customer without registrations has an empty page', async () => {
    const answer = await list(printId('customer', await saveCustomer()))
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ data: [], has_more: false, next_cursor: null })
  })

  test('a registration with what was pushed of every field', async () => {
    const id = await saveCustomer()
    await register(id)
    const pushed = (field: string) => ({
      field,
      value_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      outcome: 'registered',
      reason: null,
      pushed_at: expect.stringMatching(wireTime),
    })
    const { json } = await list(printId('customer', id))
    const { fields, ...registration } = json.data[0]
    expect(json.data).toHaveLength(1)
    expect(registration).toEqual({
      id: expect.stringMatching(/^reg_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
      provider: 'stripe',
      role: 'customer',
      status: 'approved',
      provider_customer_id: expect.stringMatching(/^sbx_[0-9a-f]{32}$/),
      missing: [],
      rejection_reason: null,
      failure_reasons: [],
      action_required: null,
      action_url: null,
      stated_at: expect.stringMatching(wireTime),
      created_at: expect.stringMatching(wireTime),
      updated_at: expect.stringMatching(wireTime),
    })
    const byName = (left: { field: string }, right: { field: string }) =>
      left.field.localeCompare(right.field)
    expect(fields.toSorted(byName)).toEqual(
      ['email', 'first_name', 'last_name', 'shipping'].map(pushed),
    )
  })

  test('a push tells its outcome and a new hash, of the field that was pushed alone', async () => {
    const id = await saveCustomer()
    await register(id)
    const hashes = async () => {
      const { json } = await list(printId('customer', id))
      const entries = json.data[0].fields.map((one: Record<string, string>) => [
        one.field,
        `${one.outcome} ${one.value_hash}`,
      ])
      return Object.fromEntries(entries)
    }
    const before = await hashes()
    await updateCustomer(context(), id, { email: 'alice@example.org' })
    await createSync(context(), id, { provider: 'stripe', fields: ['email'] })
    await connections.server.drainJobs()
    const after = await hashes()
    expect(after).toEqual({ ...before, email: after.email })
    expect(after.email).toMatch(/^updated /)
    expect(after.email.split(' ')[1]).not.toBe(before.email.split(' ')[1])
  })

  test('hashes are keyed: no value, and no plain SHA-256 of one', async () => {
    const id = await saveCustomer()
    await register(id)
    const { text } = await list(printId('customer', id))
    expect(text).not.toContain('alice@example.com')
    const plain = hash('sha256', 'alice@example.com')
    expect(text).not.toContain(plain)
  })

  test('every spelling of the id', async () => {
    const id = await saveCustomer()
    await register(id)
    const shown = (await list(id)).json
    for (const spelling of [printId('customer', id), printId('customer', id, 'cus')]) {
      expect((await list(spelling)).json).toEqual(shown)
    }
  })
})

describe('404', () => {
  const unknown = '01890a5d-ac96-774b-bcce-b302099a8057'
  test.each([unknown, printId('customer', unknown), printId('file', unknown), 'x'])(
    '%s is no customer',
    async (id) => {
      expect(problemOf(await list(id))).toEqual(problem(404, 'customer_not_found'))
    },
  )

  test("another app's customer looks missing", async () => {
    const id = await saveCustomer()
    await register(id)
    const { live } = await connections.newAppKeys()
    expect(problemOf(await list(id, live))).toEqual(problem(404, 'customer_not_found'))
  })
})
