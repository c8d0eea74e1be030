// Owns the outcomes of the bank account service on a real database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { customerErrors } from '../customer/customer.ts'
import { createCustomer, getCustomer, holdCustomer } from '../customer/customer-service.ts'
import { fieldErrors } from '../fields.ts'
import { bankAccountErrors } from './bank-account.ts'
import {
  addBankAccount,
  findBankAccountByNumber,
  findDefaultDestination,
  listBankAccounts,
  type NewBankAccount,
  setDefaultBankAccount,
} from './bank-account-service.ts'

let server: TestServer
let context: Context
let otherApp: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  otherApp = server.contextOf(server.liveApp)
})
afterAll(() => server.close())

const seedNumber = '0070327530004025541644'
const otherNumber = '2850590940090418135201'
const unknownId = '01890a5d-ac96-774b-bcce-b302099a8057'

const newCustomer = async () =>
  (await createCustomer(context, { kind: 'individual', name: 'Gerardo Ratto' })).id

const accountOf = (customerId: string, more: Partial<NewBankAccount> = {}): NewBankAccount => ({
  customerId,
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking',
  holderName: 'Gerardo Ratto',
  accountNumber: seedNumber,
  metadata: { cuit: '20221370075' },
  ...more,
})
const add = (customerId: string, more: Partial<NewBankAccount> = {}) =>
  addBankAccount(context, accountOf(customerId, more))
const list = (customerId: string, startingAfter: string | null = null, limit = 50) =>
  listBankAccounts(context, { customerId, limit, startingAfter })

const rowsOf = (customerId: string) =>
  context.db
    .selectFrom('bank_accounts')
    .selectAll()
    .where('app_id', '=', context.app.id)
    .where('customer_id', '=', customerId)
    .execute()

describe('adding', () => {
  test('answers the account without its number; the first one becomes the default', async () => {
    const customerId = await newCustomer()
    const account = await add(customerId)
    const shown = {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      customerId,
      country: 'AR',
      currency: 'ARS',
      rail: 'OTHER',
      accountType: 'checking',
      accountNumberLast4: '1644',
      holderName: 'Gerardo Ratto',
      metadata: { cuit: '20221370075' },
      createdAt: expect.any(Number),
    }
    expect(account).toEqual(shown)
    expect(await list(customerId)).toEqual([account])
    const customer = await getCustomer(context, customerId)
    expect(customer).toMatchObject({ defaultBankAccountId: account.id, version: 2 })
    const [, added] = await historyOf(context, customerId)
    expect(added).toEqual({
      version: 2,
      type: 'customer.bank_account.added',
      actor: 'operator:test',
      changes: {
        bankAccount: { ...account, accountNumber: seedNumber },
        defaultBankAccountId: account.id,
      },
    })
  })

  test('a second one leaves the default, and its event says so', async () => {
    const customerId = await newCustomer()
    const first = await add(customerId)
    const second = await add(customerId, { accountNumber: otherNumber, accountType: 'savings' })
    expect((await getCustomer(context, customerId)).defaultBankAccountId).toBe(first.id)
    expect((await historyOf(context, customerId))[2]).toMatchObject({
      type: 'customer.bank_account.added',
      changes: { bankAccount: { ...second, accountNumber: otherNumber } },
    })
    expect((await historyOf(context, customerId))[2]?.changes).not.toHaveProperty(
      'defaultBankAccountId',
    )
  })

  test('number, holder and metadata stand in no row', async () => {
    const customerId = await newCustomer()
    await add(customerId)
    const [row] = await rowsOf(customerId)
    const bytes = Object.values(row ?? {}).map((value) =>
      value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)),
    )
    expect(bytes.length).toBeGreaterThan(5)
    for (const secret of [seedNumber, 'Gerardo', 'Ratto', '20221370075', 'cuit']) {
      expect(bytes.some((value) => value.includes(secret))).toBe(false)
    }
  })

  test('the same number twice on one customer is refused; on another it is fine', async () => {
    const [customerId, otherId] = [await newCustomer(), await newCustomer()]
    const account = await add(customerId)
    expect(await refused(() => add(customerId, { holderName: 'Another' }))).toMatchObject({
      definition: bankAccountErrors.bank_account_exists,
      param: 'accountNumber',
    })
    expect(await list(customerId)).toEqual([account])
    expect(await historyOf(context, customerId)).toHaveLength(2)
    expect(await add(otherId)).toMatchObject({ accountNumberLast4: '1644' })
  })

  test('of 20 at once with one number one wins, and it is the default', async () => {
    const customerId = await newCustomer()
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => add(customerId)))
    const refusals = results.filter((result) => result.status === 'rejected')
    expect(refusals.map(({ reason }) => reason.definition)).toEqual(
      Array.from({ length: 19 }, () => bankAccountErrors.bank_account_exists),
    )
    const [account, ...more] = await list(customerId)
    expect(more).toEqual([])
    expect((await getCustomer(context, customerId)).defaultBankAccountId).toBe(account?.id)
    expect(await historyOf(context, customerId)).toHaveLength(2)
  })

  test('without a number there may be several', async () => {
    const customerId = await newCustomer()
    for (const accountNumberLast4 of [null, null]) {
      expect(await add(customerId, { accountNumber: null })).toMatchObject({ accountNumberLast4 })
    }
    expect(await list(customerId)).toHaveLength(2)
  })

  test.each<[Partial<NewBankAccount>, string]>([
    [{ country: 'BR' }, 'country'],
    [{ currency: 'USD' }, 'currency'],
    [{ rail: 'ACH' }, 'rail'],
    [{ holderName: ' ' }, 'holderName'],
    [{ holderName: 'x'.repeat(201) }, 'holderName'],
    [{ accountNumber: '' }, 'accountNumber'],
    [{ accountNumber: `${seedNumber}0` }, 'accountNumber'],
    [{ accountNumber: '0000003100012345678901' }, 'accountNumber'],
    [{ metadata: { cuit: '20221370076' } }, 'metadata.cuit'],
    [{ metadata: { a: '\u0000' } }, 'metadata.a'],
  ])('%j is refused by name and writes nothing', async (wrong, param) => {
    const customerId = await newCustomer()
    const refusal = await refused(() => add(customerId, wrong))
    expect(refusal).toMatchObject({ definition: fieldErrors.field_invalid, param })
    expect(await rowsOf(customerId)).toEqual([])
    expect(await historyOf(context, customerId)).toHaveLength(1)
  })

  test('what fails later in the same transaction takes the account with it', async () => {
    const customerId = await newCustomer()
    const doomed = inTransaction(context, async (tx) => {
      await addBankAccount(tx, accountOf(customerId))
      throw new Error('later')
    })
    await expect(doomed).rejects.toThrow('later')
    expect(await list(customerId)).toEqual([])
    expect(await getCustomer(context, customerId)).toMatchObject({ defaultBankAccountId: null })
  })
})

describe('listing', () => {
  test('is oldest first and goes on after the cursor', async () => {
    const customerId = await newCustomer()
    const made = []
    for (let number = 0; number < 3; number += 1) {
      made.push(await add(customerId, { accountNumber: null, holderName: `Holder ${number}` }))
    }
    expect(await list(customerId, null, 2)).toEqual(made.slice(0, 2))
    expect(await list(customerId, made[1]?.id, 2)).toEqual(made.slice(2))
    expect(await list(customerId, made[2]?.id)).toEqual([])
  })

  test("a cursor that is not this customer's is refused", async () => {
    const [customerId, otherId] = [await newCustomer(), await newCustomer()]
    const foreign = await add(otherId)
    for (const cursor of [foreign.id, unknownId]) {
      expect(await refused(() => list(customerId, cursor))).toMatchObject({
        definition: bankAccountErrors.bank_account_cursor_unknown,
        param: 'startingAfter',
      })
    }
  })
})

describe('the default', () => {
  test('changes with one event, and not at all when it is the default already', async () => {
    const customerId = await newCustomer()
    const first = await add(customerId)
    const second = await add(customerId, { accountNumber: otherNumber })
    const choose = (bankAccountId: string) =>
      setDefaultBankAccount(context, { customerId, bankAccountId })
    expect(await choose(first.id)).toMatchObject({ defaultBankAccountId: first.id, version: 3 })
    expect(await choose(second.id)).toMatchObject({ defaultBankAccountId: second.id, version: 4 })
    expect((await historyOf(context, customerId)).slice(3)).toEqual([
      {
        version: 4,
        type: 'customer.default_bank_account.changed',
        actor: 'operator:test',
        changes: { defaultBankAccountId: second.id },
      },
    ])
  })

  test("another customer's account looks missing", async () => {
    const [customerId, otherId] = [await newCustomer(), await newCustomer()]
    const foreign = await add(otherId)
    for (const bankAccountId of [foreign.id, unknownId]) {
      expect(
        await refused(() => setDefaultBankAccount(context, { customerId, bankAccountId })),
      ).toMatchObject({
        definition: bankAccountErrors.bank_account_not_found,
        param: 'bankAccountId',
      })
    }
    expect(await getCustomer(context, customerId)).toMatchObject({ defaultBankAccountId: null })
  })

  test('is where a payout goes, number included; without one there is no destination', async () => {
    const customerId = await newCustomer()
    const destinationOf = () =>
      inTransaction(context, async (tx) =>
        findDefaultDestination(tx, await holdCustomer(tx, customerId)),
      )
    expect(await destinationOf()).toBeNull()
    const { id } = await add(customerId)
    const expected = { bankAccountId: id, currency: 'ARS', accountNumber: seedNumber }
    expect(await destinationOf()).toEqual(expected)
  })
})

test('an account is found by its number, on its own customer and app only', async () => {
  const [customerId, otherId] = [await newCustomer(), await newCustomer()]
  const { id } = await add(customerId)
  expect(await findBankAccountByNumber(context, customerId, seedNumber)).toBe(id)
  expect(await findBankAccountByNumber(context, customerId, otherNumber)).toBeNull()
  expect(await findBankAccountByNumber(context, otherId, seedNumber)).toBeNull()
  expect(await findBankAccountByNumber(otherApp, customerId, seedNumber)).toBeNull()
})

test("another app's customer looks missing", async () => {
  const customerId = await newCustomer()
  const { id } = await add(customerId)
  const uses = [
    () => addBankAccount(otherApp, accountOf(customerId)),
    () => listBankAccounts(otherApp, { customerId, limit: 1, startingAfter: null }),
    () => setDefaultBankAccount(otherApp, { customerId, bankAccountId: id }),
  ]
  for (const use of uses) {
    expect(await refused(use)).toMatchObject({ definition: customerErrors.customer_not_found })
  }
  expect(await historyOf(context, customerId)).toHaveLength(2)
})
