// Owns the proof that rows inserted together are there together, whoever else inserts.
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  createMigratedDatabase,
  type MigratedDatabase,
} from '../../../test/crash/migrated-database.ts'
import { engine } from '../../../test/harness.ts'
import { type Insert, insertOf, insertTogether } from './insert-together.ts'
import { inTransaction, type Transactional } from './transaction.ts'

let own: MigratedDatabase
let context: Transactional

beforeAll(async () => {
  own = await createMigratedDatabase()
  context = { database: own.database, db: own.database.reader }
})
afterAll(() => own.remove())
afterEach(async () => {
  for (const table of ['settings', 'merchants'] as const) {
    await own.database.transaction((db) => db.deleteFrom(table).execute())
  }
})

const setting = (name: string) => insertOf('settings', { name, value: Buffer.from(name) })
const merchant = (id: string) => insertOf('merchants', { id, name: 'Market', created_at: 1 })
const ids = [1, 2].map((digit) => `01900000-0000-7000-8000-00000000000${digit}`)
const [firstId = '', secondId = ''] = ids
const isTaken = (result: PromiseSettledResult<unknown>) =>
  result.status === 'rejected' && /unique/i.test(String(result.reason))

async function names(): Promise<string[]> {
  const rows = await own.database.reader.selectFrom('settings').selectAll().execute()
  for (const { name, value } of rows) expect(Buffer.from(value).toString()).toBe(name)
  return rows.map(({ name }) => name).sort()
}

test('all rows are there, or none', async () => {
  await insertTogether(context, [setting('a'), setting('b'), merchant(firstId)])
  expect(await names()).toEqual(['a', 'b'])
  const clash = insertTogether(context, [setting('c'), merchant(firstId), setting('d')])
  await expect(clash).rejects.toThrow(/unique/i)
  expect(await names()).toEqual(['a', 'b'])
})

test('inside a transaction they are part of it', async () => {
  const failing = inTransaction(context, async (tx) => {
    await insertTogether(tx, [setting('a'), setting('b')])
    throw new Error('refused')
  })
  await expect(failing).rejects.toThrow('refused')
  await inTransaction(context, (tx) => insertTogether(tx, [setting('c')]))
  expect(await names()).toEqual(['c'])
})

test('gathered, they are sent by whoever gathers them', async () => {
  const gathered: Insert[] = []
  await insertTogether({ ...context, gathered }, [setting('a')])
  await insertTogether({ ...context, gathered }, [setting('b')])
  expect(await names()).toEqual([])
  await insertTogether(context, gathered)
  expect(await names()).toEqual(['a', 'b'])
  const opening = async () => inTransaction({ ...context, gathered }, async () => {})
  await expect(opening()).rejects.toThrow('opens no transaction')
})

test('of many at once each is committed or refused by itself', async () => {
  const wanted = Array.from({ length: 90 }, (_, at) => `n${at % 40}`)
  const results = await Promise.allSettled(
    wanted.map((name, at) =>
      insertTogether(context, at % 7 === 0 ? [setting(name), setting(`+${at}`)] : [setting(name)]),
    ),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(40)
  expect(results.filter(isTaken)).toHaveLength(50)
  const there = results.flatMap(({ status }, at) =>
    status === 'fulfilled' ? [wanted[at] ?? '', ...(at % 7 === 0 ? [`+${at}`] : [])] : [],
  )
  expect(await names()).toEqual(there.sort())
})

test('rows of other tables, or with other columns, are not mixed up', async () => {
  await Promise.all([
    insertTogether(context, [setting('a'), merchant(firstId)]),
    insertTogether(context, [merchant(secondId), setting('b')]),
    insertTogether(context, [insertOf('settings', { value: Buffer.from('c'), name: 'c' })]),
  ])
  expect(await names()).toEqual(['a', 'b', 'c'])
  const merchants = await own.database.reader.selectFrom('merchants').select('id').execute()
  expect(merchants.map(({ id }) => id).sort()).toEqual(ids)
})

if (engine === 'postgresql') {
  test('those of one turn share statements of at most sixteen', async () => {
    await Promise.all(
      Array.from({ length: 70 }, (_, at) => insertTogether(context, [setting(`${at}`)])),
    )
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from settings group by xmin order by count(*) desc
    `.execute(own.database.reader)
    expect(rows.map(({ count }) => count)).toEqual([16, 16, 16, 16, 4, 2])
  })
}
