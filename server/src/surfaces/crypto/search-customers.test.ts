// Owns what `search` of GET /customers finds, through the wire: any text, and what was just saved.
import { beforeAll, describe, expect, test } from 'vitest'
import { testCustomers } from './test-customers.ts'

const customers = testCustomers()
let key = ''

const find = async (text: string, more = '', as = key) => {
  const query = `?search=${encodeURIComponent(text)}${more}`
  const answer = await customers.call('GET', `/customers${query}`, { key: as })
  if (answer.status !== 200) throw new Error(`search answered ${answer.status}: ${answer.text}`)
  const { data, pagination } = answer.json
  const names: string[] = data.map(({ name }: { name: string }) => name)
  return { names, total: pagination.total, pages: pagination.totalPages }
}

const people = {
  ada: { name: 'Ada Lovelace', email: 'ada@example.com', externalId: 'USR-4421' },
  bob: { name: 'Bob O’Brien-Smith', email: 'bob.smith@mail.example.org', externalId: null },
  zoe: { name: 'Zoë Ångström', email: 'zoe@example.com', externalId: 'order_100%' },
  dana: { name: 'דנה כהן', email: 'dana@example.com', externalId: null },
  layla: { name: 'ليلى الحسن', email: 'layla@example.com', externalId: null },
  cat: { name: 'Cat 🐈🐈🐈 Lady', email: 'cat@example.com', externalId: '🦄' },
  odos: { name: 'Νίκος Οδοσκόπος', email: 'nikos@example.com', externalId: null },
  short: { name: 'Al Xu', email: null, externalId: 'A' },
}

beforeAll(async () => {
  key = (await customers.newApp()).key
  for (const fields of Object.values(people)) await customers.saveCustomer(fields, key)
})

const { ada, bob, zoe, dana, layla, cat, odos, short } = people

describe('finds by the beginnings of words', () => {
  test.each<[string, { name: string }[]]>([
    ['ada', [ada]],
    ['ADA', [ada]],
    ['lovel', [ada]],
    ['lovelace ada', [ada]],
    ['ada@example.com', [ada]],
    ['usr-4421', [ada]],
    ['4421', [ada]],
    ['example ada', [ada]],
    ['adamant', []],
    ['velace', []],
    ['ada bob', []],
    ['smi', [bob]],
    ["O'Brien", [bob]],
    ['brien-smith', [bob]],
    ['mail.example', [bob]],
    ['zoe', [zoe]],
    ['ZOË', [zoe]],
    ['angstrom', [zoe]],
    ['ångstr', [zoe]],
    ['כהן', [dana]],
    ['דנה כהן', [dana]],
    ['الحسن', [layla]],
    ['الحس', [layla]],
    ['\u200fכהן\u200e', [dana]],
    ['🐈🐈🐈', [cat]],
    ['🦄', [cat]],
    ['ΟΔΟΣ', [odos]],
    ['νικος', [odos]],
    ['al', [short]],
    ['a', [short]],
    ['x', []],
    ['xu', [short]],
  ])('%s', async (text, found) => {
    const names = found.map(({ name }) => name)
    expect(await find(text)).toEqual({
      names,
      total: names.length,
      pages: names.length === 0 ? 0 : 1,
    })
  })
})

describe('text without a word finds nobody, as text that is a pattern elsewhere', () => {
  test.each(['%', '_', '%%%', '"', "'", "' or 1=1 --", '\\', '*', '?', '...', '(', '\u200d', ' '])(
    '%j',
    async (text) => {
      expect(await find(text)).toEqual({ names: [], total: 0, pages: 0 })
    },
  )

  test('a % or _ beside words is no more than a border between them', async () => {
    expect((await find('order_100%')).names).toEqual([zoe.name])
    expect((await find('a%a')).names).toEqual([short.name])
    expect((await find('%ada%')).names).toEqual([ada.name])
    expect((await find('zo_')).names).toEqual([])
  })

  test('an empty search is none: everybody is listed', async () => {
    expect((await find('')).total).toBe(Object.keys(people).length)
  })
})

describe('255 characters', () => {
  test('of one word find the customer that has it, and one more or less does not', async () => {
    const name = 'x'.repeat(255)
    await customers.saveCustomer({ name, email: null }, key)
    expect(await find(name)).toEqual({ names: [name], total: 1, pages: 1 })
    expect((await find('x'.repeat(254))).names).toEqual([name])
    expect((await find(`${'x'.repeat(254)}y`)).names).toEqual([])
  })

  test('of many words are all held against the record', async () => {
    const words = Array.from({ length: 64 }, (_, at) => `w${String(at).padStart(2, '0')}`)
    const name = words.join(' ')
    expect(name).toHaveLength(255)
    await customers.saveCustomer({ name, email: null }, key)
    expect((await find(name)).names).toEqual([name])
    expect((await find(words.toReversed().join(' '))).names).toEqual([name])
    expect((await find(`${name.slice(0, -3)}zzz`)).names).toEqual([])
  })

  test('of pictures are 255 characters too, and 256 are refused', async () => {
    expect((await find('🐈'.repeat(255))).names).toEqual([])
    const search = encodeURIComponent('🐈'.repeat(256))
    const answer = await customers.call('GET', `/customers?search=${search}`, { key })
    expect(answer.status).toBe(400)
  })
})

describe('sees what was just written', () => {
  test('a change moves it: by the old words no more, by the new ones at once', async () => {
    const { id } = await customers.saveCustomer({ name: 'Before Marriage', email: null }, key)
    const put = (body: object) => customers.call('PUT', `/customers/${id}`, { body, key })
    await put({ name: 'After Marriage' })
    expect((await find('before')).names).toEqual([])
    expect((await find('after marriage')).names).toEqual(['After Marriage'])
    await put({ email: 'moved@example.com', externalId: 'MOVED-1' })
    expect((await find('moved-1')).names).toEqual(['After Marriage'])
    await put({ name: null, email: null, externalId: null })
    for (const text of ['after', 'marriage', 'moved', '1']) {
      expect((await find(text)).names).toEqual([])
    }
  })

  test('a refused change moves nothing', async () => {
    await customers.saveCustomer({ name: 'Holder', externalId: 'taken-word' }, key)
    const { id } = await customers.saveCustomer({ name: 'Stays Here' }, key)
    const body = { name: 'Goes Elsewhere', externalId: 'taken-word' }
    expect((await customers.call('PUT', `/customers/${id}`, { body, key })).status).toBe(409)
    expect((await find('stays')).names).toEqual(['Stays Here'])
    expect((await find('elsewhere')).names).toEqual([])
  })

  test('what another surface writes is found here', async () => {
    const { server } = customers
    const seller = { type: 'individual', name: 'Gerardo Ratto', country: 'AR' }
    await server.call('POST', '/payouts/customers', { body: seller, key })
    const person = { email: 'alicia@example.com', first_name: 'Alicia', last_name: 'Keysmith' }
    await server.call('POST', '/orchestration/api/v1/customers', { body: person, key })
    expect((await find('ratto')).names).toEqual(['Gerardo Ratto'])
    expect((await find('keysm')).names).toEqual(['Alicia Keysmith'])
  })

  test('another app finds nothing of it, and its own of the same words', async () => {
    const { key: other } = await customers.newApp()
    expect((await find('ada', '', other)).names).toEqual([])
    await customers.saveCustomer({ name: 'Ada Other' }, other)
    expect((await find('ada', '', other)).names).toEqual(['Ada Other'])
    expect((await find('ada lovelace')).names).toEqual([ada.name])
  })
})

test.each(['page', 'paging'])('pages through the matches of "%s", newest first', async (text) => {
  const { key: own } = await customers.newApp()
  for (let at = 0; at < 25; at += 1) {
    await customers.saveCustomer({ name: `Paging ${at}`, email: null }, own)
    await customers.saveCustomer({ name: `Page ${at}`, email: null }, own)
  }
  const known = text === 'page' ? 'Page' : 'Paging'
  const names = (from: number, to: number) =>
    Array.from({ length: from - to + 1 }, (_, at) => `${known} ${from - at}`)
  expect(await find(text, '&pageSize=10', own)).toMatchObject({ names: names(24, 15) })
  const last = await find(text, '&pageSize=10&page=3', own)
  expect(last).toEqual({ names: names(4, 0), total: 25, pages: 3 })
  expect((await find(text, '&page=1000000000', own)).names).toEqual([])
})
