// Owns the outcomes of POST /v1/applications/{id}/submit.
import { describe, expect, test } from 'vitest'
import { newPerson, testApplications } from './test-applications.ts'
import { refusal, refusalOf, unknownIds, wireTime } from './test-banking.ts'

const banking = testApplications()
const submit = (id: string, key?: string) =>
  banking.at('POST', `/${id}/submit`, key === undefined ? {} : { key })

describe('200', () => {
  test.each(['READY_FOR_SUBMISSION', 'CHANGES_REQUESTED'] as const)(
    '%s becomes SUBMITTED',
    async (status) => {
      const before = await banking.reach(status)
      const answer = await submit(before.id)
      expect([answer.status, answer.json]).toEqual([
        200,
        {
          ...before,
          status: 'SUBMITTED',
          submitted_at: expect.stringMatching(wireTime),
          updated_at: expect.stringMatching(wireTime),
        },
      ])
    },
  )
})

describe('409', () => {
  test('what is missing is listed by its fields, all of it', async () => {
    const { id, documents } = await banking.create({
      ...newPerson,
      individual: { first_name: 'John' },
      terms_and_conditions_accepted: false,
    })
    const answer = await submit(id)
    const fields = [
      'terms_and_conditions_accepted',
      'individual.last_name',
      'individual.date_of_birth',
      'individual.address',
      `documents.${documents[0].id}`,
    ]
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT', ...fields))
    const { message, details } = answer.json.error
    for (const field of fields) expect(message).toContain(field)
    expect(details[0].message).toMatch(/^TERMS_AND_CONDITIONS_NOT_ACCEPTED: /)
    expect(details[4].message).toMatch(/^MISSING_DOCUMENT: /)
  })

  test('of a corporation, by the ids of its people', async () => {
    const { id } = await banking.create({ type: 'CORPORATION', email: 'a@example.com' })
    const officer = await banking.addIndividual(id, { role: 'OFFICER' })
    const { fields } = refusalOf(await submit(id))
    expect(fields).toContain(`individuals.${officer.id}.first_name`)
    expect(fields.slice(0, 2)).toEqual(['individuals', 'individuals'])
  })

  test('CHANGES_REQUESTED with something missing', async () => {
    const { id } = await banking.reach('CHANGES_REQUESTED')
    await banking.at('PATCH', `/${id}`, { body: { individual: { last_name: null } } })
    expect(refusalOf(await submit(id))).toEqual(refusal(409, 'CONFLICT', 'individual.last_name'))
  })

  test.each(['SUBMITTED', 'APPROVED', 'REJECTED'] as const)('%s', async (status) => {
    const { id } = await banking.reach(status)
    const answer = await submit(id)
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(answer.json.error.message).toContain(`It is ${status} and cannot become SUBMITTED`)
  })

  test('twice at once: one wins', async () => {
    const { id } = await banking.reach('READY_FOR_SUBMISSION')
    const answers = await Promise.all([submit(id), submit(id), submit(id)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })
})

test.each(unknownIds('appl'))('404: %s', async (id) => {
  expect(refusalOf(await submit(id))).toEqual(refusal(404, 'NOT_FOUND'))
})

test('403: a key that may only read', async () => {
  const { id } = await banking.reach('READY_FOR_SUBMISSION')
  const key = await banking.server.createKey(banking.server.testApp, ['applications:read'])
  expect(refusalOf(await submit(id, key))).toEqual(refusal(403, 'FORBIDDEN'))
})
