// Owns the outcomes of GET /v1/events.
import { expect, test } from 'vitest'
import type { Answer } from '../../../../test/harness.ts'
import { createMerchant } from '../../core/apps/app-service.ts'
import { problem, problemOf } from './test-connections.ts'
import { testRecords } from './test-records.ts'

const records = testRecords()
const read = (query = '', key?: string) =>
  records.call('GET', `/events${query}`, key === undefined ? {} : { key })

/** On PostgreSQL an event is in the feed when every older transaction of the server has ended. */
async function readSoon(query: string, count: number): Promise<Answer> {
  const waiting = { timeout: 20_000, interval: 5 }
  await expect.poll(async () => (await read(query)).json.data.length, waiting).toBe(count)
  return read(query)
}

test('200: what happened, oldest first, and a cursor that goes on from there', async () => {
  const before = (await read('?limit=200')).json.next_cursor
  const from = before === null ? '' : `&cursor=${before}`
  const { id } = await records.create({ country: 'BR' })
  await records.patch(id, '*', { country: 'AR' })
  await readSoon(`?limit=9${from}`, 2)
  const first = (await read(`?limit=1${from}`)).json
  expect(first).toMatchObject({ has_more: true, next_cursor: first.data[0].id })
  expect(first.data[0]).toMatchObject({ version: 1, previous_version: 0, type: 'customer.created' })
  const second = (await read(`?limit=1&cursor=${first.next_cursor}`)).json
  expect(second.data).toMatchObject([
    { customer_id: id, version: 2, previous_version: 1, changes: { country: 'AR' } },
  ])
  expect(second.has_more).toBe(false)
  const end = (await read(`?cursor=${second.next_cursor}`)).json
  expect(end).toEqual({ data: [], has_more: false, next_cursor: second.next_cursor })
})

test('200: from a moment on', async () => {
  await records.create()
  records.server.clock.advance(3_600_000)
  const since = new Date(records.server.clock.now()).toISOString()
  const { id } = await records.create()
  const { json } = await readSoon(`?since=${since}`, 1)
  expect(json.data).toMatchObject([{ customer_id: id, version: 1 }])
})

test("200: another app's feed is its own", async () => {
  const { test: app } = await createMerchant(records.server.system, 'Another merchant')
  const key = await records.server.createKey(app)
  await records.create()
  const { json } = await read('', key)
  expect(json).toEqual({ data: [], has_more: false, next_cursor: null })
})

test.each(['x', 'evt_01h455vb4pex5vsknk084sn02q_1', 'evt_01h455vb4pex5vsknk084sn02q_0'])(
  '400: the cursor %s',
  async (cursor) => {
    const answer = await read(`?cursor=${cursor}`)
    expect(problemOf(answer)).toEqual(problem(400, 'event_cursor_unknown'))
  },
)

test('422: a moment that is none, and one beside a cursor', async () => {
  const moment = await read('?since=yesterday')
  expect(problemOf(moment)).toEqual(problem(422, 'field_invalid', '/since'))
  const both = await read('?since=2026-02-25T12:00:00Z&cursor=x')
  expect(problemOf(both)).toEqual(problem(422, 'field_invalid', '/since'))
})
