// Owns the proof that words are written once each, by however many processes, of what is true.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { Context } from '../context.ts'
import { createCustomer, getCustomer, updateCustomer } from './customer-service.ts'
import { wordTokens } from './customer-words.ts'
import { indexWords, readUnindexed } from './word-index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const newApp = async () => server.contextOf((await createMerchant(server.system, 'Market')).test)
const hex = (tokens: Uint8Array[]) =>
  tokens.map((token) => Buffer.from(token).toString('hex')).toSorted()

async function saveMany(context: Context, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, at) => `Ada Number${at}`)
  const made = await Promise.all(
    names.map((name) => createCustomer(context, { kind: 'individual', name })),
  )
  return made.map(({ id }) => id)
}

async function expectIndexed(context: Context, ids: string[]): Promise<void> {
  for (const id of ids) {
    const rows = await context.db
      .selectFrom('customer_words')
      .select('token')
      .where('app_id', '=', context.app.id)
      .where('customer_id', '=', id)
      .execute()
    const expected = wordTokens(context, await getCustomer(context, id))
    expect(hex(rows.map(({ token }) => token))).toEqual(hex(expected))
  }
}

test('a new customer waits for its words, and waits no more after they are written', async () => {
  const [context, other] = [await newApp(), await newApp()]
  const [first = '', second = ''] = [
    ...(await saveMany(context, 1)),
    ...(await saveMany(context, 1)),
  ]
  expect((await readUnindexed(context)).map(({ id }) => id)).toEqual([second, first])
  expect(await readUnindexed(other)).toEqual([])
  expect(await indexWords(other, 10)).toBe(0)
  expect(await indexWords(context, 10)).toBe(2)
  expect(await readUnindexed(context)).toEqual([])
  expect(await indexWords(context, 10)).toBe(0)
  await expectIndexed(context, [first, second])
})

test('several processes at once write each word once, and leave none', async () => {
  const context = await newApp()
  const ids = await saveMany(context, 40)
  const passes = await Promise.all([1, 2, 3].map(() => indexWords(context, 1_000)))
  const late = await indexWords(context, 1_000)
  expect(passes.reduce((sum, one) => sum + one, late)).toBe(40)
  await expectIndexed(context, ids)
})

test('a name that changes meanwhile is indexed as it is afterwards', async () => {
  const context = await newApp()
  const ids = await saveMany(context, 30)
  const changes = ids.map((id, at) =>
    updateCustomer(context, id, { name: `Eva Renamed${at}`, email: `eva${at}@example.com` }),
  )
  await Promise.all([indexWords(context, 1_000), ...changes, indexWords(context, 1_000)])
  await indexWords(context, 1_000)
  expect(await readUnindexed(context)).toEqual([])
  await expectIndexed(context, ids)
})
