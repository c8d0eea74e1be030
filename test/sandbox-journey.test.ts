// Owns the guarantee that the sandbox can be lived in over HTTP: each behaviour, first to last.
import { describe, expect, test } from 'vitest'
import { makePng } from '../server/src/core/files/testing/file-samples.ts'
import { depositInSandbox } from '../server/src/providers/sandbox/sandbox.ts'
import { openSandbox } from '../server/src/providers/sandbox/testing/sandbox-samples.ts'
import { testCustomers } from '../server/src/surfaces/orchestration/test-customers.ts'

const customers = testCustomers()
const roundsMax = 200
const minuteMs = 60_000

/** Turns the clock forward by `ms`, and runs every job on the way when it is due. */
async function pass(ms: number): Promise<void> {
  const { system, clock, worker } = customers.server
  const end = clock.now() + ms
  for (let round = 0; round < roundsMax; round += 1) {
    const waiting = await system.db
      .selectFrom('jobs')
      .select((eb) => eb.fn.min('run_at').as('next'))
      .where('status', '=', 'waiting')
      .executeTakeFirst()
    const next = waiting?.next == null ? null : Number(waiting.next)
    if (next === null || next > end) break
    clock.advance(Math.max(0, next - clock.now()))
    await worker.runDue()
  }
  clock.advance(Math.max(0, end - clock.now()))
}

const platform = { provider: 'bridge', target_role: 'customer' }

/** A customer who has just been handed over to a provider, and the answer to that. */
async function register(email: string): Promise<string> {
  const { id } = await customers.saveCustomer({ email, country_code: 'BR' })
  expect((await read(id)).status).toBe('NOT_STARTED')
  const path = `/customers/${id}/platforms`
  const { status, json } = await customers.call('POST', path, { body: platform })
  expect([status, json.data.length]).toEqual([200, 1])
  expect(json.data[0]).toMatchObject({
    ...platform,
    status: 'submitted',
    readiness: { missing: [] },
  })
  return id
}

const read = async (id: string) => (await customers.call('GET', `/customers/${id}`)).json.data
const registrationOf = async (id: string) =>
  (await customers.call('GET', `/provider-registration/${id}/status`)).json.data[0]

/** The customer's status, and the registration's. */
async function standingOf(id: string): Promise<[string, string]> {
  const [customer, registration] = await Promise.all([read(id), registrationOf(id)])
  return [customer.status, registration.status]
}

describe('a customer', () => {
  test('with a plain e-mail is approved by itself, synced, and holds nothing yet', async () => {
    const id = await register('alice@example.com')
    expect(await standingOf(id)).toEqual(['PENDING', 'submitted'])
    await pass(500)
    expect(await standingOf(id)).toEqual(['PENDING', 'submitted'])
    await pass(1_500)
    expect(await standingOf(id)).toEqual(['PROCESSING', 'processing'])
    await pass(minuteMs)
    expect(await standingOf(id)).toEqual(['APPROVED', 'approved'])
    expect(await read(id)).toMatchObject({ synced: true, roles: ['customer'] })
    const none = { amount: 0, available: 0, pending: 0, reserved: 0, instant_payouts: 0 }
    expect(await totalsOf(id)).toEqual([{ currency: 'BRL', ...none }])
  })

  test('whose e-mail asks to be rejected is rejected, and told why', async () => {
    const id = await register('alice+reject@example.com')
    await pass(minuteMs)
    expect(await standingOf(id)).toEqual(['REJECTED', 'rejected'])
    const rejection_reason = 'The sandbox rejects customers whose e-mail asks for it'
    expect(await registrationOf(id)).toMatchObject({ rejection_reason, action_required: null })
  })

  test('whose e-mail asks for documents waits for one, and a file moves it on', async () => {
    const id = await register('alice+documents@example.com')
    await pass(10 * minuteMs)
    expect(await standingOf(id)).toEqual(['DOCUMENT_REQUIRED', 'processing'])
    expect(await registrationOf(id)).toMatchObject({ action_required: 'upload_documents' })
    const part = { name: 'file', fileName: 'passport.png', value: makePng() }
    expect((await customers.upload(id, [part])).status).toBe(201)
    expect(await standingOf(id)).toEqual(['DOCUMENT_PENDING', 'processing'])
    // The older it is, the more rarely it is asked for.
    await pass(15 * minuteMs)
    expect(await standingOf(id)).toEqual(['APPROVED', 'approved'])
    expect(await registrationOf(id)).toMatchObject({ action_required: null, failure_reasons: [] })
  })

  test('whose e-mail is slow is still under way when others are done', async () => {
    const id = await register('alice+slow@example.com')
    await pass(10 * minuteMs)
    expect(await standingOf(id)).toEqual(['PENDING', 'submitted'])
    await pass(35 * minuteMs)
    expect(await standingOf(id)).toEqual(['PROCESSING', 'processing'])
    await pass(60 * minuteMs)
    expect(await standingOf(id)).toEqual(['APPROVED', 'approved'])
  })

  test('whose provider is down is told so, holds no made-up zero, and loses nothing', async () => {
    const id = await register('alice+down@example.com')
    await pass(minuteMs)
    expect(await standingOf(id)).toEqual(['PENDING', 'submitted'])
    const { failure_reasons, provider_response } = await registrationOf(id)
    expect(failure_reasons).toEqual([
      expect.stringContaining('The sandbox plays a provider that is down.'),
    ])
    expect(provider_response).toEqual({})
    expect((await balancesOf(id)).status).toBe(404)
    expect((await read(id)).synced).toBe(false)
    const email = 'alice@example.com'
    await customers.call('PUT', `/customers/${id}`, { body: { email } })
    await pass(60 * minuteMs)
    expect(await standingOf(id)).toEqual(['APPROVED', 'approved'])
    expect(await registrationOf(id)).toMatchObject({ failure_reasons: [] })
  })
})

test('a change is out of step until it is synced', async () => {
  const id = await register('alice@example.com')
  await pass(minuteMs)
  const before = await read(id)
  expect(before.synced).toBe(true)
  const body = { last_name: 'Johnson', city: 'Santos' }
  await customers.call('PUT', `/customers/${id}`, { body })
  expect(await read(id)).toMatchObject({ synced: false, status: 'APPROVED' })
  const sync = { providers: ['bridge'], fields: ['last_name', 'shipping'] }
  const answer = await customers.call('POST', `/customers/${id}/sync`, { body: sync })
  expect(answer.json).toMatchObject({ msg: 'Sync scheduled', data: { status: 'scheduled' } })
  expect((await read(id)).synced).toBe(false)
  await pass(minuteMs)
  const after = await read(id)
  expect(after.synced).toBe(true)
  expect(Date.parse(after.synced_at)).toBeGreaterThan(Date.parse(before.synced_at))
})

test('a balance is what was put there, and no more; a provider that goes down has none', async () => {
  const id = await register('alice@example.com')
  await pass(minuteMs)
  const { server } = customers
  const { parts, connection } = openSandbox(server, server.testApp.id)
  const { json } = await server.call('GET', `/v1/customers/${id}/registrations`)
  const remoteId = json.data[0].provider_customer_id
  const deposit = { remoteId, currency: 'BRL', available: 13_050, pending: 99 }
  await depositInSandbox(parts, connection, deposit)
  const total = { amount: 13_050, available: 13_050, pending: 99, reserved: 0 }
  expect(await totalsOf(id)).toEqual([{ currency: 'BRL', ...total, instant_payouts: 13_050 }])
  await server.system.database.transaction((db) =>
    db
      .updateTable('sandbox_customers')
      .set({ behaviour: 'down' })
      .where('remote_id', '=', remoteId)
      .execute(),
  )
  const answer = await balancesOf(id)
  expect([answer.status, answer.json.data]).toEqual([502, null])
})

const balancesOf = (id: string) =>
  customers.call('GET', `/customers/${id}/balances?provider=bridge&role=customer`)

const totalsOf = async (id: string) => (await balancesOf(id)).json.data.balances[0].totals
