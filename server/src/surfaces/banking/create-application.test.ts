// Owns the outcomes of POST /v1/applications.
import { describe, expect, test } from 'vitest'
import {
  address,
  applicationId,
  documentId,
  newCorporation,
  newPerson,
  person,
  testApplications,
} from './test-applications.ts'
import { refusal, refusalOf, unknownIds, wireTime } from './test-banking.ts'

const banking = testApplications()
const post = (body: unknown) => banking.at('POST', '', { body })
const time = expect.stringMatching(wireTime)

describe('201', () => {
  test('a person: INCOMPLETE, with the document that is asked for', async () => {
    const answer = await post(newPerson)
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      id: expect.stringMatching(applicationId),
      type: 'INDIVIDUAL',
      status: 'INCOMPLETE',
      email: 'john.doe@example.com',
      customer_id: null,
      phone: '+12025550123',
      individual: person,
      documents: [
        {
          id: expect.stringMatching(documentId),
          type: 'IDENTITY',
          status: 'REQUIRED',
          individual_id: null,
          file: null,
          uploaded_at: null,
        },
      ],
      account_currency: 'USD',
      terms_and_conditions_accepted: true,
      decision: null,
      submitted_at: null,
      created_at: time,
      updated_at: time,
    })
  })

  test('a corporation: without people and documents at first', async () => {
    const { json } = await post({ ...newCorporation, account_currency: 'EUR' })
    expect(json).toMatchObject({
      type: 'CORPORATION',
      corporation: { ...newCorporation.corporation, has_beneficial_owners: null },
      individuals: [],
      documents: [],
      account_currency: 'EUR',
      phone: null,
    })
    expect(json).not.toHaveProperty('individual')
  })

  test('type and e-mail are enough to begin with', async () => {
    const { status, json } = await post({ type: 'INDIVIDUAL', email: 'a@example.com' })
    expect(status).toBe(201)
    const nothing = { first_name: null, last_name: null, date_of_birth: null, tax_id: null }
    expect(json.individual).toEqual({ ...nothing, address: null })
    expect(json.terms_and_conditions_accepted).toBe(false)
  })

  test('it names a record of another surface, which is no customer here before approval', async () => {
    const made = await banking.server.call('POST', '/crypto/customers', {
      body: { name: 'Ada Lovelace' },
      headers: { 'x-api-key': banking.server.key },
      key: null,
    })
    const { json } = await post({ ...newPerson, customer_id: made.json.data.id })
    expect(json.customer_id).toMatch(/^cust_/)
    const seen = await banking.call('GET', `/v1/customers/${json.customer_id}`)
    expect(seen.status).toBe(404)
  })
})

describe('400, by the name of the field', () => {
  const born = (date_of_birth: string) => ({ individual: { date_of_birth } })
  test.each<[string, object]>([
    ['type', { type: 'COMPANY' }],
    ['email', { email: 'john' }],
    ['phone', { phone: '555' }],
    ['individual.date_of_birth', born('1990-02-30')],
    ['individual.date_of_birth', born('2999-01-01')],
    ['individual.date_of_birth', born('15/01/1990')],
    ['individual.address.country', { individual: { address: { ...address, country: 'XX' } } }],
    ['individual.address.postal_code', { individual: { address: { postal_code: ' ' } } }],
    ['individual.first_name', { individual: { first_name: ' ' } }],
    ['corporation', { corporation: { legal_name: 'Acme' } }],
    ['account_currency', { account_currency: 'XYZ' }],
    ['status', { status: 'APPROVED' }],
    ['id', { id: 'appl_01h455vb4pex5vsknk084sn02q' }],
  ])('%s', async (field, more) => {
    const answer = await post({ ...newPerson, individual: undefined, ...more })
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', field))
  })

  test.each([['type'], ['email']])('without %s', async (field) => {
    const answer = await post({ ...newPerson, [field]: undefined })
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', field))
  })
})

test.each(unknownIds('cust'))('404: customer_id %s', async (customer_id) => {
  const answer = await post({ ...newPerson, customer_id })
  expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND', 'customer_id'))
})

test('409: the record is a customer of the bank already', async () => {
  const { customerId } = await banking.save()
  const answer = await post({ ...newPerson, customer_id: customerId })
  expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT', 'customer_id'))
})

test('403: a key that may only read', async () => {
  const key = await banking.server.createKey(banking.server.testApp, ['applications:read'])
  const answer = await banking.at('POST', '', { body: newPerson, key })
  expect(refusalOf(answer)).toEqual(refusal(403, 'FORBIDDEN'))
  expect(answer.json.error.message).toContain('applications:write')
})
