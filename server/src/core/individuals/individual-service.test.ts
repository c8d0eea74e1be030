// Owns the outcomes of reading and updating the people behind a customer on a real database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { fieldRefusal, refused } from '../../../../test/refused.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { decideApplication } from '../applications/application-decision.ts'
import { submitApplication } from '../applications/application-service.ts'
import { completeApplication } from '../applications/testing/application-samples.ts'
import type { Context } from '../context.ts'
import { bankingErrors } from '../customer/banking-status.ts'
import { customerErrors } from '../customer/customer.ts'
import { createCustomer, holdCustomer, recordChange } from '../customer/customer-service.ts'
import { individualErrors, individualEvents } from './individual.ts'
import { getIndividual, listIndividuals, updateIndividual } from './individual-service.ts'

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

async function newCorporation() {
  const { application } = await completeApplication(context, { kind: 'business' })
  await submitApplication(context, application.id)
  const approval = { decision: 'approve', reason: 'Known.' } as const
  const approved = await decideApplication(context, application.id, approval)
  const customerId = approved.application.customerId ?? ''
  const ids = approved.individuals.map(({ id }) => id)
  return { customerId, applicationId: application.id, ids, id: ids[0] ?? '' }
}

describe('reading', () => {
  test('the people of an approved application are those of the customer, oldest first', async () => {
    const { customerId, applicationId, ids, id } = await newCorporation()
    const people = await listIndividuals(context, customerId)
    expect(people.map((one) => one.id)).toEqual(ids)
    expect(people[0]).toEqual({
      id,
      applicationId,
      customerId,
      role: 'CONTROL_PERSON',
      ownershipPercentage: null,
      firstName: 'Jane',
      lastName: 'Smith',
      dateOfBirth: '1990-01-15',
      taxId: '123-45-6789',
      email: 'jane.smith@acmecorp.com',
      phone: null,
      address: expect.objectContaining({ line1: '123 Main St' }),
      country: 'US',
      createdAt: expect.any(Number),
      updatedAt: expect.any(Number),
    })
    expect(await getIndividual(context, customerId, id)).toEqual(people[0])
  })

  test('nobody stands behind a customer without an application', async () => {
    const { id } = await createCustomer(context, { kind: 'business' })
    expect(await listIndividuals(context, id)).toEqual([])
  })

  test("another customer's, another app's and people not yet approved look missing", async () => {
    const { customerId, id } = await newCorporation()
    const other = await newCorporation()
    const open = await completeApplication(context, { kind: 'business' })
    const unapproved = open.individuals[0]?.id ?? ''
    for (const one of [unknownId, other.id, unapproved]) {
      const error = await refused(() => getIndividual(context, customerId, one))
      expect(error.definition).toBe(individualErrors.individual_not_found)
      const change = await refused(() =>
        updateIndividual(context, customerId, one, { email: null }),
      )
      expect(change.definition).toBe(individualErrors.individual_not_found)
    }
    for (const work of [
      () => listIndividuals(liveApp, customerId),
      () => getIndividual(liveApp, customerId, id),
      () => updateIndividual(liveApp, customerId, id, { email: null }),
    ]) {
      expect((await refused(work)).definition).toBe(customerErrors.customer_not_found)
    }
  })
})

describe('updating', () => {
  test('given members merge; the history carries what changed', async () => {
    const { customerId, id } = await newCorporation()
    const before = await getIndividual(context, customerId, id)
    const version = (await historyOf(context, customerId)).length
    server.clock.advance(5)
    const changes = { phone: '+1 202 555 0199', address: { city: 'Boston' }, country: 'CA' }
    const after = await updateIndividual(context, customerId, id, changes)
    const address = { ...before.address, city: 'Boston' }
    expect(after).toEqual({
      ...before,
      phone: '+12025550199',
      address,
      country: 'CA',
      updatedAt: after.updatedAt,
    })
    expect(after.updatedAt).toBeGreaterThan(before.updatedAt)
    expect(await getIndividual(context, customerId, id)).toEqual(after)
    const history = await historyOf(context, customerId)
    expect(history.slice(version)).toEqual([
      {
        version: version + 1,
        type: individualEvents.updated,
        actor: 'operator:test',
        changes: { individual: { id, phone: '+12025550199', country: 'CA', address } },
      },
    ])
  })

  test('changes may be a function of the person; what changes nothing leaves no event', async () => {
    const { customerId, id } = await newCorporation()
    const before = await getIndividual(context, customerId, id)
    const version = (await historyOf(context, customerId)).length
    const same = await updateIndividual(context, customerId, id, ({ email }) => ({ email }))
    expect(same).toEqual(before)
    expect(await historyOf(context, customerId)).toHaveLength(version)
  })

  test('a value that breaks a rule is refused by its field', async () => {
    const { customerId, id } = await newCorporation()
    const change = (changes: object) => updateIndividual(context, customerId, id, changes)
    expect(await fieldRefusal(() => change({ email: 'jane' }))).toBe(
      'email: is not an e-mail address like name@example.com',
    )
    expect(await fieldRefusal(() => change({ address: { line1: '\u0007' } }))).toMatch(
      /^address\.line1: /,
    )
  })

  test('a CLOSED customer does not change', async () => {
    const { customerId, id } = await newCorporation()
    await inTransaction(context, async (tx) => {
      const held = await holdCustomer(tx, customerId)
      await recordChange(tx, held, {
        type: 'customer.updated',
        changes: { bankingStatus: 'CLOSED' },
      })
    })
    const error = await refused(() => updateIndividual(context, customerId, id, { email: null }))
    expect(error.definition).toBe(bankingErrors.customer_status_forbids)
    expect(await getIndividual(context, customerId, id)).toMatchObject({ id })
  })
})
