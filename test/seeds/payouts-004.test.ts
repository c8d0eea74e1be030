import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test('a customer is created, given an account, paid, and shows last_out', async () => {
  const customer = await server.call('POST', '/payouts/customers', {
    body: { type: 'individual', name: 'Gerardo Ratto', country: 'AR' },
  })
  expect(customer.status).toBe(201)
  const id = customer.json.customerId
  const account = await server.call('POST', `/payouts/customers/${id}/bank-accounts`, {
    body: {
      country: 'AR',
      currency: 'ARS',
      rail: 'OTHER',
      accountType: 'checking',
      holderName: 'Gerardo Ratto',
      accountNumber: '0070327530004025541644',
      metadata: { cuit: '20221370075' },
    },
  })
  expect(account.json).toMatchObject({ accountNumberLast4: '1644' })
  const payout = await server.call('POST', '/payouts/payouts', {
    headers: { 'idempotency-key': 'a' },
    body: {
      amount: '5000.00',
      currency: 'ARS',
      destinationCbu: '0070327530004025541644',
      customerId: id,
    },
  })
  expect(payout.json).toMatchObject({
    status: 'pending',
    bankAccountId: account.json.bankAccountId,
  })
  await server.drainJobs()
  const after = await server.call('GET', `/payouts/payouts/${payout.json.id}`)
  expect(after.json.status).toBe('completed')
  expect((await server.call('GET', `/payouts/customers/${id}`)).json.last_out).not.toBeNull()
})
