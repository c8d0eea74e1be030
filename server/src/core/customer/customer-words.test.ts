// Owns the proof of the hashes that a record stands under: how many, which, and when they move.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import type { Context } from '../context.ts'
import type { CustomerChanges } from './customer-rules.ts'
import { createCustomer, updateCustomer } from './customer-service.ts'
import { parseSearch, type SearchedFields } from './customer-words.ts'
import { indexWords } from './word-index.ts'

let server: TestServer
let context: Context
let otherApp: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  otherApp = server.contextOf(server.liveApp)
})
afterAll(() => server.close())

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

async function tokensUnder(customerId: string, of = context): Promise<string[]> {
  await indexWords(of, 1_000)
  const rows = await of.db
    .selectFrom('customer_words')
    .select('token')
    .where('app_id', '=', of.app.id)
    .where('customer_id', '=', customerId)
    .execute()
  return rows.map(({ token }) => hex(token)).toSorted()
}

const save = (fields: CustomerChanges, of = context) =>
  createCustomer(of, { kind: 'individual', ...fields })

/** The hash that a search for this beginning looks up. */
function tokenOf(start: string, of = context): string {
  const [token] = parseSearch(of, start)?.tokens ?? []
  return token ? hex(token) : ''
}
const tokensOf = (...starts: string[]) => starts.map((start) => tokenOf(start)).toSorted()

describe('a record stands under', () => {
  test('the first 3, 5 and 8 letters of each word, and under a shorter word whole', async () => {
    const { id } = await save({ name: 'Al Lovelaces', email: 'ada@x.example' })
    const starts = ['al', 'lov', 'lovel', 'lovelace', 'ada', 'x', 'exa', 'examp']
    expect(await tokensUnder(id)).toEqual(tokensOf(...starts))
  })

  test('each beginning once, however often its word stands there', async () => {
    const { id } = await save({ name: 'Ada ADA Ádá', email: 'ada@ada.ada', externalId: 'ada' })
    expect(await tokensUnder(id)).toEqual(tokensOf('ada'))
  })

  test('nothing, where there is no word', async () => {
    expect(await tokensUnder((await save({})).id)).toEqual([])
    expect(await tokensUnder((await save({ name: '***' })).id)).toEqual([])
  })

  test('96 at most; of a long name the later words give way, never e-mail or external id', async () => {
    const name = Array.from({ length: 63 }, (_, at) => String.fromCodePoint(0x4e00 + at))
    const long = [...name, ...name.map((one) => `${one}${one}`)].join(' ')
    const fields = { name: long.slice(0, 255), email: 'ada@example.com', externalId: 'USR-4421' }
    const { id } = await save(fields)
    const tokens = await tokensUnder(id)
    expect(tokens.length).toBeGreaterThan(90)
    expect(tokens.length).toBeLessThanOrEqual(96)
    for (const start of ['ada', 'exa', 'examp', 'com', 'usr', '442', name[0] ?? '']) {
      expect([start, tokens.includes(tokenOf(start))]).toEqual([start, true])
    }
  })

  test("hashes that are another app's for the same words in no case", async () => {
    const here = await tokensUnder((await save({ name: 'Ada Lovelace' })).id)
    const there = await tokensUnder((await save({ name: 'Ada Lovelace' }, otherApp)).id, otherApp)
    expect([here.length, there.length]).toEqual([4, 4])
    expect(here.filter((token) => there.includes(token))).toEqual([])
  })
})

describe('a change', () => {
  test.each([
    ['after', () => indexWords(context, 1_000)],
    ['before', async () => 0],
  ])(
    '%s the words were written takes those that went away, brings those that came',
    async (_when, index) => {
      const { id } = await save({ name: 'Ada Lovelace', email: 'ada@example.com' })
      await index()
      await updateCustomer(context, id, { name: 'King Love' })
      await index()
      const email = ['ada', 'exa', 'examp', 'com']
      expect(await tokensUnder(id)).toEqual(tokensOf('kin', 'lov', ...email))
      await updateCustomer(context, id, { email: null, externalId: 'K-1' })
      expect(await tokensUnder(id)).toEqual(tokensOf('kin', 'lov', 'k', '1'))
      await updateCustomer(context, id, { name: null, externalId: null })
      expect(await tokensUnder(id)).toEqual([])
    },
  )

  test('of other fields moves none', async () => {
    const { id } = await save({ name: 'Ada Lovelace' })
    const before = await tokensUnder(id)
    await updateCustomer(context, id, { country: 'GB', metadata: { plan: 'Pro' } })
    expect(await tokensUnder(id)).toEqual(before)
  })
})

describe('a text that is asked for', () => {
  const nobody: SearchedFields = { name: null, email: null, externalId: null }
  const ada = { ...nobody, name: 'Ada Lovelace' }

  test.each([
    ['ada', 1, true],
    ['lovel', 1, true],
    ['lovelace', 1, true],
    ['al', 1, true],
    ['love', 1, false],
    ['lovelaces', 1, false],
    ['ada lov', 2, true],
    ['ada love', 2, false],
    ['ada Ada ÁDA', 1, true],
    ['love lovx', 1, false],
    ['a b c d e f g h', 8, true],
    ['a b c d e f g h i', 8, false],
  ])('%s: %i hashes; they decide alone: %s', (text, count, isExact) => {
    const query = parseSearch(context, text)
    expect([query?.tokens.length, query?.isExact]).toEqual([count, isExact])
    expect(new Set(query?.tokens.map(hex)).size).toBe(count)
  })

  test.each(['', ' ', '%_', '"', '\u200d'])('%j has no word', (text) => {
    expect(parseSearch(context, text)).toBeNull()
  })

  test.each<[string, boolean]>([
    ['ada', true],
    ['LOVELA ada', true],
    ['ad', false],
    ['ada x', false],
    ['adas', false],
    ['velace', false],
  ])('"%s" matches Ada Lovelace: %s', (text, isMatch) => {
    expect(parseSearch(context, text)?.matches(ada)).toBe(isMatch)
    expect(parseSearch(context, text)?.matches(nobody)).toBe(false)
  })
})
