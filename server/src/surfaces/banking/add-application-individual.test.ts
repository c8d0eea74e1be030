// Owns the outcomes of POST /v1/applications/{id}/individuals.
import { describe, expect, test } from 'vitest'
import {
  control,
  individualId,
  newCorporation,
  owner,
  person,
  testApplications,
} from './test-applications.ts'
import { refusal, refusalOf, unknownIds, wireTime } from './test-banking.ts'

const banking = testApplications()
const post = (id: string, body: unknown) => banking.at('POST', `/${id}/individuals`, { body })
const time = expect.stringMatching(wireTime)

describe('201', () => {
  test('the individual as it was given, and a document that is asked for', async () => {
    const { id } = await banking.create(newCorporation)
    const answer = await post(id, { ...owner, phone: '+14155550123' })
    expect([answer.status, answer.json]).toEqual([
      201,
      {
        id: expect.stringMatching(individualId),
        application_id: id,
        role: 'BENEFICIAL_OWNER',
        ownership_percentage: 30,
        email: null,
        phone: '+14155550123',
        ...person,
        created_at: time,
        updated_at: time,
      },
    ])
    const { json } = await banking.at('GET', `/${id}`)
    expect(json.individuals).toEqual([answer.json])
    expect(json.documents).toMatchObject([{ individual_id: answer.json.id, status: 'REQUIRED' }])
  })

  test.each(['INDIVIDUAL', 'OFFICER', 'BENEFICIAL_OWNER', 'CONTROL_PERSON', 'AUTHORIZED_PERSON'])(
    'as %s, with nothing else yet',
    async (role) => {
      const { id } = await banking.create(newCorporation)
      expect((await post(id, { role })).json).toMatchObject({
        role,
        first_name: null,
        address: null,
      })
    },
  )
})

describe('400, by the name of the field', () => {
  test.each<[string, object]>([
    ['role', { role: 'DIRECTOR' }],
    ['role', { role: undefined }],
    ['ownership_percentage', { ownership_percentage: 0 }],
    ['ownership_percentage', { ownership_percentage: 100.5 }],
    ['ownership_percentage', { ownership_percentage: 33.333 }],
    ['ownership_percentage', { role: 'OFFICER', ownership_percentage: 30 }],
    ['date_of_birth', { date_of_birth: '1990-02-30' }],
    ['date_of_birth', { date_of_birth: '2999-01-01' }],
    ['address.country', { address: { country: 'XX' } }],
    ['email', { email: 'jane' }],
    ['customer_id', { customer_id: 'cust_01h455vb4pex5vsknk084sn02q' }],
  ])('%s', async (field, more) => {
    const { id } = await banking.create(newCorporation)
    const answer = await post(id, { ...owner, ...more })
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', field))
    expect((await banking.at('GET', `/${id}`)).json.individuals).toEqual([])
  })

  test('60 + 60', async () => {
    const { id } = await banking.create(newCorporation)
    await post(id, { ...owner, ownership_percentage: 60 })
    const answer = await post(id, { ...owner, ownership_percentage: 60 })
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', 'ownership_percentage'))
    expect(answer.json.error.message).toContain('120 %')
  })
})

test('409: the application of a person', async () => {
  const { id } = await banking.create()
  expect(refusalOf(await post(id, control))).toEqual(refusal(409, 'CONFLICT'))
})

test('409: once it was submitted', async () => {
  const { id } = await banking.create(newCorporation)
  for (const one of [control, owner]) await post(id, one)
  for (const { id: document } of (await banking.at('GET', `/${id}`)).json.documents) {
    await banking.upload(document)
  }
  expect((await banking.at('POST', `/${id}/submit`)).status).toBe(200)
  expect(refusalOf(await post(id, control))).toEqual(refusal(409, 'CONFLICT'))
})

test.each(unknownIds('appl'))('404: %s', async (id) => {
  expect(refusalOf(await post(id, control))).toEqual(refusal(404, 'NOT_FOUND'))
})
