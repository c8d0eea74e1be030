// Owns the outcomes of GET /v1/applications.
import { beforeAll, describe, expect, test } from 'vitest'
import { applicationAs } from '../../core/applications/testing/application-samples.ts'
import { createMerchant } from '../../core/apps/app-service.ts'
import { printId } from '../../lib/id.ts'
import { problem, problemOf } from './test-connections.ts'
import { testRecords } from './test-records.ts'

const records = testRecords()
const made: string[] = []
const list = (query: string, key?: string) =>
  records.call('GET', `/applications${query}`, key === undefined ? {} : { key })
const idsOf = async (query: string) =>
  (await list(query)).json.data.map(({ id }: { id: string }) => id)

beforeAll(async () => {
  const statuses = ['SUBMITTED', 'APPROVED', 'SUBMITTED', 'REJECTED', 'INCOMPLETE'] as const
  for (const status of statuses) {
    const { application } = await applicationAs(records.context(), status)
    made.unshift(printId('application', application.id))
  }
  const { application } = await applicationAs(records.context(), 'SUBMITTED', { kind: 'business' })
  made.unshift(printId('application', application.id))
})

describe('200', () => {
  test('newest first, in as many pages as are asked for', async () => {
    const seen: string[] = []
    let query = '?limit=2'
    for (let page = 0; page < 4 && query !== ''; page += 1) {
      const { json } = await list(query)
      expect(Object.keys(json)).toEqual(['data', 'has_more', 'next_cursor'])
      expect(json.has_more).toBe(json.next_cursor !== null)
      seen.push(...json.data.map(({ id }: { id: string }) => id))
      query = json.has_more ? `?limit=2&cursor=${json.next_cursor}` : ''
    }
    expect(seen).toEqual(made)
  })

  test('by status and by kind', async () => {
    expect(await idsOf('?status=SUBMITTED')).toEqual([made[0], made[3], made[5]])
    expect(await idsOf('?status=SUBMITTED&kind=business')).toEqual([made[0]])
    expect(await idsOf('?kind=individual')).toEqual(made.slice(1))
    expect(await idsOf('?status=PROCESSING')).toEqual([])
  })

  test('an entry says who applies, how far it is and since when', async () => {
    const { json } = await list('?status=APPROVED')
    expect(json.data).toEqual([
      {
        id: made[4],
        kind: 'individual',
        status: 'APPROVED',
        email: 'john.doe@example.com',
        customer_id: expect.stringMatching(/^cust_/),
        submitted_at: expect.stringMatching(/Z$/),
        decided_at: expect.stringMatching(/Z$/),
        created_at: expect.stringMatching(/Z$/),
        updated_at: expect.stringMatching(/Z$/),
      },
    ])
  })

  test("another app's applications are not there", async () => {
    const { server } = records
    const { test: other } = await createMerchant(server.system, 'Another merchant')
    expect((await list('', await server.createKey(other))).json.data).toEqual([])
  })
})

describe('400', () => {
  test.each([
    ['?status=OPEN', 'status'],
    ['?kind=company', 'kind'],
    ['?limit=0', 'limit'],
    ['?limit=201', 'limit'],
    ['?page=2', 'page'],
  ])('%s names the member', async (query, name) => {
    const answer = await list(query)
    expect(answer.status).toBe(400)
    expect(answer.json.errors[0].pointer).toBe(`/${name}`)
  })

  test.each(['x', 'appl_01h455vb4pex5vsknk084sn02q'])('cursor %s', async (cursor) => {
    const answer = await list(`?cursor=${cursor}`)
    expect(problemOf(answer)).toEqual(problem(400, 'application_cursor_unknown', '/cursor'))
  })
})
