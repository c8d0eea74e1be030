// Owns the proof that a record made anew from its history is the record as it was.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeBankingCustomer } from '../../../../test/banking-customers.ts'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { parseId } from '../../lib/id.ts'
import { moveBankingStatus } from '../accounts/status-service.ts'
import type { Context } from '../context.ts'
import type { Customer } from './customer.ts'
import { createCustomer, getCustomer, updateCustomer } from './customer-service.ts'
import { getCustomerAsOf, updateCustomerAt } from './history-service.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

test('at every version it is what was answered then', async () => {
  const made = await createCustomer(context, {
    kind: 'individual',
    givenName: 'Alice',
    familyName: 'Smith',
    phoneParts: { countryCode: '55', areaCode: '13', number: '991234567' },
    metadata: { plan: 'gold' },
  })
  const seen: Customer[] = [made]
  const changes = [
    { name: 'Alice Jones' },
    { country: 'BR', externalId: 'user-past' },
    { metadata: {} },
    { email: 'alice@example.com' },
    { name: null, kind: 'business' as const },
  ]
  for (const change of changes) seen.push(await updateCustomer(context, made.id, change))
  for (const record of seen) {
    const { version } = record
    expect(await getCustomerAsOf(context, made.id, { version })).toEqual(record)
  }
})

test('what facets set on the record is in its past too', async () => {
  const { customerId } = await makeBankingCustomer(context)
  const id = parseId('customer', customerId) ?? ''
  await moveBankingStatus(context, id, { status: 'FROZEN', reason: 'Report' })
  const now = await getCustomer(context, id)
  expect(await getCustomerAsOf(context, id, { version: now.version })).toEqual(now)
  const before = await getCustomerAsOf(context, id, { version: now.version - 1 })
  expect([before.bankingStatus, now.bankingStatus]).toEqual(['ACTIVE', 'FROZEN'])
})

test('a time before the first event, and a version after the last one, are not there', async () => {
  const { id } = await createCustomer(context, { kind: 'individual' })
  const refused = { definition: { code: 'version_not_found' } }
  await expect(getCustomerAsOf(context, id, { time: 0 })).rejects.toMatchObject(refused)
  await expect(getCustomerAsOf(context, id, { version: 2 })).rejects.toMatchObject(refused)
})

test('a change that rests on an earlier version is refused, whatever it says', async () => {
  const { id } = await createCustomer(context, { kind: 'individual' })
  await updateCustomerAt(context, id, [1], { country: 'BR' })
  const late = updateCustomerAt(context, id, [1], { country: 'BR' })
  await expect(late).rejects.toMatchObject({
    definition: { code: 'version_stale' },
    issues: [{ param: 'country', message: 'changed with version 2 (customer.updated)' }],
  })
  expect((await getCustomer(context, id)).version).toBe(2)
})
