// Owns the outcomes of GET /v1/customers/{id}/events.
import { expect, test } from 'vitest'
import { problem, problemOf } from './test-connections.ts'
import { testRecords } from './test-records.ts'

const records = testRecords()
const read = (id: string, query = '') => records.call('GET', `/customers/${id}/events${query}`)

test('200: the whole history, oldest first, a page at a time', async () => {
  const { id } = await records.create()
  for (const country of ['AR', 'US']) await records.patch(id, '*', { country })
  const all = (await read(id)).json
  expect([all.has_more, all.next_cursor]).toEqual([false, null])
  expect(all.data).toMatchObject([
    { customer_id: id, version: 1, previous_version: 0, type: 'customer.created' },
    { version: 2, previous_version: 1, changes: { country: 'AR' } },
    { version: 3, previous_version: 2, changes: { country: 'US' } },
  ])
  const first = (await read(id, '?limit=2')).json
  expect(first).toEqual({
    data: all.data.slice(0, 2),
    has_more: true,
    next_cursor: all.data[1].id,
  })
  const rest = (await read(id, `?cursor=${first.next_cursor}`)).json
  expect(rest).toEqual({ data: all.data.slice(2), has_more: false, next_cursor: null })
})

test("400: a cursor that is none, and another customer's", async () => {
  const [one, other] = [await records.create(), await records.create()]
  const foreign = (await read(other.id)).json.data[0].id
  for (const cursor of ['x', foreign]) {
    const answer = await read(one.id, `?cursor=${cursor}`)
    expect(problemOf(answer)).toEqual(problem(400, 'event_cursor_unknown'))
  }
})

test.each(['cust_01h455vb4pex5vsknk084sn02q', 'x'])('404: %s', async (id) => {
  expect(problemOf(await read(id))).toEqual(problem(404, 'customer_not_found'))
})
