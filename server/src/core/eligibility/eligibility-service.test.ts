// Owns what eligibility costs, and who is said to act: the rest is held against the surfaces in
// test/eligibility.test.ts.
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { makeBankingCustomer } from '../../../../test/banking-customers.ts'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { makePayable } from '../../../../test/payable-customers.ts'
import { recordQueries } from '../../../../test/recorded-queries.ts'
import { refused, refusedParam } from '../../../../test/refused.ts'
import { parseId } from '../../lib/id.ts'
import { calls } from '../../surfaces/platform/wire-eligibility.ts'
import { surfaces } from '../../surfaces/surfaces.ts'
import { accountsMax } from '../accounts/account.ts'
import { createAccount } from '../accounts/account-service.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { submitRegistration } from '../registrations/registration-service.ts'
import { type EligibilityAction, eligibilityActions, type Narrowing } from './eligibility.ts'
import { getEligibility } from './eligibility-service.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())
afterEach(() => {
  vi.restoreAllMocks()
})

const anything: Narrowing = {
  amount: null,
  currency: null,
  bankAccountId: null,
  walletId: null,
  paymentIntentId: null,
  subscriptionId: null,
  provider: null,
  role: null,
}

async function ask(id: string, action: EligibilityAction, more: Partial<Narrowing> = {}) {
  const narrowing = { ...anything, ...more }
  const { actions } = await getEligibility(context, id, { action, narrowing })
  const [found] = actions
  if (!found) throw new Error('an action is answered')
  return found
}

async function newCustomer(): Promise<string> {
  const input = { kind: 'individual', name: 'Ana', email: 'ana@example.com' } as const
  return (await createCustomer(context, input)).id
}

/** One that has much of everything. */
async function busyCustomer() {
  const { customerId } = await makeBankingCustomer(context)
  const id = parseId('customer', customerId) ?? ''
  const account = { type: 'DEPOSIT', currency: 'EUR', nickname: null } as const
  for (let count = 0; count < 5; count += 1)
    await createAccount(context, { customerId: id, ...account })
  for (const provider of ['stripe', 'bridge', 'mercado_pago'] as const) {
    await submitRegistration(context, id, { provider, role: 'customer' })
  }
  return { id, ...(await makePayable(context, customerId)) }
}

describe('the number of queries is bounded, whatever the customer has', () => {
  /** The customer is one of them. */
  const most: Record<EligibilityAction, number> = {
    payout: 2,
    charge: 1,
    sync: 3,
    register: 3,
    open_account: 2,
  }

  test.each(eligibilityActions)('%s', async (action) => {
    for (const id of [await newCustomer(), (await busyCustomer()).id]) {
      const queries = recordQueries(server)
      await ask(id, action)
      expect(queries.length).toBeGreaterThan(0)
      expect(queries.length).toBeLessThanOrEqual(most[action])
      vi.restoreAllMocks()
    }
  })

  test('all of them at once, and with everything that can be named', async () => {
    const { id, bankAccountId, walletId, paymentIntentId, subscriptionId } = await busyCustomer()
    const count = async (more: Partial<Narrowing>) => {
      const queries = recordQueries(server)
      await getEligibility(context, id, { action: null, narrowing: { ...anything, ...more } })
      vi.restoreAllMocks()
      return queries.length
    }
    expect(await count({})).toBeLessThanOrEqual(5)
    // The key of what is opened comes with each of the three last.
    const ids = {
      bankAccountId: parseId('bankAccount', bankAccountId),
      walletId: parseId('wallet', walletId),
      paymentIntentId: parseId('paymentIntent', paymentIntentId),
      subscriptionId: parseId('subscription', subscriptionId),
    }
    expect(await count(ids)).toBeLessThanOrEqual(11)
  })
})

describe('who acts', () => {
  const provider = 'stripe' as const
  const role = 'customer' as const

  test.each([
    ['submitted', null, 'provider', 'wait'],
    ['processing', null, 'provider', 'wait'],
    ['processing', 'upload_documents', 'customer', 'upload_files'],
    ['restricted', 'complete_profile', 'customer', 'act_at_provider'],
    ['approved', null, null, 'none'],
  ])('on a registration that is %s and asks for %s: %s', async (status, action, who, step) => {
    const id = await newCustomer()
    await submitRegistration(context, id, { provider, role })
    await context.database.transaction((db) =>
      db
        .updateTable('registrations')
        .set({ status, action_required: action })
        .where('app_id', '=', context.app.id)
        .where('customer_id', '=', id)
        .execute(),
    )
    const { isAllowed, reasons } = await ask(id, 'register', { provider, role })
    expect(isAllowed).toBe(false)
    expect(reasons).toMatchObject([
      { code: 'registration_move_refused', who, step, object: { noun: 'registration' } },
    ])
  })

  test('on a payment intent: the customer while it waits, and nobody brings an old one back', async () => {
    const { id, paymentIntentId } = await busyCustomer()
    const intentId = parseId('paymentIntent', paymentIntentId) ?? ''
    const charge = async () => (await ask(id, 'charge', { paymentIntentId: intentId })).reasons
    expect(await charge()).toMatchObject([
      { code: 'payment_intent_status_refused', who: 'customer', step: 'authorize_payment_intent' },
    ])
    await context.database.transaction((db) =>
      db
        .updateTable('payment_intents')
        .set({ status: 'EXPIRED' })
        .where('app_id', '=', context.app.id)
        .where('id', '=', intentId)
        .execute(),
    )
    expect(await charge()).toMatchObject([{ who: 'merchant', step: 'create_payment_intent' }])
    const other = await newCustomer()
    const elsewhere = await refused(() => ask(other, 'charge', { paymentIntentId: intentId }))
    expect(elsewhere.definition.code).toBe('payment_intent_not_found')
  })

  test('on a full register of accounts: nobody', async () => {
    const { customerId } = await makeBankingCustomer(context)
    const id = parseId('customer', customerId) ?? ''
    const one = { customerId: id, type: 'DEPOSIT', currency: 'EUR', nickname: null } as const
    for (let count = 2; count < accountsMax; count += 1) await createAccount(context, one)
    expect((await ask(id, 'open_account')).isAllowed).toBe(true)
    await createAccount(context, one)
    expect((await ask(id, 'open_account')).reasons).toMatchObject([
      { code: 'accounts_full', who: null, step: 'none' },
    ])
  })

  test('every call that is named is one that a surface serves', () => {
    const served = surfaces.flatMap(({ basePath, operations }) =>
      operations.map(({ method, path }) => shapeOf(`${method} ${basePath}${path}`)),
    )
    const named = Object.values(calls).filter((call) => call !== null)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((call) => !served.includes(shapeOf(call)))).toEqual([])
  })
})

const shapeOf = (call: string) => call.replaceAll(/\{\w+\}/g, '{}')

test('what says nothing of the action is refused by its name', async () => {
  const id = await newCustomer()
  expect(await refusedParam(() => ask(id, 'payout', { walletId: id }))).toBe('walletId')
  expect(await refusedParam(() => ask(id, 'open_account', { amount: '1.00' }))).toBe('amount')
})
