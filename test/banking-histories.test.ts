// Owns the promise that no order of moves pays for an unapproved, or changes a closed, customer.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createAccount,
  listHeldAccounts,
  updateAccount,
} from '../server/src/core/accounts/account-service.ts'
import { moveBankingStatus } from '../server/src/core/accounts/status-service.ts'
import { decideApplication } from '../server/src/core/applications/application-decision.ts'
import {
  getApplication,
  submitApplication,
  updateApplication,
} from '../server/src/core/applications/application-service.ts'
import { completeApplication } from '../server/src/core/applications/testing/application-samples.ts'
import type { Context } from '../server/src/core/context.ts'
import { bankingStatuses, permits } from '../server/src/core/customer/banking-status.ts'
import { getCustomer, updateCustomer } from '../server/src/core/customer/customer-service.ts'
import { AppError } from '../server/src/core/errors.ts'
import { createPayout } from '../server/src/core/payouts/payout-service.ts'
import { startTestServer, type TestServer } from './harness.ts'
import { historyOf } from './history.ts'
import { runs, runsMsMax } from './runs.ts'

/** Histories of some fifty tries each; the pure walk over the tables makes 100,000. */
const histories = runs({ few: 25, full: 500 })
const tries = 50

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

function randomOf(seed: number): <T>(from: readonly T[]) => T {
  let state = seed
  return (from) => {
    // mulberry32: a seed makes the same history again.
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    const chosen = from[((mixed ^ (mixed >>> 14)) >>> 0) % from.length]
    if (chosen === undefined) throw new Error('nothing to choose from')
    return chosen
  }
}

/** Whether it was done; only a refusal of ours counts as not done. */
async function tried(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

const money = ['pay', 'open account'] as const
const changes = ['change', 'name account'] as const
const ofApplication = ['submit', 'approve', 'reject', 'request changes', 'change it'] as const
const acts = [...money, ...changes, ...ofApplication, 'move'] as const
type Act = (typeof acts)[number]

function perform(act: Act, applicationId: string, customerId: string | null, pick: Pick) {
  const id = customerId ?? applicationId
  const decide = (decision: 'approve' | 'reject' | 'request_changes') =>
    decideApplication(context, applicationId, { decision, reason: 'A test' })
  switch (act) {
    case 'pay': {
      const to = { cbu: '0070327530004025541644', name: null, cuit: null }
      return createPayout(context, { amount: '1.00', currency: 'ARS', customerId: id, ...to })
    }
    case 'open account':
      return createAccount(context, {
        customerId: id,
        type: 'DEPOSIT',
        currency: 'EUR',
        nickname: null,
      })
    case 'change':
      return updateCustomer(context, id, { email: `${pick(['a', 'b', 'c'])}@example.com` })
    case 'name account':
      return nameAccount(id, pick(['One', 'Two', 'Three']))
    case 'submit':
      return submitApplication(context, applicationId)
    case 'approve':
      return decide('approve')
    case 'reject':
      return decide('reject')
    case 'request changes':
      return decide('request_changes')
    case 'change it':
      return updateApplication(context, applicationId, { phone: '+12025550187' })
    case 'move':
      return moveBankingStatus(context, id, { status: pick(bankingStatuses), reason: 'A test' })
  }
}

type Pick = ReturnType<typeof randomOf>

async function nameAccount(customerId: string, nickname: string): Promise<void> {
  const [account] = await listHeldAccounts(context, customerId)
  if (account) await updateAccount(context, account.id, { nickname })
}

test(
  'any order of moves keeps to the table',
  async () => {
    const done = new Set<Act>()
    const triedOnClosed = new Set<Act>()
    for (let seed = 1; seed <= histories; seed += 1) {
      const pick = randomOf(seed)
      const { application } = await completeApplication(context)
      for (let count = 0; count < tries; count += 1) {
        const act = pick(acts)
        const before = (await getApplication(context, application.id)).application
        const customer = before.customerId ? await getCustomer(context, before.customerId) : null
        const isDone = await tried(() => perform(act, application.id, before.customerId, pick))
        if (isDone) done.add(act)
        const seen = { seed, count, act, status: customer?.bankingStatus ?? null, isDone }
        const isMoney = money.some((one) => one === act)
        const transacts = customer !== null && permits(customer.bankingStatus, 'transact')
        if (isMoney) expect(seen).toEqual({ ...seen, isDone: transacts })
        if (customer === null) expect(before.status).not.toBe('APPROVED')
        else expect(before.status).toBe('APPROVED')
        if (customer?.bankingStatus === 'CLOSED') {
          triedOnClosed.add(act)
          expect({ seen, after: await getCustomer(context, customer.id) }).toEqual({
            seen,
            after: customer,
          })
        }
      }
      await checkEnd(application.id)
    }
    // Every act was done somewhere: none was refused because the test asks for it in a wrong way.
    expect([...done].toSorted()).toEqual([...acts].toSorted())
    expect([...triedOnClosed].toSorted()).toEqual([...acts].toSorted())
  },
  2 * runsMsMax,
)

/** The chain holds, nothing was paid while stopped, and the accounts went with their customer. */
async function checkEnd(applicationId: string): Promise<void> {
  const { customerId } = (await getApplication(context, applicationId)).application
  if (customerId === null) return
  const { bankingStatus } = await getCustomer(context, customerId)
  const accounts = await listHeldAccounts(context, customerId)
  const isStopped = bankingStatus === 'FROZEN' || bankingStatus === 'CLOSED'
  const expected = isStopped ? bankingStatus : 'ACTIVE'
  expect(new Set(accounts.map(({ status }) => status))).toEqual(new Set([expected]))
  let status: unknown = null
  for (const { type, changes } of await historyOf(context, customerId)) {
    if (type === 'customer.payout.accepted' || type === 'customer.account.opened') {
      expect(['ACTIVE', 'EDD', 'DORMANT']).toContain(status)
    }
    expect(status).not.toBe('CLOSED')
    status = Reflect.get(changes, 'bankingStatus') ?? status
  }
}
