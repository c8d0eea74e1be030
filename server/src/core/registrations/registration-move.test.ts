// Owns the rules of an operator's moves: the machine's and no other, told in the history.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import type { Context } from '../context.ts'
import { getCustomer, updateCustomer } from '../customer/customer-service.ts'
import {
  type RegistrationStatus,
  registrationErrors,
  registrationMachine,
  registrationStatuses,
} from './registration.ts'
import { moveRegistration } from './registration-move.ts'
import { listRegistrations, submitRegistration } from './registration-service.ts'
import { submitToProvider, takeOver } from './registration-work.ts'
import {
  connectedContext,
  newCustomer,
  type ScriptedProvider,
  scriptedProvider,
  state,
} from './testing/scripted-provider.ts'

let server: TestServer
let provider: ScriptedProvider
let context: Context
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  provider = scriptedProvider()
  context = (await connectedContext(server, provider)).context
})

const reason = 'Agreed by telephone'

async function only(customerId: string) {
  const [view] = await listRegistrations(context, customerId)
  if (!view) throw new Error('there is a registration')
  return view
}

async function registered(role: 'customer' | 'connected_account' = 'customer') {
  const customerId = await newCustomer(context)
  await submitRegistration(context, customerId, { provider: 'stripe', role })
  return { customerId, id: (await only(customerId)).id }
}

/** One that stands in this status, as the provider or a missing field has made it. */
async function standing(status: RegistrationStatus) {
  const key = await registered(status === 'not_submitted' ? 'connected_account' : 'customer')
  if (status === 'not_submitted' || status === 'submitted') return key
  if (status === 'error') await moveRegistration(context, key, { status, reason })
  else {
    provider.onRegister = async () => state(status)
    await submitToProvider(context, key.id)
  }
  expect((await only(key.customerId)).status).toBe(status)
  return key
}

describe.each(registrationStatuses)('from %s', (from) => {
  test('exactly the moves of the machine are made, each an event with actor, reason and origin', async () => {
    for (const status of registrationStatuses) {
      const key = await standing(from)
      const before = await historyOf(context, key.customerId)
      const work = () => moveRegistration(context, key, { status, reason })
      const isIncomplete = from === 'not_submitted' && status === 'submitted'
      if (!registrationMachine.canMove(from, status) || isIncomplete) {
        const error = await refused(work)
        expect(error.definition).toBe(registrationErrors.registration_move_refused)
        expect(await historyOf(context, key.customerId)).toEqual(before)
        continue
      }
      expect(await work()).toEqual(await only(key.customerId))
      const after = await historyOf(context, key.customerId)
      expect(after).toHaveLength(before.length + 1)
      expect(after.at(-1)).toMatchObject({
        type: 'customer.registration.moved',
        actor: 'operator:test',
        changes: { from, reason, registration: { id: key.id, status } },
      })
    }
  })
})

test('the customer follows, as where the provider says it', async () => {
  const key = await standing('processing')
  await moveRegistration(context, key, { status: 'rejected', reason })
  expect((await getCustomer(context, key.customerId)).onboardingStatus).toBe('REJECTED')
  expect((await only(key.customerId)).rejectionReason).toBe(reason)
  await moveRegistration(context, key, { status: 'approved', reason })
  expect((await getCustomer(context, key.customerId)).onboardingStatus).toBe('APPROVED')
  expect((await only(key.customerId)).rejectionReason).toBeNull()
})

test('what the provider said before does not undo it, what it says later does', async () => {
  const key = await standing('processing')
  const at = server.clock.now()
  server.clock.advance(1_000)
  await moveRegistration(context, key, { status: 'approved', reason })
  await takeOver(context, key.id, { state: state('restricted'), statedAt: at, isDated: true })
  expect((await only(key.customerId)).status).toBe('approved')
  const later = server.clock.now() + 1
  await takeOver(context, key.id, { state: state('restricted'), statedAt: later, isDated: true })
  expect((await only(key.customerId)).status).toBe('restricted')
})

test('submitted asks the provider anew, once what was missing is there', async () => {
  const key = await standing('error')
  const jobs = async () => {
    const rows = await context.db
      .selectFrom('jobs')
      .select('id')
      .where('subject_id', '=', key.id)
      .where('kind', '=', 'registration.submit')
      .execute()
    return rows.length
  }
  const before = await jobs()
  await moveRegistration(context, key, { status: 'submitted', reason })
  expect(await jobs()).toBe(before + 1)
  expect(await only(key.customerId)).toMatchObject({ status: 'submitted', failureReasons: [] })
})

test('what is missing is named where it stands in the way', async () => {
  const key = await standing('not_submitted')
  const work = () => moveRegistration(context, key, { status: 'submitted', reason })
  expect((await refused(work)).message).toContain('document.number')
  expect(provider.registered).toEqual([])
})

test("another customer's registration looks missing, and so does another app's", async () => {
  const key = await standing('processing')
  const customerId = await newCustomer(context)
  const code = async (where: Context, wrong: typeof key) => {
    const work = () => moveRegistration(where, wrong, { status: 'approved', reason })
    return (await refused(work)).definition.code
  }
  expect(await code(context, { customerId, id: key.id })).toBe('registration_not_found')
  expect(await code(context, { ...key, id: context.ids() })).toBe('registration_not_found')
  const elsewhere = { ...context, app: server.liveApp }
  expect(await code(elsewhere, key)).toBe('customer_not_found')
  await updateCustomer(context, customerId, { name: 'Bob' })
  expect((await only(key.customerId)).status).toBe('processing')
})

test.each(['', ' ', 'a\u0000b', 'x'.repeat(501)])('the reason %j is refused', async (wrong) => {
  const key = await standing('processing')
  const work = () => moveRegistration(context, key, { status: 'approved', reason: wrong })
  expect((await refused(work)).param).toBe('reason')
})
