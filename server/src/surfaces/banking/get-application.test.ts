// Owns the outcomes of GET /v1/applications/{id}.
import { describe, expect, test } from 'vitest'
import {
  control,
  documentId,
  individualId,
  newCorporation,
  newPerson,
  person,
  testApplications,
} from './test-applications.ts'
import { refusal, refusalOf, unknownIds, wireTime } from './test-banking.ts'

const banking = testApplications()
const time = expect.stringMatching(wireTime)

describe('200', () => {
  test('a person, as it was made', async () => {
    const made = await banking.create(newPerson)
    const answer = await banking.at('GET', `/${made.id}`)
    expect([answer.status, answer.json]).toEqual([200, made])
  })

  test('a corporation with its people and their documents', async () => {
    const { id } = await banking.create(newCorporation)
    const individual = await banking.addIndividual(id)
    const { json } = await banking.at('GET', `/${id}`)
    expect(json.individuals).toEqual([
      {
        id: expect.stringMatching(individualId),
        application_id: id,
        role: 'CONTROL_PERSON',
        ownership_percentage: null,
        email: control.email,
        phone: null,
        ...person,
        created_at: time,
        updated_at: time,
      },
    ])
    expect(json.documents).toMatchObject([
      { id: expect.stringMatching(documentId), individual_id: individual.id, status: 'REQUIRED' },
    ])
  })

  test('approved, it names the customer and the decision', async () => {
    const { id } = await banking.reach('APPROVED')
    const { json } = await banking.at('GET', `/${id}`)
    expect(json).toMatchObject({
      status: 'APPROVED',
      customer_id: expect.stringMatching(/^cust_/),
      decision: { decision: 'approve', reason: 'As it should be.', decided_at: time },
      submitted_at: time,
    })
    const customer = await banking.call('GET', `/v1/customers/${json.customer_id}`)
    const { tax_id, ...shown } = person
    expect(customer.json).toMatchObject({
      type: 'INDIVIDUAL',
      status: 'ACTIVE',
      individual: shown,
      accounts: [{ currency: 'USD', status: 'ACTIVE' }],
    })
    expect(tax_id).toBe('123-45-6789')
  })
})

test.each(unknownIds('appl'))('404: %s', async (id) => {
  expect(refusalOf(await banking.at('GET', `/${id}`))).toEqual(refusal(404, 'NOT_FOUND'))
})

test("404: another app's", async () => {
  const { id } = await banking.create()
  const { key } = await banking.newApp()
  expect(refusalOf(await banking.at('GET', `/${id}`, { key }))).toEqual(refusal(404, 'NOT_FOUND'))
})
