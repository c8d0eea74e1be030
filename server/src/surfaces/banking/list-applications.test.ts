// Owns the outcomes of GET /v1/applications.
import { describe, expect, test } from 'vitest'
import { newCorporation, newPerson, testApplications } from './test-applications.ts'
import { refusal, refusalOf } from './test-banking.ts'

const banking = testApplications()

async function makeThree() {
  const { key } = await banking.newApp()
  const bodies = [newPerson, newCorporation, newPerson]
  const made: { id: string }[] = []
  for (const body of bodies) made.push((await banking.at('POST', '', { body, key })).json)
  const list = (query = '') => banking.at('GET', query, { key })
  return { key, ids: made.map(({ id }) => id).reverse(), list }
}

describe('200', () => {
  test('newest first, each in short', async () => {
    const { ids, list } = await makeThree()
    const answer = await list()
    expect(answer.json.pagination).toEqual({ has_more: false, next_cursor: null })
    expect(answer.json.data.map(({ id }: { id: string }) => id)).toEqual(ids)
    expect(answer.json.data[1]).toEqual({
      id: ids[1],
      type: 'CORPORATION',
      status: 'INCOMPLETE',
      email: 'contact@acmecorp.com',
      customer_id: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    })
  })

  test('by type and status', async () => {
    const { ids, list } = await makeThree()
    const idsOf = async (query: string) =>
      (await list(query)).json.data.map(({ id }: { id: string }) => id)
    expect(await idsOf('?type=CORPORATION')).toEqual([ids[1]])
    expect(await idsOf('?type=INDIVIDUAL&status=INCOMPLETE')).toEqual([ids[0], ids[2]])
    expect(await idsOf('?status=SUBMITTED')).toEqual([])
  })

  test('page after page; what is made meanwhile moves nothing', async () => {
    const { key, ids, list } = await makeThree()
    const first = (await list('?limit=2')).json
    expect(first.pagination.has_more).toBe(true)
    await banking.at('POST', '', { body: newPerson, key })
    const next = (await list(`?limit=2&cursor=${first.pagination.next_cursor}`)).json
    const seen = [...first.data, ...next.data].map(({ id }: { id: string }) => id)
    expect(seen).toEqual(ids)
    expect(next.pagination).toEqual({ has_more: false, next_cursor: null })
  })
})

describe('400', () => {
  test.each<[string, string]>([
    ['status', '?status=OPEN'],
    ['type', '?type=PERSON'],
    ['limit', '?limit=0'],
    ['limit', '?limit=101'],
    ['cursor', '?cursor=cursor_abc123'],
    ['page', '?page=2'],
  ])('%s: %s', async (field, query) => {
    expect(refusalOf(await banking.at('GET', query))).toEqual(
      refusal(400, 'INVALID_REQUEST', field),
    )
  })

  test('a cursor of another app, and of another list', async () => {
    const { list } = await makeThree()
    const cursor = (await list('?limit=1')).json.pagination.next_cursor
    const answers = [
      await banking.at('GET', `?cursor=${cursor}`),
      await banking.call('GET', `/v1/accounts?cursor=${cursor}`),
    ]
    for (const answer of answers) {
      expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', 'cursor'))
    }
  })
})
