// Owns the outcomes of PATCH /v1/customers/{id}.
import { describe, expect, test } from 'vitest'
import { historyOf } from '../../../../test/history.ts'
import { runs } from '../../../../test/runs.ts'
import { problem, problemOf } from './test-connections.ts'
import { testRecords, uuidOf } from './test-records.ts'

const records = testRecords()

describe('200', () => {
  test('the body may say that it is a merge patch', async () => {
    const { id } = await records.create()
    const answer = await records.call('PATCH', `/customers/${id}`, {
      body: { city: null, address: { city: 'Santos' } },
      headers: { 'if-match': '"1"', 'content-type': 'application/merge-patch+json' },
    })
    expect([answer.status, answer.json.errors?.[0].pointer]).toEqual([422, '/city'])
    const taken = await records.call('PATCH', `/customers/${id}`, {
      body: { address: { city: 'Santos' } },
      headers: { 'if-match': '"1"', 'content-type': 'application/merge-patch+json; charset=utf-8' },
    })
    expect([taken.status, taken.json.address.city]).toEqual([200, 'Santos'])
  })

  test('what is left out stays, null clears, objects are merged', async () => {
    const { id } = await records.create({
      email: 'alice@example.com',
      external_id: 'user-patched',
      address: { city: 'Santos', state: 'SP' },
      document: { type: 'passport', number: 'X1', country: 'BR' },
      metadata: { plan: 'gold', limits: { day: 1, month: 2 } },
      background: { gender: 'female', mother_name: 'Ana Smith' },
    })
    const answer = await records.patch(id, '"1"', {
      email: null,
      address: { state: null, postal_code: '11000-000' },
      document: { number: 'X2' },
      metadata: { plan: null, limits: { day: null, year: 3 }, tier: 1 },
      background: { gender: null, social_name: 'Ali' },
    })
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"2"'])
    expect(answer.json).toMatchObject({
      version: 2,
      name: 'Alice Smith',
      email: null,
      external_id: 'user-patched',
      address: { city: 'Santos', state: null, postal_code: '11000-000' },
      document: { type: 'passport', number: 'X2', country: 'BR' },
      metadata: { limits: { month: 2, year: 3 }, tier: 1 },
      background: { mother_name: 'Ana Smith', social_name: 'Ali' },
    })
    const read = await records.call('GET', `/customers/${id}?include=`)
    expect(read.json).toEqual(answer.json)
  })

  test.each(['*', '"9", "1"', ' "1" '])('the tag %s stands', async (tag) => {
    const { id } = await records.create()
    expect((await records.patch(id, tag, { country: 'AR' })).json.country).toBe('AR')
  })

  test('a change to what stands already is no event', async () => {
    const { id } = await records.create()
    const answer = await records.patch(id, '"1"', { country: 'BR', metadata: {} })
    expect([answer.status, answer.json.version]).toEqual([200, 1])
  })

  test('of 100 changes that rest on one version, exactly one wins', async () => {
    const { id } = await records.create()
    const rounds = runs({ few: 3, full: 200 })
    for (let version = 1; version <= rounds; version += 1) {
      const names = Array.from({ length: 100 }, (_, at) => `Name ${version} ${at}`)
      const tag = `"${version}"`
      const answers = await Promise.all(names.map((name) => records.patch(id, tag, { name })))
      const won = answers.filter(({ status }) => status === 200)
      expect(won).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(99)
      const winner = won[0]?.json
      const { json: record } = await records.call('GET', `/customers/${id}?include=`)
      expect([record.version, record.name]).toEqual([version + 1, winner.name])
    }
    const facts = await historyOf(records.context(), uuidOf(id))
    expect(facts).toHaveLength(1 + rounds)
    expect(facts.slice(1).map(({ type }) => type)).toEqual(facts.slice(1).map(() => updated))
  })
})

const updated = 'customer.updated'

describe('412', () => {
  test('a stale version is told what changed since, and changes nothing', async () => {
    const { id } = await records.create({ given_name: 'Alice' })
    await records.patch(id, '*', { country: 'AR' })
    await records.patch(id, '*', { external_id: 'user-since', email: 'canary@example.com' })
    const answer = await records.patch(id, '"1"', { country: 'US' })
    expect(problemOf(answer)).toEqual(
      problem(412, 'version_stale', '/country', '/email', '/external_id'),
    )
    expect(answer.json.detail).toContain('is at version 3')
    expect(answer.json.errors[0].detail).toBe('changed with version 2 (customer.updated)')
    expect(answer.text).not.toContain('canary')
    expect((await records.call('GET', `/customers/${id}`)).json.country).toBe('AR')
  })

  test.each(['"2"', 'W/"1"', '1', 'x', '"0"', ''])('the tag %s', async (tag) => {
    const { id } = await records.create()
    expect(problemOf(await records.patch(id, tag, { country: 'US' }))).toEqual(
      problem(412, 'version_stale'),
    )
  })
})

test('428: without If-Match', async () => {
  const { id } = await records.create()
  const answer = await records.patch(id, null, { country: 'US' })
  expect(problemOf(answer)).toEqual(problem(428, 'version_missing'))
})

test('409: the same idempotency key with another If-Match', async () => {
  const { id } = await records.create()
  const send = (tag: string) => {
    const headers = { 'idempotency-key': `patch ${id}`, 'if-match': tag }
    return records.call('PATCH', `/customers/${id}`, { headers, body: { country: 'US' } })
  }
  const [first, again, other] = [await send('"1"'), await send('"1"'), await send('"2"')]
  expect([first.status, again.status, other.status]).toEqual([200, 200, 409])
  expect(again.headers.get('etag')).toBe('"2"')
})

test.each(['cust_01h455vb4pex5vsknk084sn02q', 'x'])('404: %s', async (id) => {
  const answer = await records.patch(id, '*', { country: 'US' })
  expect(problemOf(answer)).toEqual(problem(404, 'customer_not_found'))
})

test.each<[string, object, string]>([
  ['a kind that is none', { kind: null }, '/kind'],
  ['no country', { country: 'XX' }, '/country'],
  ['an unknown member', { version: 3 }, '/version'],
])('422: %s', async (_name, body, pointer) => {
  const { id } = await records.create()
  const answer = await records.patch(id, '*', body)
  expect(problemOf(answer)).toEqual(problem(422, 'field_invalid', pointer))
})
