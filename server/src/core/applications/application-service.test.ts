// Owns the outcomes of making and reading applications on a real database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { fieldRefusal, refused } from '../../../../test/refused.ts'
import type { Context } from '../context.ts'
import { customerErrors } from '../customer/customer.ts'
import { createCustomer, getCustomer } from '../customer/customer-service.ts'
import { type ApplicationStatus, applicationErrors, applicationEvents } from './application.ts'
import { createApplication, getApplication, listApplications } from './application-service.ts'
import {
  applicationAs,
  completeApplication,
  corporationApplication,
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

const unknownId = '01890a5d-ac96-774b-bcce-b302099a8057'
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/)
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
const create = (more: object = {}) =>
  createApplication(context, { kind: 'individual', email: 'john@example.com', ...more })
const as = (status: Exclude<ApplicationStatus, 'PROCESSING'>) => applicationAs(context, status)

describe('making one', () => {
  test('it holds what was said, is INCOMPLETE and asks for an identity document', async () => {
    const folder = await createApplication(context, personApplication)
    expect(folder).toEqual({
      application: {
        id: uuid,
        kind: 'individual',
        status: 'INCOMPLETE',
        customerId: null,
        accountCurrency: 'USD',
        email: 'john.doe@example.com',
        phone: '+12025550123',
        individual: {
          firstName: 'John',
          lastName: 'Doe',
          dateOfBirth: '1990-01-15',
          taxId: '123-45-6789',
          email: null,
          phone: null,
          address: wholeAddress,
          country: 'US',
        },
        corporation: null,
        decisions: [],
        termsAcceptedAt: expect.any(Number),
        submittedAt: null,
        decidedAt: null,
        createdAt: expect.any(Number),
        updatedAt: expect.any(Number),
      },
      individuals: [],
      documents: [
        {
          id: uuid,
          applicationId: folder.application.id,
          individualId: null,
          type: 'IDENTITY',
          status: 'REQUIRED',
          file: null,
          createdAt: expect.any(Number),
          uploadedAt: null,
        },
      ],
    })
    expect(await getApplication(context, folder.application.id)).toMatchObject(folder)
  })

  test('a corporation asks for no document before it names people', async () => {
    const { application, documents } = await createApplication(context, corporationApplication)
    expect(documents).toEqual([])
    expect(application).toMatchObject({
      individual: null,
      corporation: {
        legalName: 'Acme Corporation',
        tradingName: 'Acme',
        registrationNumber: '7654321',
        taxId: '12-3456789',
        address: wholeAddress,
        country: 'US',
        hasBeneficialOwners: null,
      },
    })
  })

  test('no customer arises from it, and the record that it names says nothing new', async () => {
    const count = async () =>
      (await context.db.selectFrom('customers').select('id').execute()).length
    const record = await newRecord()
    const before = await count()
    const { application } = await create({ customerId: record.id })
    expect(await count()).toBe(before)
    expect(await getCustomer(context, record.id)).toMatchObject({
      name: 'Ada Lovelace',
      email: null,
      bankingStatus: null,
    })
    const [, opened] = await historyOf(context, record.id)
    expect(opened).toMatchObject({
      type: applicationEvents.opened,
      actor: 'operator:test',
      changes: { application: { id: application.id, email: 'john@example.com' } },
    })
  })

  test.each<[string, object]>([
    ['email: is not an e-mail address like name@example.com', { email: 'john' }],
    ['phone: is not a phone number in E.164 like +5491123456789', { phone: '12' }],
    ['individual.dateOfBirth: lies in the future', { individual: { dateOfBirth: '2999-01-01' } }],
    [
      'individual.dateOfBirth: is not a date like 1990-12-31',
      { individual: { dateOfBirth: '1990-02-30' } },
    ],
    [
      'individual.address.country: is not an ISO 3166-1 alpha-2 code such as AR',
      { individual: { country: 'XX' } },
    ],
    ['individual.address.city: is blank', { individual: { address: { city: ' ' } } }],
    ['individual.firstName: is blank', { individual: { firstName: '' } }],
    ['corporation: is only said of a corporation', { corporation: { legalName: 'Acme' } }],
    ['individual: is only said of a person', { kind: 'business', individual: {} }],
    ['corporation.legalName: is blank', { kind: 'business', corporation: { legalName: '' } }],
    ['accountCurrency: is not an ISO 4217 code such as USD', { accountCurrency: 'USDC' }],
  ])('%s', async (rule, more) => {
    expect(await fieldRefusal(() => create(more))).toBe(rule)
  })

  test('a record of another app, or none, is refused by the name of the field', async () => {
    const foreign = await createCustomer(liveApp, { kind: 'individual' })
    for (const customerId of [unknownId, foreign.id]) {
      const error = await refused(() => create({ customerId }))
      expect(error.definition).toBe(customerErrors.customer_not_found)
      expect(error.param).toBe('customerId')
    }
  })

  test('a record that is a customer of the bank already is refused', async () => {
    const approved = await as('APPROVED')
    const { customerId } = approved.application
    const error = await refused(() => create({ customerId }))
    expect([error.definition, error.param]).toEqual([
      applicationErrors.application_customer_banks,
      'customerId',
    ])
  })

  test('nothing personal stands in a plain column', async () => {
    const { application } = await createApplication(context, personApplication)
    const row = await context.db
      .selectFrom('applications')
      .selectAll()
      .where('id', '=', application.id)
      .executeTakeFirstOrThrow()
    const plain = JSON.stringify(row) + Buffer.from(row.details).toString('latin1')
    expect(plain).not.toMatch(/john|doe|1990-01-15|123 Main|123-45/i)
  })
})

describe('reading', () => {
  test("another app's application looks missing", async () => {
    const { application } = await create()
    for (const [app, id] of [
      [liveApp, application.id],
      [context, unknownId],
    ] as const) {
      const error = await refused(() => getApplication(app, id))
      expect(error.definition).toBe(applicationErrors.application_not_found)
    }
  })

  test('a list is newest first, by status and type, page after page', async () => {
    const first = await createApplication(liveApp, personApplication)
    const second = await createApplication(liveApp, corporationApplication)
    const third = await completeApplication(liveApp)
    const list = async (filter: object) => {
      const page = { status: null, kind: null, limit: 10, beforeId: null, ...filter }
      return (await listApplications(liveApp, page)).map(({ id }) => id)
    }
    const [one, two, three] = [first, second, third].map(({ application }) => application.id)
    expect(await list({})).toEqual([three, two, one])
    expect(await list({ limit: 1, beforeId: three })).toEqual([two])
    expect(await list({ status: 'READY_FOR_SUBMISSION' })).toEqual([three])
    expect(await list({ kind: 'business' })).toEqual([two])
    expect(await list({ kind: 'individual', status: 'INCOMPLETE' })).toEqual([one])
  })
})
