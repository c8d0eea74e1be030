// Owns the outcomes of GET /v1/applications/{id}.
import { describe, expect, test } from 'vitest'
import { addIndividual } from '../../core/applications/application-people.ts'
import { createApplication } from '../../core/applications/application-service.ts'
import {
  applicationAs,
  completeApplication,
  corporationApplication,
  director,
} from '../../core/applications/testing/application-samples.ts'
import { createMerchant } from '../../core/apps/app-service.ts'
import { printId } from '../../lib/id.ts'
import { problem, problemOf } from './test-connections.ts'
import { testRecords } from './test-records.ts'

const records = testRecords()
const get = (id: string, key?: string) =>
  records.call('GET', `/applications/${id}`, key === undefined ? {} : { key })
const noAddress = {
  line2: null,
  house_number: null,
  street_number: null,
  street_name: null,
  neighborhood: null,
  subdivision: null,
}

describe('200', () => {
  test('of a person: what it says, its document, and every decision with its actor', async () => {
    const { application, documents } = await applicationAs(records.context(), 'CHANGES_REQUESTED')
    const id = printId('application', application.id)
    const { status, json } = await get(id)
    expect(status).toBe(200)
    expect(json).toEqual({
      id,
      kind: 'individual',
      status: 'CHANGES_REQUESTED',
      email: 'john.doe@example.com',
      customer_id: null,
      submitted_at: expect.stringMatching(/Z$/),
      decided_at: expect.stringMatching(/Z$/),
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
      phone: '+12025550123',
      individual: {
        first_name: 'John',
        last_name: 'Doe',
        date_of_birth: '1990-01-15',
        tax_id: '123-45-6789',
        address: {
          line1: '123 Main St',
          city: 'New York',
          state: 'NY',
          postal_code: '10001',
          ...noAddress,
        },
        country: 'US',
      },
      corporation: null,
      individuals: [],
      documents: [
        {
          id: printId('applicationDocument', documents[0]?.id ?? ''),
          type: 'IDENTITY',
          status: 'UPLOADED',
          individual_id: null,
          file: {
            name: 'passport.pdf',
            description: null,
            content_type: 'application/pdf',
            size: documents[0]?.file?.size,
            sha256: documents[0]?.file?.sha256,
          },
          uploaded_at: expect.stringMatching(/Z$/),
        },
      ],
      account_currency: 'USD',
      terms_accepted_at: expect.stringMatching(/Z$/),
      missing: [],
      decisions: [
        {
          decision: 'request_changes',
          reason: 'As it should be.',
          actor: 'operator:test',
          decided_at: expect.stringMatching(/Z$/),
        },
      ],
    })
  })

  test('of a business: the people behind it, each with a document', async () => {
    const { application } = await completeApplication(records.context(), { kind: 'business' })
    const { json } = await get(printId('application', application.id))
    expect(json.individual).toBeNull()
    expect(json.corporation).toMatchObject({ legal_name: 'Acme Corporation', country: 'US' })
    const [controller, owner] = json.individuals
    expect([controller.role, controller.first_name, controller.email]).toEqual([
      'CONTROL_PERSON',
      'Jane',
      'jane.smith@acmecorp.com',
    ])
    expect([owner.role, owner.ownership_percentage]).toEqual(['BENEFICIAL_OWNER', 30])
    const documentsOf = json.documents.map((one: { individual_id: string }) => one.individual_id)
    expect(documentsOf.toSorted()).toEqual([controller.id, owner.id].toSorted())
    expect(json.missing).toEqual([])
  })

  test('what is missing is named: as a whole, and field by field', async () => {
    const context = records.context()
    const { isTermsAccepted: _, ...rest } = corporationApplication
    const { application } = await createApplication(context, rest)
    const { dateOfBirth: __, ...unborn } = director
    await addIndividual(context, application.id, { ...unborn })
    const { json } = await get(printId('application', application.id))
    const [person] = json.individuals
    expect(json.missing.map(({ code }: { code: string }) => code)).toEqual([
      'MISSING_BENEFICIAL_OWNER',
      'MISSING_DOCUMENT',
      'TERMS_AND_CONDITIONS_NOT_ACCEPTED',
      'FIELD',
    ])
    expect(json.missing.at(-1)).toEqual({
      code: 'FIELD',
      field: `individuals.${person.id}.date_of_birth`,
      message: expect.any(String),
    })
  })
})

describe('404', () => {
  test.each(['x', 'appl_01h455vb4pex5vsknk084sn02q', 'cust_01h455vb4pex5vsknk084sn02q'])(
    '%s',
    async (id) => {
      expect(problemOf(await get(id))).toEqual(problem(404, 'application_not_found'))
    },
  )

  test("another app's application", async () => {
    const { server } = records
    const { application } = await applicationAs(records.context(), 'INCOMPLETE')
    const { test: other } = await createMerchant(server.system, 'Another merchant')
    const answer = await get(printId('application', application.id), await server.createKey(other))
    expect(problemOf(answer)).toEqual(problem(404, 'application_not_found'))
  })
})
