// Owns the outcomes of GET /customers: pages, counts, wallets. Search has tests of its own.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { recordQueries } from '../../../../test/recorded-queries.ts'
import { printId } from '../../lib/id.ts'
import { insertCounts } from './test-activity.ts'
import { refusal, refusalOf, testCustomers, unknownUuid } from './test-customers.ts'

const customers = testCustomers()
afterEach(() => vi.restoreAllMocks())

const list = (query = '', key?: string) =>
  customers.call('GET', `/customers${query}`, key === undefined ? {} : { key })
const unsigned = { authorizationTxHash: null }

/** An app with so many customers, `c0` the oldest. */
async function newAppWith(count: number) {
  const { app, key } = await customers.newApp()
  for (let at = 0; at < count; at += 1) await customers.saveCustomer({ name: `c${at}` }, key)
  return { app, key }
}

async function namesAt(query: string, key: string) {
  const { data, pagination } = (await list(query, key)).json
  return { names: data.map(({ name }: { name: string }) => name), pagination }
}

const newest = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, at) => `c${from - at}`)

describe('200', () => {
  test('an app that holds nothing: an empty first page of none', async () => {
    const { key } = await customers.newApp()
    const answer = await list('', key)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      success: true,
      data: [],
      pagination: { total: 0, page: 1, pageSize: 20, totalPages: 0 },
    })
  })

  test('each is as creating answered it, with its wallets and its counts', async () => {
    const { app, key } = await customers.newApp()
    const [idle, busy] = [
      await customers.saveCustomer({}, key),
      await customers.saveCustomer({ metadata: { plan: 'pro' } }, key),
    ]
    const address = `0x${'ab'.repeat(20)}`
    const walletId = await customers.saveWallet(busy.id, { ...unsigned, address }, app)
    await insertCounts(customers.server, { app, customerId: busy.id, counts: [3, 2, 1] })
    const { data } = (await list('', key)).json
    const none = { paymentIntents: 0, subscriptions: 0, invoices: 0 }
    expect(data).toEqual([
      {
        ...busy,
        wallets: [expect.objectContaining({ id: walletId, walletAddress: address })],
        _count: { paymentIntents: 3, subscriptions: 2, invoices: 1 },
      },
      { ...idle, _count: none },
    ])
    expect(data[0].wallets[0]).not.toHaveProperty('chain')
    expect(data[0].wallets[0].customerAccountId).toBe(busy.id)
  })

  test('newest first, 20 by default, 100 at most', async () => {
    const { key } = await newAppWith(101)
    const pagination = { total: 101, page: 1, pageSize: 20, totalPages: 6 }
    expect(await namesAt('', key)).toEqual({ names: newest(100, 81), pagination })
    expect(await namesAt('?page=6', key)).toEqual({
      names: ['c0'],
      pagination: { ...pagination, page: 6 },
    })
    expect(await namesAt('?pageSize=100', key)).toEqual({
      names: newest(100, 1),
      pagination: { total: 101, page: 1, pageSize: 100, totalPages: 2 },
    })
    expect((await namesAt('?page=3&pageSize=7', key)).names).toEqual(newest(86, 80))
  })

  test.each(['7', '1000', '1000000000'])('page %s, past the end, is empty', async (page) => {
    const { key } = await newAppWith(1)
    expect((await list(`?page=${page}&pageSize=100`, key)).json).toEqual({
      success: true,
      data: [],
      pagination: { total: 1, page: Number(page), pageSize: 100, totalPages: 1 },
    })
  })

  test('the own app may be named, as UUID or with its prefix', async () => {
    const { app, key } = await newAppWith(1)
    for (const appId of [app.id, printId('app', app.id)]) {
      expect((await namesAt(`?appId=${appId}`, key)).names).toEqual(['c0'])
    }
  })

  test("another app's customers are never shown, nor counted", async () => {
    await customers.saveCustomer({ name: 'Ours' })
    const { key } = await customers.newApp()
    for (const query of ['', '?search=ours', '?pageSize=100']) {
      const { data, pagination } = (await list(query, key)).json
      expect([data, pagination.total]).toEqual([[], 0])
    }
  })

  test('those of every surface are listed, also one without a name or an e-mail', async () => {
    const { app, key } = await customers.newApp()
    const body = { type: 'business', name: 'Sur SRL', country: 'AR' }
    await customers.server.call('POST', '/payouts/customers', { body, key })
    await customers.call('POST', '/customers', { body: {}, key })
    const { data } = (await list('', key)).json
    expect(data).toMatchObject([
      { name: null, email: null, country: null, appId: app.id },
      { name: 'Sur SRL', email: null, country: 'AR', appId: app.id },
    ])
  })

  test('takes as many queries for 40 customers with wallets as for two', async () => {
    const queriesOf = async (count: number) => {
      const { app, key } = await newAppWith(count)
      const { data } = (await list('?pageSize=100', key)).json
      const address = `0x${'cd'.repeat(20)}`
      for (const { id } of data) {
        await customers.saveWallet(id, { ...unsigned, address }, app)
        await insertCounts(customers.server, { app, customerId: id, counts: [1, 1, 1] })
      }
      const recorded = recordQueries(customers.server)
      const first = (await list('?pageSize=100', key)).json.data
      const found = (await list('?pageSize=100&search=ada', key)).json.data
      const asked = recorded.filter(({ sql }) => !/from "(?:keys|apps)"/.test(sql))
      vi.restoreAllMocks()
      expect([first.length, found.length]).toEqual([count, count])
      return asked.length
    }
    const few = await queriesOf(2)
    expect(few).toBeLessThanOrEqual(20)
    expect(await queriesOf(40)).toBe(few)
  })
})

describe('400', () => {
  test.each<[string, string]>([
    ['page=0', 'page'],
    ['page=-1', 'page'],
    ['page=1.5', 'page'],
    ['page=1e9', 'page'],
    ['page=1000000001', 'page'],
    ['page=first', 'page'],
    ['page=', 'page'],
    ['page=1&page=2', 'page'],
    ['pageSize=0', 'pageSize'],
    ['pageSize=101', 'pageSize'],
    ['pageSize=ten', 'pageSize'],
    ['limit=10', 'limit'],
    ['offset=10', 'offset'],
    ['email=ada@example.com', 'email'],
    ['appId=garbage', 'appId'],
    [`search=${'x'.repeat(256)}`, 'search'],
    ['search=a&search=b', 'search'],
  ])('%s names %s', async (query, field) => {
    expect(refusalOf(await list(`?${query}`))).toEqual(refusal(400, 'VALIDATION_ERROR', field))
  })
})

describe('403', () => {
  test('the id of another app, whether it exists or not', async () => {
    for (const appId of [customers.server.liveApp.id, unknownUuid]) {
      const answer = await list(`?appId=${appId}`)
      expect(refusalOf(answer)).toEqual(refusal(403, 'AUTHORIZATION_ERROR', 'appId'))
    }
  })
})
