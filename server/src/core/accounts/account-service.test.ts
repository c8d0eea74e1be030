// Owns the outcomes of opening, reading and naming accounts on a real database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeBankingCustomer } from '../../../../test/banking-customers.ts'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { parseId } from '../../lib/id.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { createCustomer, getCustomer, holdCustomer } from '../customer/customer-service.ts'
import { accountsMax } from './account.ts'
import {
  createAccount,
  getAccount,
  listAccounts,
  listHeldAccounts,
  openAccount,
  updateAccount,
} from './account-service.ts'
import { accountCurrencies } from './currencies.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const make = async () => parseId('customer', (await makeBankingCustomer(context)).customerId) ?? ''
const dollars = { type: 'DEPOSIT', currency: 'USD', nickname: null } as const
const open = (customerId: string, more: object = {}) =>
  createAccount(context, { customerId, ...dollars, ...more })
const anyPage = { customerId: null, status: null, currency: null, beforeId: null, limit: 50 }

describe('opening', () => {
  test('answers the account; it is in the history and can be read', async () => {
    const customerId = await make()
    const account = await open(customerId, { nickname: 'Payroll' })
    expect(account).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      customerId,
      type: 'DEPOSIT',
      currency: 'USD',
      status: 'ACTIVE',
      nickname: 'Payroll',
      createdAt: expect.any(Number),
      updatedAt: account.createdAt,
    })
    expect(await getAccount(context, account.id)).toEqual(account)
    const facts = await historyOf(context, customerId)
    expect(facts.at(-1)).toMatchObject({
      type: 'customer.account.opened',
      actor: 'operator:test',
      changes: { account },
    })
    expect((await getCustomer(context, customerId)).version).toBe(facts.length)
  })

  test('inside a transaction that fails afterwards, none was opened', async () => {
    const customerId = await make()
    const before = await listHeldAccounts(context, customerId)
    const work = inTransaction(context, async (tx) => {
      await openAccount(tx, await holdCustomer(tx, customerId), dollars)
      throw new Error('what came after failed')
    })
    await expect(work).rejects.toThrow('what came after failed')
    expect(await listHeldAccounts(context, customerId)).toEqual(before)
  })

  test('a customer has at most so many, and a refusal writes nothing', async () => {
    const customerId = await make()
    for (let count = 1; count < accountsMax; count += 1) await open(customerId)
    const { version } = await getCustomer(context, customerId)
    const error = await refused(() => open(customerId))
    expect(error.definition.code).toBe('accounts_full')
    expect(error.message).toContain(String(accountsMax))
    expect((await getCustomer(context, customerId)).version).toBe(version)
    expect(await listHeldAccounts(context, customerId)).toHaveLength(accountsMax)
  })

  test.each(['', 'usd', 'DEM', 'XAU', 'XXX', 'USDC', 'USD '])(
    'the currency "%s" is refused by name',
    async (currency) => {
      const customerId = await make()
      expect(await refused(() => open(customerId, { currency }))).toMatchObject({
        definition: { code: 'field_invalid' },
        param: 'currency',
      })
    },
  )

  test('a record that is no customer of the bank has none, nor has another app’s', async () => {
    const { id } = await createCustomer(context, { kind: 'individual' })
    const customerId = await make()
    const live = server.contextOf(server.liveApp)
    for (const work of [
      () => open(id),
      () => createAccount(live, { customerId, ...dollars }),
      () => listAccounts(context, { ...anyPage, customerId: id }),
      () => listAccounts(live, { ...anyPage, customerId }),
    ]) {
      expect(await refused(work)).toMatchObject({
        definition: { code: 'customer_not_found' },
        param: 'customerId',
      })
    }
  })
})

test('an account of another app looks missing, to a reader and to a writer', async () => {
  const account = await open(await make())
  const live = server.contextOf(server.liveApp)
  for (const work of [
    () => getAccount(live, account.id),
    () => updateAccount(live, account.id, { nickname: 'Mine' }),
  ]) {
    expect((await refused(work)).definition.code).toBe('account_not_found')
  }
  expect(await getAccount(context, account.id)).toEqual(account)
})

test('a nickname is one fact, and the same again is none', async () => {
  const customerId = await make()
  const { id } = await open(customerId)
  server.clock.advance(1_000)
  const named = await updateAccount(context, id, { nickname: 'Payroll' })
  expect(named.updatedAt).toBeGreaterThan(named.createdAt)
  const facts = await historyOf(context, customerId)
  expect(await updateAccount(context, id, { nickname: 'Payroll' })).toEqual(named)
  expect(await historyOf(context, customerId)).toEqual(facts)
  expect(facts.at(-1)).toMatchObject({ changes: { account: { id, nickname: 'Payroll' } } })
})

test('a sealed nickname does not open in the place of another account', async () => {
  const customerId = await make()
  const [one, other] = [await open(customerId, { nickname: 'One' }), await open(customerId)]
  await server.system.database.transaction(async (db) => {
    const { details } = await db
      .selectFrom('accounts')
      .select('details')
      .where('app_id', '=', context.app.id)
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow()
    await db
      .updateTable('accounts')
      .set({ details })
      .where('app_id', '=', context.app.id)
      .where('id', '=', other.id)
      .execute()
  })
  await expect(getAccount(context, other.id)).rejects.toThrow('does not open in its place')
})

test('every currency that can be chosen is one that the platform knows', () => {
  const known = new Set(Intl.supportedValuesOf('currency'))
  const younger = new Set(['XCG', 'ZWG', 'VED', 'SLE', 'XAD'])
  for (const code of accountCurrencies) {
    expect({ code, isKnown: known.has(code) || younger.has(code) }).toEqual({ code, isKnown: true })
  }
  expect(accountCurrencies.size).toBeGreaterThan(150)
})
