// Owns the outcomes of PATCH /v1/applications/{id}/individuals/{individual_id}.
import { describe, expect, test } from 'vitest'
import { address, newCorporation, owner, testApplications } from './test-applications.ts'
import { refusal, refusalOf, unknownIds } from './test-banking.ts'

const banking = testApplications()
const patch = (id: string, one: string, body: unknown) =>
  banking.at('PATCH', `/${id}/individuals/${one}`, { body })

async function newOwner() {
  const { id } = await banking.create(newCorporation)
  return { id, one: await banking.addIndividual(id, owner) }
}

test('200: given members are set beside the others', async () => {
  const { id, one } = await newOwner()
  const body = { role: 'CONTROL_PERSON', ownership_percentage: 55.5, address: { city: 'Boston' } }
  const answer = await patch(id, one.id, body)
  expect([answer.status, answer.json]).toEqual([
    200,
    {
      ...one,
      role: 'CONTROL_PERSON',
      ownership_percentage: 55.5,
      address: { ...address, city: 'Boston' },
      updated_at: expect.any(String),
    },
  ])
  expect((await banking.at('GET', `/${id}`)).json.individuals).toEqual([answer.json])
})

describe('400, by the name of the field', () => {
  test.each<[string, unknown]>([
    ['body', {}],
    ['role', { role: null }],
    ['role', { role: 'DIRECTOR' }],
    ['ownership_percentage', { ownership_percentage: 101 }],
    ['ownership_percentage', { role: 'OFFICER' }],
    ['last_name', { last_name: ' ' }],
    ['address.postal_code', { address: { postal_code: ' ' } }],
    ['id', { id: 'ind_01h455vb4pex5vsknk084sn02q' }],
  ])('%s', async (field, body) => {
    const { id, one } = await newOwner()
    expect(refusalOf(await patch(id, one.id, body))).toEqual(refusal(400, 'INVALID_REQUEST', field))
    expect((await banking.at('GET', `/${id}`)).json.individuals).toEqual([one])
  })

  test('a share that makes more than 100 % together', async () => {
    const { id, one } = await newOwner()
    await banking.addIndividual(id, { ...owner, ownership_percentage: 70 })
    const answer = await patch(id, one.id, { ownership_percentage: 30.01 })
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', 'ownership_percentage'))
  })
})

test.each(unknownIds('ind'))('404: %s', async (one) => {
  const { id } = await newOwner()
  expect(refusalOf(await patch(id, one, { email: null }))).toEqual(refusal(404, 'NOT_FOUND'))
})

test('404: of another application', async () => {
  const [first, second] = [await newOwner(), await newOwner()]
  const answer = await patch(first.id, second.one.id, { email: null })
  expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND'))
})

test('409: once it was submitted', async () => {
  const { id, one } = await newOwner()
  await banking.addIndividual(id)
  for (const { id: document } of (await banking.at('GET', `/${id}`)).json.documents) {
    await banking.upload(document)
  }
  expect((await banking.at('POST', `/${id}/submit`)).status).toBe(200)
  expect(refusalOf(await patch(id, one.id, { email: null }))).toEqual(refusal(409, 'CONFLICT'))
})
