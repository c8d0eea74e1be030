// Owns the outcomes of GET /v1/customers.
import { describe, expect, test } from 'vitest'
import { createMerchant } from '../../core/apps/app-service.ts'
import { problem, problemOf } from './test-connections.ts'
import { testRecords } from './test-records.ts'

const records = testRecords()
const list = (query = '') => records.call('GET', `/customers${query}`)
const newKey = async () => {
  const { server } = records
  return server.createKey((await createMerchant(server.system, 'Market')).test)
}

describe('200', () => {
  test('every customer of the app, newest first, by pages', async () => {
    const key = await newKey()
    const call = (method: string, path: string, body?: object) =>
      records.call(method, path, body === undefined ? { key } : { key, body })
    expect((await call('GET', '/customers')).json).toEqual({
      data: [],
      has_more: false,
      next_cursor: null,
    })
    const made: unknown[] = []
    for (let at = 0; at < 23; at += 1) {
      made.unshift((await call('POST', '/customers', { kind: 'individual', name: 'Ana' })).json)
    }
    const first = (await call('GET', '/customers')).json
    expect(first.data).toEqual(made.slice(0, 20))
    expect([first.has_more, first.next_cursor]).toEqual([true, first.data[19].id])
    const rest = (await call('GET', `/customers?limit=100&cursor=${first.next_cursor}`)).json
    expect(rest).toEqual({ data: made.slice(20), has_more: false, next_cursor: null })
    expect((await list()).json.data).toEqual([])
  })

  test('what the query asks for, all of it', async () => {
    const metadata = { plan: 'gold', 'a[b]&c': 'd e' }
    const fields = { email: 'ada@example.com', metadata, external_id: 'usr-1' }
    const ada = await records.create({ ...fields, document: { type: 'cpf', number: 'A-1' } })
    await records.create({ metadata: { plan: 'silver' } })
    const found = async (query: string) => (await list(query)).json.data
    for (const query of [
      '?email=ADA@example.com',
      '?metadata[plan]=gold',
      `?metadata[plan]=gold&metadata[${encodeURIComponent('a[b]&c')}]=d+e`,
      '?external_id=usr-1&kind=individual&country=BR',
      '?document=a1&document_type=cpf&onboarding_status=NOT_STARTED',
      '?q=smi+ada@exa',
      `?created_from=${ada.created_at}&created_to=2999-01-01T00:00:00Z&email=ada@example.com`,
    ]) {
      expect(await found(query), query).toEqual([ada])
    }
    for (const query of [
      '?email=ada@example.com&kind=business',
      '?metadata[plan]=gold&metadata[seats]=1',
      '?metadata[plan]=GOLD',
      '?external_id=usr-1&banking_status=ACTIVE',
      `?email=ada@example.com&created_to=${ada.created_at}`,
    ]) {
      expect(await found(query), query).toEqual([])
    }
  })

  test('with the facets that are asked for beside each', async () => {
    const email = 'facets@example.com'
    const record = await records.create({ email })
    const { json } = await list(`?email=${email}&include=payouts,wallets`)
    expect(json.data).toEqual([{ ...record, wallets: [], payouts: [] }])
  })
})

describe('400', () => {
  test.each([
    ['?limit=0', 'query_invalid', '/limit'],
    ['?limit=101', 'query_invalid', '/limit'],
    ['?emial=a', 'query_invalid', '/emial'],
    ['?kind=robot', 'query_invalid', '/kind'],
    ['?payout_status=lost', 'query_invalid', '/payout_status'],
    ['?email=', 'query_invalid', '/email'],
    ['?email=a@example.com&email=b@example.com', 'query_invalid', '/email'],
    ['?metadata=gold', 'query_invalid', '/metadata'],
    ['?metadata[plan]=a&metadata[plan]=b', 'query_invalid', '/metadata/plan'],
    [
      `?${Array.from({ length: 11 }, (_, at) => `metadata[k${at}]=v`).join('&')}`,
      'query_invalid',
      '/metadata',
    ],
    ['?plan[gold]=1', 'query_invalid', '/plan[gold]'],
    ['?cursor=x', 'customer_cursor_unknown', '/cursor'],
    ['?cursor=cust_01h455vb4pex5vsknk084sn02q', 'customer_cursor_unknown', '/cursor'],
  ])('%s', async (query, code, pointer) => {
    expect(problemOf(await list(query))).toEqual(problem(400, code, pointer))
  })
})

describe('422', () => {
  test.each([
    ['?email=alice', '/email'],
    ['?phone=12', '/phone'],
    ['?country=XX', '/country'],
    ['?document_country=BR', '/document_country'],
    ['?wallet=0x1', '/wallet'],
    ['?created_from=yesterday', '/created_from'],
    ['?created_to=2026-02-30T00:00:00Z', '/created_to'],
    ['?created_from=2026-02-02T00:00:00Z&created_to=2026-02-01T00:00:00Z', '/created_to'],
    ['?q=-', '/q'],
    ['?include=wallet', '/include'],
  ])('%s', async (query, pointer) => {
    const answer = await list(query)
    expect(problemOf(answer)).toEqual(problem(422, 'field_invalid', pointer))
    expect(answer.json.detail).toMatch(/^\w+: .+\. Correct the field/)
  })
})
