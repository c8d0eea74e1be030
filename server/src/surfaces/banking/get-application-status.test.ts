// Owns the outcomes of GET /v1/applications/{id}/status.
import { describe, expect, test } from 'vitest'
import { control, newPerson, owner, testApplications } from './test-applications.ts'
import { refusal, refusalOf, unknownIds } from './test-banking.ts'

const banking = testApplications()
const statusOf = async (id: string) => (await banking.at('GET', `/${id}/status`)).json

describe('200', () => {
  test('everything that a corporation lacks, at once', async () => {
    const { id } = await banking.create({ type: 'CORPORATION', email: 'contact@acmecorp.com' })
    const officer = await banking.addIndividual(id, { role: 'OFFICER', first_name: 'Jane' })
    const seen = await statusOf(id)
    const missing = (field: string) => ({ field, message: 'is missing' })
    expect(seen).toEqual({
      status: 'INCOMPLETE',
      application_errors: [
        'MISSING_CONTROL_PERSON',
        'MISSING_BENEFICIAL_OWNER',
        'MISSING_DOCUMENT',
        'TERMS_AND_CONDITIONS_NOT_ACCEPTED',
      ],
      validation_errors: [
        missing('corporation.legal_name'),
        missing('corporation.registration_number'),
        missing('corporation.tax_id'),
        missing('corporation.address'),
        missing(`individuals.${officer.id}.last_name`),
        missing(`individuals.${officer.id}.date_of_birth`),
        missing(`individuals.${officer.id}.address`),
      ],
      documents: [
        {
          id: expect.stringMatching(/^doc_/),
          type: 'IDENTITY',
          status: 'REQUIRED',
          individual_id: officer.id,
          file: null,
          uploaded_at: null,
        },
      ],
    })
  })

  test('it grows shorter step by step, until nothing is missing', async () => {
    const { id } = await banking.create({
      type: 'CORPORATION',
      email: 'contact@acmecorp.com',
      corporation: {
        legal_name: 'Acme',
        registration_number: '1',
        tax_id: '2',
        address: owner.address,
      },
      terms_and_conditions_accepted: true,
    })
    const errorsOf = async () => (await statusOf(id)).application_errors
    expect(await errorsOf()).toEqual(['MISSING_CONTROL_PERSON', 'MISSING_BENEFICIAL_OWNER'])
    await banking.addIndividual(id, control)
    expect(await errorsOf()).toEqual(['MISSING_BENEFICIAL_OWNER', 'MISSING_DOCUMENT'])
    await banking.addIndividual(id, { ...owner, ownership_percentage: 24 })
    expect(await errorsOf()).toEqual(['MISSING_BENEFICIAL_OWNER', 'MISSING_DOCUMENT'])
    await banking.addIndividual(id, { ...owner, ownership_percentage: 25 })
    expect(await errorsOf()).toEqual(['MISSING_DOCUMENT'])
    for (const document of (await statusOf(id)).documents) await banking.upload(document.id)
    expect(await statusOf(id)).toMatchObject({
      status: 'READY_FOR_SUBMISSION',
      application_errors: [],
      validation_errors: [],
    })
  })

  test('who is under 18 is told by the field', async () => {
    const year = new Date(banking.server.clock.now()).getUTCFullYear()
    const individual = { ...newPerson.individual, date_of_birth: `${year - 17}-01-01` }
    const { id } = await banking.create({ ...newPerson, individual })
    expect((await statusOf(id)).validation_errors).toEqual([
      { field: 'individual.date_of_birth', message: 'is less than 18 years ago' },
    ])
  })

  test('once it is over, nothing is missing', async () => {
    const { id } = await banking.reach('APPROVED')
    expect(await statusOf(id)).toMatchObject({
      status: 'APPROVED',
      application_errors: [],
      validation_errors: [],
      documents: [{ status: 'UPLOADED' }],
    })
  })
})

test.each(unknownIds('appl'))('404: %s', async (id) => {
  expect(refusalOf(await banking.at('GET', `/${id}/status`))).toEqual(refusal(404, 'NOT_FOUND'))
})
