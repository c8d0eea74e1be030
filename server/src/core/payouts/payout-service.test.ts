// Owns the outcomes of accepting, reading and cancelling payouts on a real database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { addBankAccount } from '../bank-accounts/bank-account-service.ts'
import type { Context } from '../context.ts'
import { customerErrors } from '../customer/customer.ts'
import { createCustomer, getCustomer } from '../customer/customer-service.ts'
import { type PayoutStatus, payoutErrors } from './payout.ts'
import type { NewPayout } from './payout-rules.ts'
import { cancelPayout, createPayout, getPayout, listPayouts } from './payout-service.ts'

let server: TestServer
let context: Context
let liveApp: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  liveApp = server.contextOf(server.liveApp)
})
afterAll(() => server.close())

const seedNumber = '0070327530004025541644'
const otherNumber = '2850590940090418135201'
const unknownId = '01890a5d-ac96-774b-bcce-b302099a8057'

const newCustomer = async () =>
  (await createCustomer(context, { kind: 'individual', name: 'Gerardo Ratto' })).id

const addAccount = (customerId: string, accountNumber: string | null) =>
  addBankAccount(context, {
    customerId,
    country: 'AR',
    currency: 'ARS',
    rail: 'OTHER',
    accountType: 'checking',
    holderName: 'Gerardo Ratto',
    accountNumber,
    metadata: {},
  })

const payoutOf = (more: Partial<NewPayout> = {}): NewPayout => ({
  amount: '5000.00',
  currency: 'ARS',
  customerId: null,
  cbu: seedNumber,
  name: null,
  cuit: null,
  ...more,
})
const create = (more: Partial<NewPayout> = {}) => createPayout(context, payoutOf(more))

const jobsOf = (payoutId: string) =>
  context.db.selectFrom('jobs').selectAll().where('subject_id', '=', payoutId).execute()

async function countRows(): Promise<number[]> {
  const count = async (table: 'payouts' | 'jobs' | 'events') =>
    (await context.db.selectFrom(table).select('app_id').execute()).length
  return [await count('payouts'), await count('jobs'), await count('events')]
}

describe('accepting', () => {
  test('answers the payout; the customer, its history and the job know of it', async () => {
    const customerId = await newCustomer()
    const account = await addAccount(customerId, seedNumber)
    const payout = await create({ customerId, name: 'Gerardo Ratto', cuit: '20221370075' })
    const shown = {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      customerId,
      bankAccountId: account.id,
      amountMinor: 500_000,
      currency: 'ARS',
      destination: { cbu: seedNumber, name: 'Gerardo Ratto', cuit: '20221370075' },
      status: 'pending',
      attempts: 0,
      errorMessage: null,
      createdAt: expect.any(Number),
      submittedAt: null,
      completedAt: null,
    }
    expect(payout).toEqual(shown)
    expect(await getPayout(context, payout.id)).toEqual(payout)
    const lastPayoutAt = payout.createdAt
    expect(await getCustomer(context, customerId)).toMatchObject({ lastPayoutAt, version: 3 })
    expect((await historyOf(context, customerId))[2]).toEqual({
      version: 3,
      type: 'customer.payout.accepted',
      actor: 'operator:test',
      changes: { payout, lastPayoutAt },
    })
    const dueAt = { run_at: payout.createdAt + 1_000, kind: 'payout.submit', status: 'waiting' }
    expect(await jobsOf(payout.id)).toMatchObject([{ app_id: context.app.id, ...dueAt }])
  })

  test('without a number the default bank account stands in, and the number is not shown', async () => {
    const customerId = await newCustomer()
    const account = await addAccount(customerId, seedNumber)
    expect(await create({ customerId, cbu: null })).toMatchObject({
      bankAccountId: account.id,
      destination: { cbu: null, name: null, cuit: null },
    })
  })

  test("a number that is not one of the customer's accounts stays unlinked", async () => {
    const customerId = await newCustomer()
    await addAccount(customerId, seedNumber)
    expect(await create({ customerId, cbu: otherNumber })).toMatchObject({
      customerId,
      bankAccountId: null,
      destination: { cbu: otherNumber },
    })
  })

  test('without a customer there is a payout and no history', async () => {
    const [, , events] = await countRows()
    const payout = await create()
    expect(payout).toMatchObject({ customerId: null, bankAccountId: null })
    expect(await getPayout(context, payout.id)).toEqual(payout)
    expect((await countRows())[2]).toBe(events)
  })

  test('in a live app no job is made: an operator says the outcome', async () => {
    const payout = await createPayout(liveApp, payoutOf())
    expect(payout.status).toBe('pending')
    expect(await jobsOf(payout.id)).toEqual([])
  })

  test.each<[string, Partial<NewPayout>, { code: string; param: string }]>([
    ['no amount', { amount: '' }, { code: 'field_invalid', param: 'amount' }],
    ['zero', { amount: '0.00' }, { code: 'field_invalid', param: 'amount' }],
    ['an exponent', { amount: '1e3' }, { code: 'field_invalid', param: 'amount' }],
    ['less than nothing', { amount: '-1' }, { code: 'field_invalid', param: 'amount' }],
    ['a tenth of a cent', { amount: '0.001' }, { code: 'field_invalid', param: 'amount' }],
    ['dollars', { currency: 'USD' }, { code: 'field_invalid', param: 'currency' }],
    ['23 digits', { cbu: `${seedNumber}0` }, { code: 'field_invalid', param: 'destinationCbu' }],
    ['a blank name', { name: ' ' }, { code: 'field_invalid', param: 'destinationName' }],
    ['a bad CUIT', { cuit: '20221370076' }, { code: 'field_invalid', param: 'destinationCuit' }],
    ['nowhere', { cbu: null }, { code: 'payout_destination_missing', param: 'destinationCbu' }],
    ['nobody', { customerId: unknownId }, { code: 'customer_not_found', param: 'customerId' }],
  ])('%s is refused by name and writes nothing', async (_what, wrong, { code, param }) => {
    const before = await countRows()
    const refusal = await refused(() => create(wrong))
    expect(refusal).toMatchObject({ definition: { code }, param })
    expect(await countRows()).toEqual(before)
  })

  test('a customer without a default number is no destination', async () => {
    const customerId = await newCustomer()
    const missing = { definition: payoutErrors.payout_destination_missing, param: 'destinationCbu' }
    expect(await refused(() => create({ customerId, cbu: null }))).toMatchObject(missing)
    await addAccount(customerId, null)
    expect(await refused(() => create({ customerId, cbu: null }))).toMatchObject(missing)
    expect(await historyOf(context, customerId)).toHaveLength(2)
  })

  test("another app's customer looks missing", async () => {
    const customerId = await newCustomer()
    const refusal = await refused(() => createPayout(liveApp, payoutOf({ customerId })))
    expect(refusal).toMatchObject({
      definition: customerErrors.customer_not_found,
      param: 'customerId',
    })
  })

  test('what fails later in the same transaction takes payout, event and job with it', async () => {
    const customerId = await newCustomer()
    const before = await countRows()
    const doomed = inTransaction(context, async (tx) => {
      await createPayout(tx, payoutOf({ customerId }))
      throw new Error('later')
    })
    await expect(doomed).rejects.toThrow('later')
    expect(await countRows()).toEqual(before)
    expect(await getCustomer(context, customerId)).toMatchObject({ lastPayoutAt: null, version: 1 })
  })

  test('30 at once to one customer: 30 payouts, 30 events, no version missing', async () => {
    const customerId = await newCustomer()
    const made = await Promise.all(Array.from({ length: 30 }, () => create({ customerId })))
    expect(new Set(made.map((payout) => payout.id)).size).toBe(30)
    expect(await historyOf(context, customerId)).toHaveLength(31)
    const latest = Math.max(...made.map((payout) => payout.createdAt))
    expect((await getCustomer(context, customerId)).lastPayoutAt).toBe(latest)
  })
})

describe('reading', () => {
  const list = (more: { customerId?: string; status?: PayoutStatus; startingAfter?: string }) =>
    listPayouts(context, {
      customerId: more.customerId ?? null,
      status: more.status ?? null,
      startingAfter: more.startingAfter ?? null,
      limit: 2,
    })

  test('is newest first, by customer and status, and goes on after the cursor', async () => {
    const customerId = await newCustomer()
    const made = []
    for (let number = 0; number < 3; number += 1) made.unshift(await create({ customerId }))
    const stranger = await create()
    const [newest, middle, oldest] = made
    expect(await list({})).toEqual([stranger, newest])
    expect(await list({ customerId })).toEqual([newest, middle])
    await create({ customerId })
    expect(await list({ customerId, startingAfter: String(middle?.id) })).toEqual([oldest])
    const cancelled = await cancelPayout(context, String(middle?.id))
    expect(await list({ customerId, status: 'cancelled' })).toEqual([cancelled])
    expect(await list({ customerId, status: 'completed' })).toEqual([])
  })

  test('an unknown cursor or customer is refused', async () => {
    expect(await refused(() => list({ startingAfter: unknownId }))).toMatchObject({
      definition: payoutErrors.payout_cursor_unknown,
      param: 'startingAfter',
    })
    expect(await refused(() => list({ customerId: unknownId }))).toMatchObject({
      definition: customerErrors.customer_not_found,
    })
  })

  test("another app's payout looks missing", async () => {
    const { id } = await create()
    const missing = { definition: payoutErrors.payout_not_found }
    expect(await refused(() => getPayout(liveApp, id))).toMatchObject(missing)
    expect(await refused(() => cancelPayout(liveApp, id))).toMatchObject(missing)
    const all = { customerId: null, status: null, limit: 200, startingAfter: null }
    expect((await listPayouts(liveApp, all)).map((payout) => payout.id)).not.toContain(id)
    expect(await refused(() => listPayouts(liveApp, { ...all, startingAfter: id }))).toMatchObject({
      definition: payoutErrors.payout_cursor_unknown,
    })
    expect((await getPayout(context, id)).status).toBe('pending')
  })
})

describe('cancelling', () => {
  test('while pending: one event; a second time is refused', async () => {
    const customerId = await newCustomer()
    const { id, ...payout } = await create({ customerId })
    expect(await cancelPayout(context, id)).toEqual({ ...payout, id, status: 'cancelled' })
    expect((await historyOf(context, customerId)).slice(2)).toEqual([
      {
        version: 3,
        type: 'customer.payout.cancelled',
        actor: 'operator:test',
        changes: { payout: { id, status: 'cancelled' } },
      },
    ])
    const again = await refused(() => cancelPayout(context, id))
    expect(again).toMatchObject({ definition: payoutErrors.payout_status_refused })
    expect(again.message).toContain('It is cancelled and cannot become cancelled')
    expect(await historyOf(context, customerId)).toHaveLength(3)
  })
})
