// Owns the tests of reading customers of the bank: each list by an index of its own, at any depth.
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { makeBankingCustomer, setBankingStatus } from '../../../../test/banking-customers.ts'
import { engine, startTestServer, type TestServer } from '../../../../test/harness.ts'
import { explain, recordQueries } from '../../../../test/recorded-queries.ts'
import { refused } from '../../../../test/refused.ts'
import { parseId } from '../../lib/id.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { getBankingCustomer, listBankingCustomers } from './banking-customers.ts'
import type { BankingStatus } from './banking-status.ts'
import type { CustomerKind } from './customer.ts'
import { createCustomer } from './customer-service.ts'

let server: TestServer
let context: Context
/** Newest first. */
const saved: string[] = []
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  for (let count = 0; count < 6; count += 1) {
    const kind = count % 2 === 0 ? 'individual' : 'business'
    const { customerId } = await makeBankingCustomer(context, { kind })
    saved.unshift(parseId('customer', customerId) ?? '')
    await createCustomer(context, { kind, name: 'Not of the bank' })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => server.close())

const all = { kind: null, status: null, beforeId: null, limit: 50 }

test('those of the bank and nobody else, newest first, also inside a transaction', async () => {
  const ids = (await listBankingCustomers(context, all)).map(({ id }) => id)
  expect(ids).toEqual(saved)
  const inside = await inTransaction(context, (tx) => listBankingCustomers(tx, all))
  expect(inside.map(({ id }) => id)).toEqual(saved)
})

test('a transaction that is not over is not seen from outside', async () => {
  const { length } = saved
  await inTransaction(context, async (tx) => {
    await makeBankingCustomer(tx)
    expect(await listBankingCustomers(tx, all)).toHaveLength(length + 1)
    throw new Error('undone')
  }).catch(() => {})
  expect(await listBankingCustomers(context, all)).toHaveLength(length)
})

describe('plans', () => {
  const filters: [kind: CustomerKind | null, status: BankingStatus | null, index: string][] = [
    [null, null, 'customers_banking'],
    ['business', null, 'customers_banking_kind'],
    [null, 'ACTIVE', 'customers_banking_status'],
    ['business', 'ACTIVE', 'customers_banking_both'],
  ]

  test.each(filters)('of %s that are %s: %s, from the cursor on', async (kind, status, index) => {
    for (const beforeId of [null, saved[2] ?? '']) {
      const recorded = recordQueries(server)
      await listBankingCustomers(context, { kind, status, beforeId, limit: 2 })
      vi.restoreAllMocks()
      const [heads] = recorded
      if (!heads) throw new Error('the ids are asked for')
      const plan = await explain(server, heads)
      // PostgreSQL takes any index that gives the order while a table is small.
      const named = engine === 'sqlite' ? `INDEX ${index} (app_id=?` : 'Index'
      expect(plan).toContain(named)
      expect(plan).not.toMatch(/TEMP B-TREE|Sort|SCAN customers\b/)
      if (engine === 'sqlite' && beforeId !== null) expect(plan).toContain('id<?')
    }
  })
})

test('what is in memory is not read twice, and never stands there when it is old', async () => {
  const [id = ''] = saved
  await listBankingCustomers(context, all)
  const recorded = recordQueries(server)
  await listBankingCustomers(context, all)
  expect(recorded).toHaveLength(1)
  vi.restoreAllMocks()
  await setBankingStatus(context, id, 'FROZEN')
  const [first] = await listBankingCustomers(context, all)
  expect(first).toMatchObject({ id, bankingStatus: 'FROZEN' })
  await setBankingStatus(context, id, 'ACTIVE')
})

test('a record that no application was approved for is no customer of the bank', async () => {
  const { id } = await createCustomer(context, { kind: 'individual' })
  const error = await refused(() => getBankingCustomer(context, id))
  expect(error.definition.code).toBe('customer_not_found')
  expect((await getBankingCustomer(context, saved[0] ?? '')).bankingStatus).toBe('ACTIVE')
})
