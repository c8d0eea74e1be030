// Owns the proof of registrations: opened when asked, submitted when complete, made once.
import { describe, expect, test } from 'vitest'
import { historyOf } from '../../../../test/history.ts'
import { getCustomer, updateCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { providerErrors } from '../provider.ts'
import { registrationMachine, registrationStatuses } from './registration.ts'
import {
  listRegistrations,
  refreshRegistrations,
  submitRegistration,
} from './registration-service.ts'
import { giveUpSubmitting, pollProvider, submitToProvider } from './registration-work.ts'
import { scriptedApp } from './testing/scripted-app.ts'
import { newCustomer, state } from './testing/scripted-provider.ts'

const app = scriptedApp()

const asCustomer = { provider: 'stripe', role: 'customer' } as const
const only = async (id: string) => {
  const [view] = await listRegistrations(app.context, id)
  if (!view) throw new Error('there is a registration')
  return view
}
const jobsOf = async (subjectId: string) => {
  const rows = await app.context.db
    .selectFrom('jobs')
    .select('kind')
    .where('subject_id', '=', subjectId)
    .execute()
  return rows.map(({ kind }) => kind)
}
const submitted = async () => {
  const id = await newCustomer(app.context)
  await submitRegistration(app.context, id, asCustomer)
  return { id, registrationId: (await only(id)).id }
}

describe('submitting', () => {
  test('opens, submits and asks for the work in one step', async () => {
    const { id, registrationId } = await submitted()
    expect(await only(id)).toMatchObject({
      status: 'submitted',
      remoteId: null,
      missing: [],
      claimedAt: null,
      fields: [],
    })
    expect(await jobsOf(registrationId)).toEqual(['registration.submit'])
    expect(app.provider.registered).toEqual([])
    expect(await getCustomer(app.context, id)).toMatchObject({
      onboardingStatus: 'PENDING',
      roles: ['customer'],
      isSynced: false,
    })
    const history = await historyOf(app.context, id)
    expect(history.map(({ type }) => type)).toEqual([
      'customer.created',
      'customer.registration.submitted',
    ])
    expect(history[1]?.changes).toMatchObject({ onboardingMoves: ['INITIATED', 'PENDING'] })
  })

  test('stays unsubmitted while a field is missing, names it, and goes on when it is there', async () => {
    const id = await newCustomer(app.context)
    const role = { provider: 'stripe', role: 'connected_account' } as const
    await submitRegistration(app.context, id, role)
    expect(await only(id)).toMatchObject({ status: 'not_submitted', missing: ['document.number'] })
    expect((await getCustomer(app.context, id)).onboardingStatus).toBe('INCOMPLETE')
    const document = { type: 'passport', number: 'X1', country: null }
    await updateCustomer(app.context, id, { document })
    await submitRegistration(app.context, id, role)
    expect(await only(id)).toMatchObject({ status: 'submitted', missing: [] })
    expect((await getCustomer(app.context, id)).onboardingStatus).toBe('PENDING')
  })

  test('twice leaves what is under way as it is', async () => {
    const { id, registrationId } = await submitted()
    await submitRegistration(app.context, id, asCustomer)
    expect(await jobsOf(registrationId)).toEqual(['registration.submit'])
    expect(await listRegistrations(app.context, id)).toHaveLength(1)
  })

  test('in a role that the provider has not is refused, and writes nothing', async () => {
    const id = await newCustomer(app.context)
    const refused = submitRegistration(app.context, id, { provider: 'stripe', role: 'subaccount' })
    await expect(refused).rejects.toMatchObject({ definition: { code: 'role_unsupported' } })
    expect(await listRegistrations(app.context, id)).toEqual([])
  })

  test('in a live app without a connection says what to add', async () => {
    const live = app.server.contextOf(app.server.liveApp)
    const id = await newCustomer(live)
    const refused = submitRegistration(live, id, asCustomer)
    await expect(refused).rejects.toMatchObject({ definition: { code: 'connection_missing' } })
  })
})

describe('the work of a registration', () => {
  test('makes the customer, records what went along, and asks again later', async () => {
    const { id, registrationId } = await submitted()
    expect(await submitToProvider(app.context, registrationId)).toBe('done')
    expect(app.provider.registered).toMatchObject([
      { role: 'customer', idempotencyKey: registrationId, isRepeat: false },
    ])
    const after = await only(id)
    expect(after).toMatchObject({ status: 'processing', remoteId: 'remote_1' })
    expect(after.fields.map(({ field, outcome }) => `${field} ${outcome}`).sort()).toEqual([
      'email registered',
      'familyName registered',
      'givenName registered',
      'shipping registered',
    ])
    expect(await jobsOf(registrationId)).toContain('registration.poll')
    expect(await getCustomer(app.context, id)).toMatchObject({
      onboardingStatus: 'PROCESSING',
      isSynced: true,
    })
  })

  test('killed between the answer and our commit, repeats under the same key', async () => {
    const { id, registrationId } = await submitted()
    const remote = new Set<string>()
    app.provider.onRegister = async ({ idempotencyKey }) => {
      remote.add(idempotencyKey)
      if (app.provider.registered.length === 1) throw new Error('killed here')
      return state('approved')
    }
    await expect(submitToProvider(app.context, registrationId)).rejects.toThrow('killed here')
    expect((await only(id)).claimedAt).toEqual(expect.any(Number))
    expect(await submitToProvider(app.context, registrationId)).toBe('done')
    const asked = app.provider.registered.map(({ isRepeat }) => isRepeat)
    expect([asked, remote.size]).toEqual([[false, true], 1])
    expect(await submitToProvider(app.context, registrationId)).toBe('done')
    expect(app.provider.registered).toHaveLength(2)
  })

  test('ends with the reason of a refusal, and can be submitted again', async () => {
    const { id, registrationId } = await submitted()
    app.provider.onRegister = () =>
      Promise.reject(
        new AppError(providerErrors.provider_rejected, { detail: 'It refused: bad name.' }),
      )
    expect(await submitToProvider(app.context, registrationId)).toBe('done')
    expect(await only(id)).toMatchObject({
      status: 'error',
      failureReasons: [expect.stringContaining('It refused: bad name.')],
    })
    app.provider.onRegister = async () => state('approved')
    await submitRegistration(app.context, id, asCustomer)
    await submitToProvider(app.context, registrationId)
    expect(await only(id)).toMatchObject({ status: 'approved', failureReasons: [] })
    expect((await getCustomer(app.context, id)).onboardingStatus).toBe('APPROVED')
  })

  test('is tried again while the provider is down, says so once, and invents nothing', async () => {
    const { id, registrationId } = await submitted()
    app.provider.onRegister = () =>
      Promise.reject(new AppError(providerErrors.provider_unavailable))
    for (let hour = 0; hour < 3; hour += 1) {
      await expect(submitToProvider(app.context, registrationId)).rejects.toMatchObject({
        definition: { code: 'provider_unavailable' },
      })
    }
    expect(await only(id)).toMatchObject({ status: 'submitted', remoteId: null, fields: [] })
    const types = (await historyOf(app.context, id)).map(({ type }) => type)
    expect(types.filter((type) => type.endsWith('failed'))).toHaveLength(1)
    await giveUpSubmitting(app.context, registrationId, 'AppError provider_unavailable')
    expect((await only(id)).status).toBe('error')
  })

  test('asks with growing waits until the answer is final', async () => {
    const { id, registrationId } = await submitted()
    await submitToProvider(app.context, registrationId)
    const first = await pollProvider(app.context, registrationId)
    app.server.clock.advance(60_000)
    const later = await pollProvider(app.context, registrationId)
    expect([first, later]).toEqual([{ againAfterMs: 1_000 }, { againAfterMs: expect.any(Number) }])
    expect(Object(later).againAfterMs).toBeGreaterThanOrEqual(30_000)
    app.provider.onRead = async () => state('rejected', { rejectionReason: 'No.' })
    expect(await pollProvider(app.context, registrationId)).toBe('done')
    expect(await only(id)).toMatchObject({ status: 'rejected', rejectionReason: 'No.' })
    expect((await getCustomer(app.context, id)).onboardingStatus).toBe('REJECTED')
  })

  test('a refresh asks for every registration that a provider knows', async () => {
    const { id, registrationId } = await submitted()
    await refreshRegistrations(app.context, id)
    expect(await jobsOf(registrationId)).toEqual(['registration.submit'])
    await submitToProvider(app.context, registrationId)
    await refreshRegistrations(app.context, id)
    const polls = (await jobsOf(registrationId)).filter((kind) => kind === 'registration.poll')
    expect(polls).toHaveLength(1)
  })
})

test('a refused move of the machine lists the moves that are allowed', () => {
  for (const from of registrationStatuses) {
    for (const to of registrationStatuses) {
      const isAllowed = registrationMachine.movesFrom(from).includes(to)
      expect(registrationMachine.canMove(from, to)).toBe(isAllowed)
      if (!isAllowed) expect(() => registrationMachine.checkMove(from, to)).toThrow('may become')
    }
  }
})
