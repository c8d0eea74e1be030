// Owns the outcomes of GET /v1/customers.
import { beforeAll, describe, expect, test } from 'vitest'
import { makeBankingCustomer } from '../../../../test/banking-customers.ts'
import { createCustomer } from '../../core/customer/customer-service.ts'
import { refusal, refusalOf, testBanking, uuidOf, wireTime } from './test-banking.ts'

const banking = testBanking()
/** Newest first. */
const saved: { id: string; type: string; status: string }[] = []
const statuses = ['ACTIVE', 'FROZEN', 'PENDING', 'CLOSED', 'EDD', 'DORMANT'] as const

beforeAll(async () => {
  for (let round = 0; round < 3; round += 1) {
    for (const status of statuses) {
      const kind = round === 1 ? 'business' : 'individual'
      const { customerId } = await banking.save({ kind, status })
      const type = kind === 'business' ? 'CORPORATION' : 'INDIVIDUAL'
      saved.unshift({ id: customerId, type, status })
    }
  }
})

const list = (query = '', key?: string) =>
  banking.call('GET', `/v1/customers${query}`, key === undefined ? {} : { key })
const idsOf = (json: { data: { id: string }[] }) => json.data.map(({ id }) => id)

/** Every id that a walk shows, page by page. */
async function walk(query: string, limit: number): Promise<string[][]> {
  const pages: string[][] = []
  let cursor = ''
  for (let page = 0; page < 100; page += 1) {
    const answer = await list(`?limit=${limit}${query}${cursor}`)
    expect(answer.status).toBe(200)
    pages.push(idsOf(answer.json))
    const { has_more, next_cursor } = answer.json.pagination
    expect(has_more).toBe(next_cursor !== null)
    if (!has_more) return pages
    cursor = `&cursor=${next_cursor}`
  }
  throw new Error('the walk does not end')
}

describe('200', () => {
  test('newest first, each with these members and no others', async () => {
    const { json } = await list()
    expect(json.data).toEqual(
      saved.map(({ id, type, status }) => ({
        id,
        type,
        status,
        email: type === 'INDIVIDUAL' ? 'john.doe@example.com' : 'contact@acmecorp.com',
        created_at: expect.stringMatching(wireTime),
      })),
    )
    expect(json.pagination).toEqual({ has_more: false, next_cursor: null })
    expect(Object.keys(json.data[0])).toEqual(['id', 'type', 'status', 'email', 'created_at'])
  })

  test.each([1, 4, 6, 18, 100])('pages of %i show everything once, in order', async (limit) => {
    const pages = await walk('', limit)
    expect(pages.flat()).toEqual(saved.map(({ id }) => id))
    expect(pages.length).toBe(Math.ceil(saved.length / limit))
  })

  test('every filter, alone and with the other, walks over its own and no others', async () => {
    for (const status of ['', ...statuses]) {
      for (const type of ['', 'INDIVIDUAL', 'CORPORATION']) {
        const own = saved
          .filter((one) => status === '' || one.status === status)
          .filter((one) => type === '' || one.type === type)
        const query = `${status && `&status=${status}`}${type && `&type=${type}`}`
        expect((await walk(query, 2)).flat()).toEqual(own.map(({ id }) => id))
      }
    }
  })

  test('a record that no application was approved for is not here', async () => {
    const { server } = banking
    const context = server.contextOf(server.testApp)
    await createCustomer(context, { kind: 'individual', name: 'Alice Smith' })
    expect(idsOf((await list()).json)).toEqual(saved.map(({ id }) => id))
  })

  test('what arises between two pages neither shifts nor repeats an entry', async () => {
    const { app, key } = await banking.newApp()
    const context = banking.server.contextOf(app)
    const make = async () => (await makeBankingCustomer(context)).customerId
    const made = [await make(), await make(), await make()].reverse()
    const first = (await list('?limit=1', key)).json
    await make()
    const cursor = first.pagination.next_cursor
    const second = (await list(`?limit=5&cursor=${cursor}`, key)).json
    expect([...idsOf(first), ...idsOf(second)]).toEqual(made)
    // The entry that the cursor was made of goes; the place in the list stays.
    const gone = uuidOf('customer', made[0] ?? '')
    await banking.server.system.database.transaction((db) =>
      db.deleteFrom('customers').where('app_id', '=', app.id).where('id', '=', gone).execute(),
    )
    expect(idsOf((await list(`?limit=5&cursor=${cursor}`, key)).json)).toEqual(made.slice(1))
  })

  test('a cursor does not show the id that it stands for', async () => {
    const { json } = await list('?limit=2')
    expect(json.pagination.next_cursor).toMatch(/^cursor_[\w-]{40}$/)
    const uuid = uuidOf('customer', json.data[1].id)
    expect(json.pagination.next_cursor).not.toContain(uuid)
  })
})

test('a moved customer leaves the list of its old status at once', async () => {
  const { customerId } = await banking.save()
  const ids = async (status: string) => idsOf((await list(`?status=${status}`)).json)
  expect(await ids('ACTIVE')).toContain(customerId)
  await banking.setStatus(customerId, 'DORMANT')
  expect(await ids('ACTIVE')).not.toContain(customerId)
  const dormant = (await list('?status=DORMANT')).json.data
  expect(dormant[0]).toMatchObject({ id: customerId, status: 'DORMANT' })
})

describe('400', () => {
  test.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    ['type=individual', 'type'],
    ['type=BUSINESS', 'type'],
    ['status=active', 'status'],
    ['status=', 'status'],
    ['offset=1', 'offset'],
  ])('?%s is refused by the name %s', async (query, field) => {
    expect(refusalOf(await list(`?${query}`))).toEqual(refusal(400, 'INVALID_REQUEST', field))
  })

  test('a cursor with any one letter changed is unknown', async () => {
    const { next_cursor } = (await list('?limit=1')).json.pagination
    expect((await list(`?cursor=${next_cursor}`)).status).toBe(200)
    for (let at = 'cursor_'.length; at < next_cursor.length; at += 1) {
      const letter = next_cursor[at] === 'A' ? 'B' : 'A'
      const tampered = next_cursor.slice(0, at) + letter + next_cursor.slice(at + 1)
      const answer = await list(`?cursor=${tampered}`)
      expect([at, refusalOf(answer)]).toEqual([at, refusal(400, 'INVALID_REQUEST', 'cursor')])
    }
  })

  test.each(['', 'x', 'cursor_', 'cursor_abc123', `cursor_${'A'.repeat(40)}`, '%00'])(
    'the cursor "%s" is unknown',
    async (cursor) => {
      const answer = await list(`?cursor=${cursor}`)
      expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', 'cursor'))
    },
  )

  test('the cursor of another app, and of another list, is unknown', async () => {
    const { next_cursor } = (await list('?limit=1')).json.pagination
    const { key } = await banking.newApp()
    const foreign = await list(`?cursor=${next_cursor}`, key)
    expect(refusalOf(foreign)).toEqual(refusal(400, 'INVALID_REQUEST', 'cursor'))
    const accounts = (await banking.call('GET', '/v1/accounts?limit=1')).json.pagination
    const other = await list(`?cursor=${accounts.next_cursor}`)
    expect(refusalOf(other)).toEqual(refusal(400, 'INVALID_REQUEST', 'cursor'))
  })
})
