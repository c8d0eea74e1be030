// Owns the outcomes of changing and submitting applications on a real database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import type { Context } from '../context.ts'
import { createCustomer, getCustomer } from '../customer/customer-service.ts'
import { type ApplicationStatus, applicationErrors, applicationEvents } from './application.ts'
import { addIndividual } from './application-people.ts'
import type { ApplicationChanges } from './application-rules.ts'
import {
  createApplication,
  getApplication,
  submitApplication,
  updateApplication,
} from './application-service.ts'
import {
  address,
  applicationAs,
  completeApplication,
  personApplication,
} from './testing/application-samples.ts'

let server: TestServer
let context: Context
let liveApp: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  liveApp = server.contextOf(server.liveApp)
})
afterAll(() => server.close())

const wholeAddress = {
  line1: '123 Main St',
  line2: null,
  houseNumber: null,
  streetNumber: null,
  streetName: null,
  neighborhood: null,
  city: 'New York',
  state: 'NY',
  subdivision: null,
  postalCode: '10001',
}
const newRecord = () => createCustomer(context, { kind: 'individual', name: 'Ada Lovelace' })
const as = (status: Exclude<ApplicationStatus, 'PROCESSING'>) => applicationAs(context, status)
const day = 24 * 60 * 60 * 1000

describe('changing', () => {
  test('given members merge, null clears, and the rest stays', async () => {
    const { application } = await createApplication(context, personApplication)
    const changes: ApplicationChanges = {
      phone: null,
      individual: { lastName: 'Roe', address: { city: 'Boston', line2: 'Flat 2' } },
      accountCurrency: 'EUR',
    }
    const changed = await updateApplication(context, application.id, changes)
    expect(changed.application).toEqual({
      ...application,
      phone: null,
      accountCurrency: 'EUR',
      individual: {
        ...application.individual,
        lastName: 'Roe',
        address: { ...wholeAddress, city: 'Boston', line2: 'Flat 2' },
      },
      updatedAt: expect.any(Number),
    })
    expect((await getApplication(context, application.id)).application).toEqual(changed.application)
  })

  test('the status follows what is missing, there and back', async () => {
    const { application } = await completeApplication(context)
    expect(application.status).toBe('READY_FOR_SUBMISSION')
    const change = async (changes: ApplicationChanges) =>
      (await updateApplication(context, application.id, changes)).application.status
    expect(await change({ isTermsAccepted: false })).toBe('INCOMPLETE')
    expect(await change({ isTermsAccepted: true })).toBe('READY_FOR_SUBMISSION')
    expect(await change({ individual: { dateOfBirth: '2020-01-01' } })).toBe('INCOMPLETE')
    expect(await change({ individual: { dateOfBirth: '1990-01-01' } })).toBe('READY_FOR_SUBMISSION')
    expect(await change({ individual: { address: null, country: null } })).toBe('INCOMPLETE')
  })

  test('accepted again is accepted since the first time', async () => {
    const { application } = await createApplication(context, personApplication)
    server.clock.advance(1_000)
    const again = await updateApplication(context, application.id, { isTermsAccepted: true })
    expect(again.application).toEqual(application)
  })

  test('what changes nothing leaves no event', async () => {
    const { id } = await newRecord()
    const { application } = await createApplication(context, {
      ...personApplication,
      customerId: id,
    })
    await updateApplication(context, application.id, { email: application.email })
    await updateApplication(context, application.id, { email: 'ada@example.com' })
    const history = await historyOf(context, id)
    expect(history.map(({ type }) => type)).toEqual([
      'customer.created',
      applicationEvents.opened,
      applicationEvents.updated,
    ])
    expect(history[2]?.changes).toEqual({
      application: { id: application.id, email: 'ada@example.com', status: 'INCOMPLETE' },
    })
  })

  test.each(['SUBMITTED', 'APPROVED', 'REJECTED'] as const)('%s: refused', async (status) => {
    const { application } = await as(status)
    const error = await refused(() => updateApplication(context, application.id, { phone: null }))
    expect(error.definition).toBe(applicationErrors.application_status_refused)
    expect(error.message).toContain(
      `It is ${status}; it can be changed as INCOMPLETE, READY_FOR_SUBMISSION, CHANGES_REQUESTED.`,
    )
    expect(await getApplication(context, application.id)).toMatchObject({ application })
  })

  test('CHANGES_REQUESTED: allowed, and stays so until it is submitted', async () => {
    const { application } = await as('CHANGES_REQUESTED')
    const changes = { individual: { address } }
    expect((await updateApplication(context, application.id, changes)).application.status).toBe(
      'CHANGES_REQUESTED',
    )
  })
})

describe('submitting', () => {
  test('READY_FOR_SUBMISSION becomes SUBMITTED; the record that it names knows of it', async () => {
    const { id } = await newRecord()
    const { application } = await completeApplication(context, { customerId: id })
    const submitted = await submitApplication(context, application.id)
    expect(submitted.application).toMatchObject({ status: 'SUBMITTED', customerId: id })
    expect(submitted.application.submittedAt).toEqual(expect.any(Number))
    const last = (await historyOf(context, id)).at(-1)
    expect(last?.type).toBe(applicationEvents.submitted)
    expect((await getCustomer(context, id)).bankingStatus).toBe(null)
  })

  test('what is missing is listed, all of it', async () => {
    const { application } = await createApplication(context, {
      kind: 'business',
      email: 'contact@acmecorp.com',
    })
    const { individuals, documents } = await addIndividual(context, application.id, {
      role: 'OFFICER',
      firstName: 'Jane',
    })
    const error = await refused(() => submitApplication(context, application.id))
    expect(error.definition).toBe(applicationErrors.application_incomplete)
    const officer = `individuals.${individuals[0]?.id}`
    expect(error.issues.map(({ param, message }) => `${param} ${message.split(':')[0]}`)).toEqual([
      'individuals MISSING_CONTROL_PERSON',
      'individuals MISSING_BENEFICIAL_OWNER',
      'isTermsAccepted TERMS_AND_CONDITIONS_NOT_ACCEPTED',
      'corporation.legalName is missing',
      'corporation.registrationNumber is missing',
      'corporation.taxId is missing',
      'corporation.address is missing',
      `${officer}.lastName is missing`,
      `${officer}.dateOfBirth is missing`,
      `${officer}.address is missing`,
      `documents.${documents[0]?.id} MISSING_DOCUMENT`,
    ])
    expect((await getApplication(context, application.id)).application.status).toBe('INCOMPLETE')
  })

  test('without its document alone it is refused', async () => {
    const { application } = await createApplication(context, personApplication)
    const error = await refused(() => submitApplication(context, application.id))
    expect(error.issues).toHaveLength(1)
    expect(error.issues[0]?.message).toMatch(/^MISSING_DOCUMENT: /)
  })

  test('CHANGES_REQUESTED with something missing stays; with nothing missing it goes', async () => {
    const { application } = await as('CHANGES_REQUESTED')
    const { id } = application
    await updateApplication(context, id, { individual: { firstName: null } })
    const error = await refused(() => submitApplication(context, id))
    expect(error.issues.map(({ param }) => param)).toEqual(['individual.firstName'])
    await updateApplication(context, id, { individual: { firstName: 'John' } })
    expect((await submitApplication(context, id)).application.status).toBe('SUBMITTED')
  })

  test.each(['SUBMITTED', 'APPROVED', 'REJECTED'] as const)('%s: refused', async (status) => {
    const { application } = await as(status)
    const error = await refused(() => submitApplication(context, application.id))
    expect(error.definition).toBe(applicationErrors.application_status_refused)
    expect(error.message).toContain(`It is ${status} and cannot become SUBMITTED`)
  })

  test('twice at once: one wins', async () => {
    const { application } = await completeApplication(context)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () => submitApplication(context, application.id)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    for (const { definition } of reasons) {
      expect(definition).toBe(applicationErrors.application_status_refused)
    }
  })

  test('who turns 18 while it waits needs no change', async () => {
    const { application } = await completeApplication(context)
    const today = new Date(context.clock.now())
    const birthday = new Date(Date.UTC(today.getUTCFullYear() - 18, today.getUTCMonth() + 1, 2))
    const dateOfBirth = birthday.toISOString().slice(0, 10)
    const young = await updateApplication(context, application.id, { individual: { dateOfBirth } })
    expect(young.application.status).toBe('INCOMPLETE')
    const later = { ...context, clock: { ...context.clock, now: () => today.getTime() + 40 * day } }
    expect((await submitApplication(later, application.id)).application.status).toBe('SUBMITTED')
  })

  test('where the installation approves test applications, live ones wait all the same', async () => {
    const approving = { approvesTestApplications: true }
    const test = await completeApplication({ ...context, ...approving })
    const live = await completeApplication({ ...liveApp, ...approving })
    const submit = async (app: Context, id: string) =>
      (await submitApplication({ ...app, ...approving }, id)).application
    const approved = await submit(context, test.application.id)
    expect(approved.status).toBe('APPROVED')
    expect(await getCustomer(context, approved.customerId ?? '')).toMatchObject({
      bankingStatus: 'ACTIVE',
    })
    expect((await submit(liveApp, live.application.id)).status).toBe('SUBMITTED')
  })
})
