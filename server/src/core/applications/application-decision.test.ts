// Owns what arises from a decision about an application, and what does not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { accountEvents } from '../accounts/account.ts'
import { listAccounts } from '../accounts/account-service.ts'
import type { Context } from '../context.ts'
import {
  createCustomer,
  getCustomer,
  holdCustomer,
  recordChange,
} from '../customer/customer-service.ts'
import { listIndividuals } from '../individuals/individual-service.ts'
import { type ApplicationStatus, applicationErrors, applicationEvents } from './application.ts'
import { decideApplication } from './application-decision.ts'
import { getApplication, submitApplication, updateApplication } from './application-service.ts'
import { applicationAs, completeApplication } from './testing/application-samples.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const reason = 'Documents are in order.'
const approve = (id: string, app = context) =>
  decideApplication(app, id, { decision: 'approve', reason })
const countCustomers = async () =>
  (await context.db.selectFrom('customers').select('id').execute()).length
const accountsOf = async (customerId: string) =>
  listAccounts(context, { customerId, status: null, currency: null, beforeId: null, limit: 10 })
const as = async (status: Exclude<ApplicationStatus, 'PROCESSING'>, more: object = {}) =>
  (await applicationAs(context, status, more)).application
const submittedCompany = async (more: object = {}) => {
  const { application } = await completeApplication(context, { kind: 'business', ...more })
  await submitApplication(context, application.id)
  return application.id
}

describe('approving', () => {
  test('a person becomes one ACTIVE customer with one account, in one history', async () => {
    const { id } = await as('SUBMITTED', { accountCurrency: 'EUR' })
    const before = await countCustomers()
    const { application } = await approve(id)
    expect(await countCustomers()).toBe(before + 1)
    const customerId = application.customerId ?? ''
    expect(application).toMatchObject({
      status: 'APPROVED',
      decisions: [{ decision: 'approve', reason, actor: 'operator:test' }],
    })
    expect(await getCustomer(context, customerId)).toMatchObject({
      kind: 'individual',
      bankingStatus: 'ACTIVE',
      name: 'John Doe',
      givenName: 'John',
      familyName: 'Doe',
      dateOfBirth: '1990-01-15',
      email: 'john.doe@example.com',
      phone: '+12025550123',
      country: 'US',
      address: { line1: '123 Main St', city: 'New York', state: 'NY', postalCode: '10001' },
      document: { type: 'tax_id', number: '123-45-6789', country: 'US' },
    })
    expect(await accountsOf(customerId)).toMatchObject([
      { type: 'DEPOSIT', currency: 'EUR', status: 'ACTIVE', nickname: null },
    ])
    const history = await historyOf(context, customerId)
    expect(history.map(({ type }) => type)).toEqual([
      'customer.created',
      applicationEvents.approved,
      accountEvents.opened,
    ])
    expect(history[1]).toMatchObject({
      actor: 'operator:test',
      changes: { bankingStatus: 'ACTIVE', application: { id, status: 'APPROVED', reason } },
    })
    expect((await getApplication(context, id)).application).toEqual(application)
  })

  test('a corporation brings its people along, sealed under its own key from now on', async () => {
    const id = await submittedCompany()
    const folder = await approve(id)
    const customerId = folder.application.customerId ?? ''
    expect(await getCustomer(context, customerId)).toMatchObject({
      kind: 'business',
      name: 'Acme Corporation',
      companyName: 'Acme Corporation',
      email: 'contact@acmecorp.com',
      country: 'US',
      document: { type: 'tax_id', number: '12-3456789', country: 'US' },
      background: { tradingName: 'Acme', registrationNumber: '7654321' },
    })
    const people = await listIndividuals(context, customerId)
    expect(people.map(({ firstName, role }) => `${firstName} ${role}`)).toEqual([
      'Jane CONTROL_PERSON',
      'John BENEFICIAL_OWNER',
    ])
    expect(people[1]?.ownershipPercentage).toBe(30)
    expect(folder.individuals).toEqual(people)
    expect((await getApplication(context, id)).individuals).toEqual(people)
  })

  test('a record that was named gets the facet: stated fields are set, the others stay', async () => {
    const record = await createCustomer(context, {
      kind: 'individual',
      name: 'ACME INC',
      email: 'old@acmecorp.com',
      phone: '+5491123456789',
      externalId: 'acme-1',
      metadata: { plan: 'pro' },
      background: { motherName: 'none', tradingName: 'Old' },
    })
    const before = await countCustomers()
    const { application } = await approve(await submittedCompany({ customerId: record.id }))
    expect(application.customerId).toBe(record.id)
    expect(await countCustomers()).toBe(before)
    expect(await getCustomer(context, record.id)).toMatchObject({
      kind: 'business',
      bankingStatus: 'ACTIVE',
      name: 'Acme Corporation',
      givenName: null,
      companyName: 'Acme Corporation',
      email: 'contact@acmecorp.com',
      phone: '+5491123456789',
      externalId: 'acme-1',
      metadata: { plan: 'pro' },
      background: { motherName: 'none', tradingName: 'Acme', registrationNumber: '7654321' },
    })
    const types = (await historyOf(context, record.id)).map(({ type }) => type)
    expect(types.slice(-4)).toEqual([
      applicationEvents.submitted,
      'customer.updated',
      applicationEvents.approved,
      accountEvents.opened,
    ])
  })

  test('a document that the record has already keeps the more telling type', async () => {
    const document = { type: 'ssn', number: '123456789', country: 'US' }
    const record = await createCustomer(context, { kind: 'individual', document })
    const { id } = await as('SUBMITTED', { customerId: record.id })
    await approve(id)
    expect((await getCustomer(context, record.id)).document).toEqual(document)
  })

  test('twice at once: exactly one customer arises', async () => {
    const id = await submittedCompany()
    const before = await countCustomers()
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => approve(id)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of outcomes) {
      if (one.status === 'rejected') {
        expect(one.reason.definition).toBe(applicationErrors.application_status_refused)
      }
    }
    expect(await countCustomers()).toBe(before + 1)
    const { application } = await getApplication(context, id)
    expect(await accountsOf(application.customerId ?? '')).toHaveLength(1)
  })

  test('of two applications that name one record, approved at once, one is', async () => {
    const record = await createCustomer(context, { kind: 'individual' })
    const more = { customerId: record.id }
    const both = [await as('SUBMITTED', more), await as('SUBMITTED', more)]
    const outcomes = await Promise.allSettled(both.map(({ id }) => approve(id)))
    const [lost] = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(lost.definition).toBe(applicationErrors.application_customer_banks)
    expect(await accountsOf(record.id)).toHaveLength(1)
    const stand = await Promise.all(both.map(({ id }) => getApplication(context, id)))
    expect(stand.map(({ application }) => application.status).sort()).toEqual([
      'APPROVED',
      'SUBMITTED',
    ])
  })

  test('what fails half-way leaves nothing behind', async () => {
    const id = await submittedCompany()
    const before = await countCustomers()
    let seals = 0
    const vault: Context['vault'] = {
      ...context.vault,
      seal(key, place, text) {
        if (place.field.startsWith('account.')) seals += 1
        if (seals > 0) throw new Error('the account cannot be sealed')
        return context.vault.seal(key, place, text)
      },
    }
    await expect(approve(id, { ...context, vault })).rejects.toThrow('cannot be sealed')
    expect(await countCustomers()).toBe(before)
    const { application, individuals } = await getApplication(context, id)
    expect([application.status, application.customerId]).toEqual(['SUBMITTED', null])
    expect(individuals.map(({ customerId }) => customerId)).toEqual([null, null])
    expect((await approve(id)).application.status).toBe('APPROVED')
  })
})

describe('rejecting and giving back', () => {
  test('neither makes a customer; actor and reason stay with the application', async () => {
    const before = await countCustomers()
    const { id } = await as('SUBMITTED')
    const back = { decision: 'request_changes', reason: 'The picture is not sharp.' } as const
    expect((await decideApplication(context, id, back)).application.status).toBe(
      'CHANGES_REQUESTED',
    )
    await submitApplication(context, id)
    const no = { decision: 'reject', reason: 'Still not sharp.' } as const
    const { application } = await decideApplication({ ...context, actor: 'key:7' }, id, no)
    expect(application).toMatchObject({
      status: 'REJECTED',
      customerId: null,
      decisions: [
        { ...back, actor: 'operator:test', at: expect.any(Number) },
        { ...no, actor: 'key:7', at: expect.any(Number) },
      ],
    })
    expect(await countCustomers()).toBe(before)
  })

  test('the record that was named keeps them in its history, and stays no customer', async () => {
    const record = await createCustomer(context, { kind: 'individual' })
    const { id } = await as('CHANGES_REQUESTED', { customerId: record.id })
    await submitApplication(context, id)
    await decideApplication(context, id, { decision: 'reject', reason: 'No.' })
    const facts = await historyOf(context, record.id)
    expect(facts.slice(-3).map(({ type, changes }) => [type, changes])).toEqual([
      [
        applicationEvents.changesRequested,
        { application: { id, status: 'CHANGES_REQUESTED', reason: 'As it should be.' } },
      ],
      [
        applicationEvents.submitted,
        { application: { id, status: 'SUBMITTED', submittedAt: expect.any(Number) } },
      ],
      [applicationEvents.rejected, { application: { id, status: 'REJECTED', reason: 'No.' } }],
    ])
    expect((await getCustomer(context, record.id)).bankingStatus).toBe(null)
  })

  test('an application left over for a customer of the bank can be rejected, and no more', async () => {
    const record = await createCustomer(context, { kind: 'individual' })
    const more = { customerId: record.id }
    const first = await as('SUBMITTED', more)
    const ready = await as('READY_FOR_SUBMISSION', more)
    const [left, last] = [await as('SUBMITTED', more), await as('SUBMITTED', more)]
    await approve(first.id)
    for (const work of [
      () => submitApplication(context, ready.id),
      () => updateApplication(context, ready.id, { phone: null }),
      () => approve(left.id),
    ]) {
      const { definition } = await refused(work)
      expect(definition).toBe(applicationErrors.application_customer_banks)
    }
    const no = { decision: 'reject', reason: 'Twice.' } as const
    await decideApplication(context, left.id, no)
    const history = await historyOf(context, record.id)
    expect(history.at(-1)?.type).toBe(applicationEvents.rejected)
    await inTransaction(context, async (tx) => {
      const held = await holdCustomer(tx, record.id)
      const changes = { bankingStatus: 'CLOSED' as const }
      await recordChange(tx, held, { type: 'customer.updated', changes })
    })
    const { application } = await decideApplication(context, last.id, no)
    expect(application.status).toBe('REJECTED')
    // A CLOSED customer does not change any more.
    expect(await historyOf(context, record.id)).toHaveLength(history.length + 1)
  })
})
