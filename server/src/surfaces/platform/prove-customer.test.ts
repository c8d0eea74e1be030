// Owns the outcomes of GET /v1/customers/{id}/proof.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { problem, problemOf } from './test-connections.ts'
import { testRecords, uuidOf } from './test-records.ts'

const records = testRecords()
const prove = (id: string, query = '') => records.call('GET', `/customers/${id}/proof${query}`)

async function customerOfThree(): Promise<string> {
  const { id } = await records.create()
  for (const country of ['AR', 'US']) await records.patch(id, '*', { country })
  return id
}

test('200: every link up to the head, which the history shows too', async () => {
  const id = await customerOfThree()
  const { json } = await prove(id)
  expect(json).toMatchObject({ verified: true, broken: null, has_more: false })
  expect(json.customer_id).toBe(uuidOf(id))
  expect(json.previous_hash).toBe('0'.repeat(64))
  const events = (await records.call('GET', `/customers/${id}/events`)).json.data
  const hashes = events.map(({ hash }: { hash: string }) => hash)
  expect(json.links.map(({ hash }: { hash: string }) => hash)).toEqual(hashes)
  const rest = (await prove(id, '?after_version=2')).json
  expect(rest).toMatchObject({ verified: true, previous_hash: hashes[1] })
  expect(rest.links).toEqual(json.links.slice(2))
})

test('200: the changes’ hash is that of what is stored', async () => {
  const id = await customerOfThree()
  const { json } = await prove(id)
  expect(json.links[0].changes_hash).toMatch(/^[0-9a-f]{64}$/)
  expect(json.links[0].changes_hash).not.toBe(createHash('sha256').update('').digest('hex'))
})

test('200: a history that somebody changed names its first broken link', async () => {
  const id = await customerOfThree()
  const { database } = records.server.system
  await database.transaction((db) =>
    db
      .updateTable('events')
      .set({ actor: 'operator:somebody' })
      .where('app_id', '=', records.server.testApp.id)
      .where('customer_id', '=', uuidOf(id))
      .where('version', '=', 2)
      .execute(),
  )
  const { json } = await prove(id)
  expect(json).toMatchObject({
    verified: false,
    broken: { version: 2, problem: 'hash_differs' },
  })
})

test.each(['cust_01h455vb4pex5vsknk084sn02q', 'x'])('404: %s', async (id) => {
  expect(problemOf(await prove(id))).toEqual(problem(404, 'customer_not_found'))
})
