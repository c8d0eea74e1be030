// Owns the rules of an operator's moves: the machine's and no other, told in the history.
import { describe, expect, test } from 'vitest'
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
import { scriptedApp } from './testing/scripted-app.ts'
import { newCustomer, state } from './testing/scripted-provider.ts'

const app = scriptedApp()

const reason = 'Agreed by telephone'

async function only(customerId: string) {
  const [view] = await listRegistrations(app.context, customerId)
  if (!view) throw new Error('there is a registration')
  return view
}

async function registered(role: 'customer' | 'connected_account' = 'customer') {
  const customerId = await newCustomer(app.context)
  await submitRegistration(app.context, customerId, { provider: 'stripe', role })
  return { customerId, id: (await only(customerId)).id }
}

/** One that stands in this status, as the provider or a missing field has made it. */
async function standing(status: RegistrationStatus) {
  const key = await registered(status === 'not_submitted' ? 'connected_account' : 'customer')
  if (status === 'not_submitted' || status === 'submitted') return key
  if (status === 'error') await moveRegistration(app.context, key, { status, reason })
  else {
    app.provider.onRegister = async () => state(status)
    await submitToProvider(app.context, key.id)
  }
  expect((await only(key.customerId)).status).toBe(status)
  return key
}

describe.each(registrationStatuses)('from %s', (from) => {
  test('exactly the moves of the machine are made, each an event with actor, reason and origin', async () => {
    for (const status of registrationStatuses) {
      const key = await standing(from)
      const before = await historyOf(app.context, key.customerId)
      const work = () => moveRegistration(app.context, key, { status, reason })
      const isIncomplete = from === 'not_submitted' && status === 'submitted'
      if (!registrationMachine.canMove(from, status) || isIncomplete) {
        const error = await refused(work)
        expect(error.definition).toBe(registrationErrors.registration_move_refused)
        expect(await historyOf(app.context, key.customerId)).toEqual(before)
        continue
      }
      expect(await work()).toEqual(await only(key.customerId))
      const after = await historyOf(app.context, key.customerId)
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
  await moveRegistration(app.context, key, { status: 'rejected', reason })
  expect((await getCustomer(app.context, key.customerId)).onboardingStatus).toBe('REJECTED')
  expect((await only(key.customerId)).rejectionReason).toBe(reason)
  await moveRegistration(app.context, key, { status: 'approved', reason })
  expect((await getCustomer(app.context, key.customerId)).onboardingStatus).toBe('APPROVED')
  expect((await only(key.customerId)).rejectionReason).toBeNull()
})

test('what the provider said before does not undo it, what it says later does', async () => {
  const { server, context } = app
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
    const rows = await app.context.db
      .selectFrom('jobs')
      .select('id')
      .where('subject_id', '=', key.id)
      .where('kind', '=', 'registration.submit')
      .execute()
    return rows.length
  }
  const before = await jobs()
  await moveRegistration(app.context, key, { status: 'submitted', reason })
  expect(await jobs()).toBe(before + 1)
  expect(await only(key.customerId)).toMatchObject({ status: 'submitted', failureReasons: [] })
})

test('what is missing is named where it stands in the way', async () => {
  const key = await standing('not_submitted')
  const work = () => moveRegistration(app.context, key, { status: 'submitted', reason })
  expect((await refused(work)).message).toContain('document.number')
  expect(app.provider.registered).toEqual([])
})

test("another customer's registration looks missing, and so does another app's", async () => {
  const key = await standing('processing')
  const customerId = await newCustomer(app.context)
  const code = async (where: Context, wrong: typeof key) => {
    const work = () => moveRegistration(where, wrong, { status: 'approved', reason })
    return (await refused(work)).definition.code
  }
  expect(await code(app.context, { customerId, id: key.id })).toBe('registration_not_found')
  expect(await code(app.context, { ...key, id: app.context.ids() })).toBe('registration_not_found')
  const elsewhere = { ...app.context, app: app.server.liveApp }
  expect(await code(elsewhere, key)).toBe('customer_not_found')
  await updateCustomer(app.context, customerId, { name: 'Bob' })
  expect((await only(key.customerId)).status).toBe('processing')
})

test.each(['', ' ', 'a\u0000b', 'x'.repeat(501)])('the reason %j is refused', async (wrong) => {
  const key = await standing('processing')
  const work = () => moveRegistration(app.context, key, { status: 'approved', reason: wrong })
  expect((await refused(work)).param).toBe('reason')
})
