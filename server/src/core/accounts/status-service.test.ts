// Owns the outcomes of moving a customer of the bank: every pair, the accounts, the race.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeBankingCustomer } from '../../../../test/banking-customers.ts'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { parseId } from '../../lib/id.ts'
import type { Context } from '../context.ts'
import { type BankingStatus, bankingMachine, bankingStatuses } from '../customer/banking-status.ts'
import { createCustomer, getCustomer } from '../customer/customer-service.ts'
import { createAccount, listHeldAccounts } from './account-service.ts'
import { moveBankingStatus } from './status-service.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const reason = 'Report of a stolen card'
const move = (id: string, status: BankingStatus, from?: BankingStatus) =>
  moveBankingStatus(context, id, { status, reason, from })
const make = async (status: BankingStatus = 'ACTIVE') => {
  const { customerId } = await makeBankingCustomer(context, { status })
  return parseId('customer', customerId) ?? ''
}
const accountsOf = async (id: string) =>
  (await listHeldAccounts(context, id)).map(({ status }) => status)
const openAnother = (customerId: string) =>
  createAccount(context, { customerId, type: 'DEPOSIT', currency: 'EUR', nickname: null })

/** The product's public table, written out a second time. */
const allowed: Record<BankingStatus, BankingStatus[]> = {
  ACTIVE: ['EDD', 'DORMANT', 'CLOSED', 'FROZEN'],
  EDD: ['ACTIVE', 'CLOSED', 'FROZEN'],
  PENDING: ['ACTIVE', 'CLOSED'],
  FROZEN: ['ACTIVE', 'CLOSED', 'EDD'],
  DORMANT: ['ACTIVE', 'CLOSED', 'EDD'],
  CLOSED: [],
}
const pairs = bankingStatuses.flatMap((from) => bankingStatuses.map((to) => ({ from, to })))

test.each(pairs)('$from to $to: by the table, or refused with the list', async ({ from, to }) => {
  const id = await make(from)
  const before = await historyOf(context, id)
  if (allowed[from].includes(to)) {
    expect((await move(id, to)).bankingStatus).toBe(to)
    const last = (await historyOf(context, id)).at(-1)
    expect(last).toMatchObject({
      version: before.length + 1,
      type: 'customer.banking_status.changed',
      actor: 'operator:test',
      changes: { bankingStatus: to, from, reason },
    })
    return
  }
  const error = await refused(() => move(id, to))
  expect(error.definition.code).toBe('customer_status_refused')
  expect(error.message).toContain(
    `It is ${from} and cannot become ${to}; ` +
      `from ${from} it may become: ${allowed[from].join(', ') || 'nothing'}.`,
  )
  expect(await historyOf(context, id)).toEqual(before)
  expect((await getCustomer(context, id)).bankingStatus).toBe(from)
})

describe('accounts', () => {
  test('freeze with the customer, thaw with it, and close with it for good', async () => {
    const id = await make()
    await openAnother(id)
    expect(await accountsOf(id)).toEqual(['ACTIVE', 'ACTIVE'])
    await move(id, 'FROZEN')
    expect(await accountsOf(id)).toEqual(['FROZEN', 'FROZEN'])
    await move(id, 'EDD')
    expect(await accountsOf(id)).toEqual(['ACTIVE', 'ACTIVE'])
    await move(id, 'FROZEN')
    await move(id, 'ACTIVE')
    expect(await accountsOf(id)).toEqual(['ACTIVE', 'ACTIVE'])
    await move(id, 'FROZEN')
    await move(id, 'CLOSED')
    expect(await accountsOf(id)).toEqual(['CLOSED', 'CLOSED'])
  })

  test('stay as they are when the customer becomes EDD or DORMANT', async () => {
    const id = await make()
    await move(id, 'EDD')
    expect(await accountsOf(id)).toEqual(['ACTIVE'])
    await move(id, 'ACTIVE')
    await move(id, 'DORMANT')
    expect(await accountsOf(id)).toEqual(['ACTIVE'])
  })

  test('of another customer are left alone', async () => {
    const [id, other] = [await make(), await make()]
    await move(id, 'CLOSED')
    expect(await accountsOf(other)).toEqual(['ACTIVE'])
  })

  test('and the customer commit together: a failure leaves both', async () => {
    const id = await make()
    const failing: Context = {
      ...context,
      vault: {
        ...context.vault,
        seal: () => {
          throw new Error('the seal breaks')
        },
      },
    }
    const work = moveBankingStatus(failing, id, { status: 'FROZEN', reason })
    await expect(work).rejects.toThrow('the seal breaks')
    expect(await accountsOf(id)).toEqual(['ACTIVE'])
    expect((await getCustomer(context, id)).bankingStatus).toBe('ACTIVE')
  })

  test('opened while the customer is being frozen are frozen, or refused', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await make()
      const open = () =>
        openAnother(id)
          .then(() => true)
          .catch(() => false)
      await Promise.all([open(), open(), move(id, 'FROZEN'), open(), open()])
      expect(new Set(await accountsOf(id))).toEqual(new Set(['FROZEN']))
    }
  })
})

describe('two operators at once', () => {
  const outcomeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'won',
      (error: Error) => error.message,
    )

  test('one wins, and the other is told the state it lost to', async () => {
    for (let round = 0; round < 20; round += 1) {
      const id = await make()
      const outcomes = await Promise.all([
        outcomeOf(move(id, 'FROZEN', 'ACTIVE')),
        outcomeOf(move(id, 'DORMANT', 'ACTIVE')),
      ])
      const { bankingStatus } = await getCustomer(context, id)
      expect(outcomes.filter((one) => one === 'won')).toHaveLength(1)
      const lost = outcomes.find((one) => one !== 'won')
      const next = bankingMachine.movesFrom(bankingStatus ?? 'ACTIVE').join(', ')
      expect(lost).toContain(
        `The customer is ${bankingStatus} and not ACTIVE: somebody else has moved it. ` +
          `From ${bankingStatus} it may become: ${next}.`,
      )
      const moves = (await historyOf(context, id)).filter(
        ({ changes }) => Reflect.get(changes, 'reason') === reason,
      )
      expect(moves).toHaveLength(1)
    }
  })

  test('the same move twice is one move: the second is not allowed from there', async () => {
    const id = await make()
    const outcomes = await Promise.all([
      outcomeOf(move(id, 'FROZEN')),
      outcomeOf(move(id, 'FROZEN')),
    ])
    expect(outcomes.filter((one) => one === 'won')).toHaveLength(1)
    expect(outcomes.find((one) => one !== 'won')).toContain('It is FROZEN')
  })
})

describe('refused', () => {
  test('a record of which no application was approved', async () => {
    const { id } = await createCustomer(context, { kind: 'individual', name: 'Alice Smith' })
    const error = await refused(() => move(id, 'FROZEN'))
    expect(error.definition.code).toBe('customer_not_banking')
    expect((await getCustomer(context, id)).version).toBe(1)
  })

  test("another app's customer is not there", async () => {
    const id = await make()
    const live = server.contextOf(server.liveApp)
    const error = await refused(() => moveBankingStatus(live, id, { status: 'FROZEN', reason }))
    expect(error.definition.code).toBe('customer_not_found')
    expect((await getCustomer(context, id)).bankingStatus).toBe('ACTIVE')
  })

  test.each(['', ' ', 'a\u0007', 'x'.repeat(501)])('the reason %j', async (wrong) => {
    const id = await make()
    const work = () => moveBankingStatus(context, id, { status: 'FROZEN', reason: wrong })
    expect((await refused(work)).param).toBe('reason')
  })
})

test('the reason is sealed: no table shows it', async () => {
  const id = await make()
  await moveBankingStatus(context, id, { status: 'FROZEN', reason: 'Unmistakable' })
  const rows = [
    ...(await context.db.selectFrom('events').selectAll().execute()),
    ...(await context.db.selectFrom('customers').selectAll().execute()),
  ]
  const text = rows.flatMap((row) =>
    Object.values(row).map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
    ),
  )
  expect(text.join('\n')).not.toContain('Unmistakable')
  expect(JSON.stringify(await historyOf(context, id))).toContain('Unmistakable')
})
