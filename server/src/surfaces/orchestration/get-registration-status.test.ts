// Owns the outcomes of GET /api/v1/provider-registration/{customer_id}/status.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import { notFound, testCustomers, unknownIds, uuidOf, wireTime } from './test-customers.ts'

const customers = testCustomers()
const get = (id: string, key?: string) =>
  customers.call('GET', `/provider-registration/${id}/status`, key === undefined ? {} : { key })

describe('200', () => {
  test('a customer without registrations has an empty list', async () => {
    const { id } = await customers.saveCustomer()
    const answer = await get(id)
    expect([answer.status, answer.json]).toEqual([200, { msg: 'Registrations found', data: [] }])
  })

  test('a registration says how it stands', async () => {
    const { id } = await customers.saveCustomer()
    await customers.register(id)
    expect((await get(id)).json.data).toEqual([
      {
        provider: 'stripe',
        target_role: 'customer',
        status: 'approved',
        provider_data: {},
        provider_response: { sandbox: true },
        rejection_reason: null,
        readiness: { missing: [] },
        failure_reasons: [],
        action_required: null,
        action_url: null,
        created_at: expect.stringMatching(wireTime),
        updated_at: expect.stringMatching(wireTime),
      },
    ])
  })

  test('a rejection says why', async () => {
    const { id } = await customers.saveCustomer({ email: 'alice+reject@example.com' })
    await customers.register(id)
    const reason = 'The sandbox rejects customers whose e-mail asks for it'
    expect((await get(id)).json.data[0]).toMatchObject({
      status: 'rejected',
      rejection_reason: reason,
      failure_reasons: [reason],
    })
  })

  test('a wait for documents says what is to be done', async () => {
    const { id } = await customers.saveCustomer({ email: 'alice+documents@example.com' })
    const body = { provider: 'stripe', target_role: 'customer' }
    await customers.call('POST', `/customers/${id}/platforms`, { body })
    await workFor(5_000)
    expect((await get(id)).json.data[0]).toMatchObject({
      status: 'processing',
      action_required: 'upload_documents',
      failure_reasons: ['A document is missing'],
    })
    const { data } = (await customers.call('GET', `/customers/${id}`)).json
    expect(data.status).toBe('DOCUMENT_REQUIRED')
  })

  test('a provider that is down is an error with its reason, and no customer of its own', async () => {
    const { id } = await customers.saveCustomer({ email: 'alice+down@example.com' })
    const body = { provider: 'stripe', target_role: 'customer' }
    await customers.call('POST', `/customers/${id}/platforms`, { body })
    await leaveFewTries()
    await customers.server.drainJobs()
    const [registration] = (await get(id)).json.data
    expect(registration.status).toBe('error')
    expect(registration.failure_reasons).toHaveLength(1)
    expect(registration.failure_reasons[0]).not.toContain('alice')
  })

  test('every spelling of the id, and reading writes nothing', async () => {
    const { id } = await customers.saveCustomer()
    await customers.register(id)
    const before = await customers.countRows()
    const uuid = uuidOf('customer', id)
    for (const spelling of [printId('customer', uuid), uuid, uuid.toUpperCase()]) {
      expect((await get(spelling)).json).toEqual((await get(id)).json)
    }
    expect(await customers.countRows()).toEqual(before)
  })
})

/** As if every waiting job had failed for days. */
async function leaveFewTries(): Promise<void> {
  await customers.server.system.database.transaction((db) =>
    db.updateTable('jobs').set({ failures: 597 }).where('status', '=', 'waiting').execute(),
  )
}

/** Lets the jobs of this much time run; a wait for a person has no end of its own. */
async function workFor(ms: number): Promise<void> {
  const { clock, worker } = customers.server
  for (let passed = 0; passed < ms; passed += 500) {
    clock.advance(500)
    await worker.runDue()
  }
}

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const answer = await get(id)
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test("another app's customer looks missing", async () => {
    const { id } = await customers.saveCustomer()
    await customers.register(id)
    const answer = await get(id, await customers.newAppKey())
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })
})
