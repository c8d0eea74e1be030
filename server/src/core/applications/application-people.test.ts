// Owns the outcomes of adding, changing and removing the people of an application.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { fieldRefusal, refused } from '../../../../test/refused.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { individualErrors } from '../individuals/individual.ts'
import { applicationErrors, applicationEvents } from './application.ts'
import { decideApplication } from './application-decision.ts'
import {
  addIndividual,
  type IndividualChanges,
  removeIndividual,
  updateIndividual,
} from './application-people.ts'
import { createApplication, getApplication, submitApplication } from './application-service.ts'
import {
  completeApplication,
  corporationApplication,
  director,
  owner,
  person,
  personApplication,
  upload,
} from './testing/application-samples.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/)
const newCompany = async (more: object = {}) =>
  (await createApplication(context, { ...corporationApplication, ...more })).application.id
const add = (applicationId: string, percentage: number | null, role = owner.role) =>
  addIndividual(context, applicationId, { ...owner, ownershipPercentage: percentage, role })
const idOf = (folder: { individuals: { id: string }[] }) => folder.individuals.at(-1)?.id ?? ''

describe('adding', () => {
  test('the person is kept with a document of its own that is asked for', async () => {
    const id = await newCompany()
    const folder = await addIndividual(context, id, director)
    const [individual] = folder.individuals
    expect(folder.individuals).toEqual([
      {
        id: uuid,
        applicationId: id,
        customerId: null,
        ...director,
        ownershipPercentage: null,
        phone: null,
        address: expect.objectContaining({ line1: '123 Main St', city: 'New York' }),
        createdAt: expect.any(Number),
        updatedAt: expect.any(Number),
      },
    ])
    expect(folder.documents).toMatchObject([
      { individualId: individual?.id, type: 'IDENTITY', status: 'REQUIRED' },
    ])
    expect(await getApplication(context, id)).toMatchObject({
      individuals: folder.individuals,
      documents: folder.documents,
    })
  })

  test('a READY_FOR_SUBMISSION application with a new person is INCOMPLETE until it is complete', async () => {
    const { application } = await completeApplication(context, { kind: 'business' })
    expect(application.status).toBe('READY_FOR_SUBMISSION')
    const added = await addIndividual(context, application.id, { ...person, role: 'OFFICER' })
    expect(added.application.status).toBe('INCOMPLETE')
    const removed = await removeIndividual(context, application.id, idOf(added))
    expect(removed.application.status).toBe('READY_FOR_SUBMISSION')
  })

  test('the application of a person has none', async () => {
    const { application } = await createApplication(context, personApplication)
    const error = await refused(() => addIndividual(context, application.id, director))
    expect(error.definition).toBe(applicationErrors.application_people_refused)
  })

  test('more than a hundred are refused', async () => {
    const id = await newCompany()
    for (let at = 0; at < 100; at += 1) await addIndividual(context, id, { role: 'OFFICER' })
    const error = await refused(() => addIndividual(context, id, { role: 'OFFICER' }))
    expect(error.definition).toBe(individualErrors.individual_limit_reached)
    expect((await getApplication(context, id)).documents).toHaveLength(100)
  })

  test('nothing personal stands in a plain column', async () => {
    const id = await newCompany()
    await addIndividual(context, id, director)
    const row = await context.db
      .selectFrom('individuals')
      .selectAll()
      .where('application_id', '=', id)
      .executeTakeFirstOrThrow()
    const plain = JSON.stringify(row) + Buffer.from(row.details).toString('latin1')
    expect(plain).not.toMatch(/jane|smith|1990-01-15|123 Main/i)
  })
})

describe('ownership', () => {
  const notPositive = 'ownershipPercentage: is not above 0 and at most 100'

  test.each<[string, number]>([
    [notPositive, 0],
    [notPositive, -1],
    [notPositive, 100.01],
    [notPositive, 0.001],
    [notPositive, Number.NaN],
    ['ownershipPercentage: has more than two decimals', 33.333],
  ])('%s (%d)', async (rule, percentage) => {
    const id = await newCompany()
    expect(await fieldRefusal(() => add(id, percentage))).toBe(rule)
    expect((await getApplication(context, id)).individuals).toEqual([])
  })

  test.each([0.01, 25, 29.57, 33.33, 57.3, 100])(
    '%d percent is kept as said',
    async (percentage) => {
      const id = await newCompany()
      await add(id, percentage)
      const { individuals } = await getApplication(context, id)
      expect(individuals[0]?.ownershipPercentage).toBe(percentage)
    },
  )

  test('60 + 60 is refused, in either way of getting there; 60 + 40 is not', async () => {
    const id = await newCompany()
    await add(id, 60)
    const rule =
      'ownershipPercentage: makes 120 % with that of the other individuals; together at most 100 %'
    expect(await fieldRefusal(() => add(id, 60))).toBe(rule)
    const second = idOf(await add(id, 40))
    const raise = { ownershipPercentage: 60 }
    expect(await fieldRefusal(() => updateIndividual(context, id, second, raise))).toBe(rule)
    const { individuals } = await getApplication(context, id)
    expect(individuals.map((one) => one.ownershipPercentage)).toEqual([60, 40])
  })

  test('added at once, two of 60 do not both get in', async () => {
    const id = await newCompany()
    const outcomes = await Promise.allSettled([add(id, 60), add(id, 60)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('a role that owns nothing says no percentage, and keeps none', async () => {
    const id = await newCompany()
    const rule = 'ownershipPercentage: is only said of BENEFICIAL_OWNER or CONTROL_PERSON'
    expect(await fieldRefusal(() => add(id, 30, 'OFFICER'))).toBe(rule)
    const one = idOf(await add(id, 30))
    const change = (changes: IndividualChanges) => updateIndividual(context, id, one, changes)
    expect(await fieldRefusal(() => change({ role: 'OFFICER' }))).toBe(rule)
    const changed = await change({ role: 'OFFICER', ownershipPercentage: null })
    expect(changed.individuals).toMatchObject([{ role: 'OFFICER', ownershipPercentage: null }])
  })

  test('whatever is tried, the sum never passes 100', async () => {
    const step = fc.record({ at: fc.nat(3), hundredths: fc.integer({ min: 1, max: 10_000 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        const id = await newCompany()
        const ids: string[] = []
        for (const { at, hundredths } of steps) {
          const known = ids[at]
          const set = { ownershipPercentage: hundredths / 100 }
          const change = known
            ? updateIndividual(context, id, known, set)
            : add(id, hundredths / 100)
          const folder = await change.catch(() => null)
          if (folder && !known) ids.push(idOf(folder))
        }
        const { individuals } = await getApplication(context, id)
        const parts = individuals.map((one) => Math.round((one.ownershipPercentage ?? 0) * 100))
        expect(parts.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(10_000)
        expect(individuals.map((one) => one.id)).toEqual(ids)
      }),
      { numRuns: 15 },
    )
  })
})

describe('changing and removing', () => {
  test('given members merge, and the rest stays', async () => {
    const id = await newCompany()
    const before = (await addIndividual(context, id, director)).individuals[0]
    const changes = { lastName: 'Roe', email: null, address: { city: 'Boston' } }
    const { individuals } = await updateIndividual(context, id, before?.id ?? '', changes)
    expect(individuals).toEqual([
      {
        ...before,
        lastName: 'Roe',
        email: null,
        address: { ...before?.address, city: 'Boston' },
        updatedAt: expect.any(Number),
      },
    ])
    expect((await getApplication(context, id)).individuals).toEqual(individuals)
  })

  test.each<[string, IndividualChanges]>([
    ['dateOfBirth: is not a date like 1990-12-31', { dateOfBirth: '1990-02-30' }],
    ['dateOfBirth: lies in the future', { dateOfBirth: '2999-01-01' }],
    ['email: is not an e-mail address like name@example.com', { email: 'jane' }],
    ['address.country: is not an ISO 3166-1 alpha-2 code such as AR', { country: 'us' }],
    ['address.line1: is blank', { address: { line1: ' ' } }],
  ])('%s', async (rule, changes) => {
    const id = await newCompany()
    const one = idOf(await addIndividual(context, id, director))
    expect(await fieldRefusal(() => updateIndividual(context, id, one, changes))).toBe(rule)
  })

  test('a person of another application looks missing', async () => {
    const [id, other] = [await newCompany(), await newCompany()]
    const one = idOf(await addIndividual(context, other, director))
    for (const work of [
      () => updateIndividual(context, id, one, { email: null }),
      () => removeIndividual(context, id, one),
    ]) {
      expect((await refused(work)).definition).toBe(individualErrors.individual_not_found)
    }
    expect((await getApplication(context, other)).individuals).toHaveLength(1)
  })

  test('removed, it takes its document along, and the file of that', async () => {
    const id = await newCompany()
    const added = await addIndividual(context, id, director)
    await upload(context, added.documents[0]?.id ?? '')
    const { blob_name } = await context.db
      .selectFrom('application_documents')
      .select('blob_name')
      .where('id', '=', added.documents[0]?.id ?? '')
      .executeTakeFirstOrThrow()
    await removeIndividual(context, id, idOf(added))
    expect(await getApplication(context, id)).toMatchObject({ individuals: [], documents: [] })
    const blob = await context.db
      .selectFrom('blobs')
      .selectAll()
      .where('name', '=', blob_name ?? '')
      .executeTakeFirstOrThrow()
    expect(blob.kept_at).toBe(null)
  })

  test('the record that the application names knows of each change', async () => {
    const customer = await createCustomer(context, { kind: 'business' })
    const id = await newCompany({ customerId: customer.id })
    const one = idOf(await addIndividual(context, id, director))
    await updateIndividual(context, id, one, { email: 'j@example.com' })
    await updateIndividual(context, id, one, { email: 'j@example.com' })
    await removeIndividual(context, id, one)
    const facts = await historyOf(context, customer.id)
    expect(facts.map(({ type }) => type)).toEqual([
      'customer.created',
      applicationEvents.opened,
      applicationEvents.updated,
      applicationEvents.updated,
      applicationEvents.updated,
    ])
    expect(facts[3]?.changes).toEqual({
      application: {
        id,
        changedIndividual: { id: one, email: 'j@example.com' },
        status: 'INCOMPLETE',
      },
    })
  })

  test('once submitted or decided, nobody is added, changed or removed', async () => {
    const { application, individuals } = await completeApplication(context, { kind: 'business' })
    const { id } = application
    const one = individuals[0]?.id ?? ''
    const tryAll = async () => {
      for (const work of [
        () => addIndividual(context, id, director),
        () => updateIndividual(context, id, one, { email: null }),
        () => removeIndividual(context, id, one),
      ]) {
        const { definition } = await refused(work)
        expect(definition).toBe(applicationErrors.application_status_refused)
      }
    }
    await submitApplication(context, id)
    await tryAll()
    await decideApplication(context, id, { decision: 'approve', reason: 'Known.' })
    await tryAll()
    expect((await getApplication(context, id)).individuals).toHaveLength(2)
  })
})
