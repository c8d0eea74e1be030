// Owns the outcomes of DELETE /v1/applications/{id}/individuals/{individual_id}.
import { expect, test } from 'vitest'
import { newCorporation, owner, testApplications } from './test-applications.ts'
import { refusal, refusalOf, unknownIds } from './test-banking.ts'

const banking = testApplications()
const remove = (id: string, one: string, key?: string) =>
  banking.at('DELETE', `/${id}/individuals/${one}`, key === undefined ? {} : { key })

async function newOwner() {
  const { id } = await banking.create(newCorporation)
  return { id, one: await banking.addIndividual(id, owner) }
}

test('204: the individual is gone, and its document; the others stay', async () => {
  const { id, one } = await newOwner()
  const other = await banking.addIndividual(id)
  const answer = await remove(id, one.id)
  expect([answer.status, answer.text]).toEqual([204, ''])
  const { json } = await banking.at('GET', `/${id}`)
  expect(json.individuals).toEqual([other])
  expect(json.documents).toMatchObject([{ individual_id: other.id }])
  expect(refusalOf(await remove(id, one.id))).toEqual(refusal(404, 'NOT_FOUND'))
})

test('204: its share is free again', async () => {
  const { id, one } = await newOwner()
  await remove(id, one.id)
  const whole = await banking.addIndividual(id, { ...owner, ownership_percentage: 100 })
  expect(whole.ownership_percentage).toBe(100)
})

test.each(unknownIds('ind'))('404: %s', async (one) => {
  const { id } = await newOwner()
  expect(refusalOf(await remove(id, one))).toEqual(refusal(404, 'NOT_FOUND'))
})

test("404: another app's", async () => {
  const { id, one } = await newOwner()
  const { key } = await banking.newApp()
  expect(refusalOf(await remove(id, one.id, key))).toEqual(refusal(404, 'NOT_FOUND'))
  expect((await banking.at('GET', `/${id}`)).json.individuals).toEqual([one])
})

test('409: once it was submitted', async () => {
  const { id, one } = await newOwner()
  await banking.addIndividual(id)
  for (const { id: document } of (await banking.at('GET', `/${id}`)).json.documents) {
    await banking.upload(document)
  }
  expect((await banking.at('POST', `/${id}/submit`)).status).toBe(200)
  expect(refusalOf(await remove(id, one.id))).toEqual(refusal(409, 'CONFLICT'))
})
