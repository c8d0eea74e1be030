// Owns the promise that what must be unique is, whoever comes at the same moment (P11).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCustomer, updateCustomer } from '../server/src/core/customer/customer-service.ts'
import { AppError } from '../server/src/core/errors.ts'
import { countRows } from './count-rows.ts'
import { type Answer, startTestServer, type TestServer } from './harness.ts'
import { runs } from './runs.ts'

const rounds = runs({ few: 5, full: 200 })
const callers = 50

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const codeOf = (result: PromiseSettledResult<unknown>) => {
  if (result.status === 'fulfilled') return 'done'
  if (result.reason instanceof AppError) return result.reason.definition.code
  throw result.reason
}

function count(values: (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

test('of 50 creators with one external id one wins, and the others leave nothing', async () => {
  const context = server.contextOf(server.testApp)
  for (let round = 0; round < rounds; round += 1) {
    const before = await countRows(server.system)
    const externalId = `seller-${round}`
    const calls = Array.from({ length: callers }, (_, index) =>
      createCustomer(context, {
        kind: 'individual',
        name: `Seller ${index}`,
        email: `seller${index}@example.com`,
        externalId,
      }),
    )
    const results = await Promise.allSettled(calls)
    expect(count(results.map(codeOf))).toEqual({ done: 1, external_id_taken: callers - 1 })
    expect(await countRows(server.system)).toEqual({
      ...before,
      customers: before.customers + 1,
      customer_lookups: before.customer_lookups + 1,
      events: before.events + 1,
    })
  }
})

test('another app has external ids of its own', async () => {
  const input = { kind: 'individual' as const, name: 'Ana', externalId: 'shared' }
  await createCustomer(server.contextOf(server.testApp), input)
  const other = await createCustomer(server.contextOf(server.liveApp), input)
  expect(other.externalId).toBe('shared')
})

test('of customers that take one external id at once one wins', async () => {
  const context = server.contextOf(server.testApp)
  const made = await Promise.all(
    Array.from({ length: 10 }, () => createCustomer(context, { kind: 'individual', name: 'Ana' })),
  )
  const changes = { externalId: 'taken-at-once' }
  const results = await Promise.allSettled(
    made.map(({ id }) => updateCustomer(context, id, changes)),
  )
  expect(count(results.map(codeOf))).toEqual({ done: 1, external_id_taken: 9 })
})

const account = {
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking',
  holderName: 'Ana',
}

async function newAccountsPath(): Promise<{ customerId: string; path: string }> {
  const body = { type: 'individual', name: 'Ana', country: 'AR' }
  const { customerId } = (await server.call('POST', '/payouts/customers', { body })).json
  return { customerId, path: `/payouts/customers/${customerId}/bank-accounts` }
}

test('of 50 callers that add one bank account number to a customer one wins', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { customerId, path } = await newAccountsPath()
    const before = await countRows(server.system)
    const body = { ...account, accountNumber: '0070327530004025541644' }
    const calls = Array.from({ length: callers }, () => server.call('POST', path, { body }))
    const answers = await Promise.all(calls)
    expect(count(answers.map(({ status }) => status))).toEqual({ 201: 1, 409: callers - 1 })
    const loser = answers.find(({ status }) => status === 409)
    expect(loser?.json.error).toMatchObject({ code: 'conflict', param: 'accountNumber' })
    const winner = answers.find(({ status }) => status === 201)
    const customer = await server.call('GET', `/payouts/customers/${customerId}`)
    expect(customer.json.defaultBankAccountId).toBe(winner?.json.bankAccountId)
    expect(await countRows(server.system)).toEqual({
      ...before,
      bank_accounts: before.bank_accounts + 1,
      events: before.events + 1,
    })
  }
})

test('one number on two customers is two bank accounts', async () => {
  const body = { ...account, accountNumber: '0070327530004025541644' }
  for (const { path } of [await newAccountsPath(), await newAccountsPath()]) {
    expect((await server.call('POST', path, { body })).status).toBe(201)
  }
})

test('of accounts that are added at once none is lost, and one is the default', async () => {
  const { customerId, path } = await newAccountsPath()
  const calls = Array.from({ length: 20 }, () => server.call('POST', path, { body: account }))
  const answers: Answer[] = await Promise.all(calls)
  expect(count(answers.map(({ status }) => status))).toEqual({ 201: 20 })
  const customer = await server.call('GET', `/payouts/customers/${customerId}`)
  const stored = await server.system.db
    .selectFrom('customers')
    .select('version')
    .where('app_id', '=', server.testApp.id)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  expect(stored.version).toBe(21)
  const ids = answers.map(({ json }) => json.bankAccountId)
  expect(ids).toContain(customer.json.defaultBankAccountId)
})
