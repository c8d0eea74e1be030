// Owns the proof that what belongs together commits together.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  createMigratedDatabase,
  type MigratedDatabase,
} from '../../../test/crash/migrated-database.ts'
import { inSavepoint, inTransaction, type Transactional } from './transaction.ts'

let own: MigratedDatabase
let context: Transactional

beforeAll(async () => {
  own = await createMigratedDatabase()
  context = { database: own.database, db: own.database.reader }
})
afterAll(() => own.remove())
afterEach(() => own.database.transaction((db) => db.deleteFrom('settings').execute()))

test('the result is answered, and the rows are there', async () => {
  const result = await inTransaction(context, async (tx) => {
    await insert(tx, 'a')
    return 'done'
  })
  expect(result).toBe('done')
  expect(await names()).toEqual(['a'])
})

test('a throw leaves nothing', async () => {
  const failing = inTransaction(context, async (tx) => {
    await insert(tx, 'a')
    throw new Error('refused')
  })
  await expect(failing).rejects.toThrow('refused')
  expect(await names()).toEqual([])
})

test('a transaction within one joins it: both commit together', async () => {
  const seen = await inTransaction(context, async (tx) => {
    await inTransaction(tx, (inner) => insert(inner, 'inner'))
    await insert(tx, 'outer')
    return names()
  })
  expect(seen).toEqual([])
  expect(await names()).toEqual(['inner', 'outer'])
})

test('a throw after a joined transaction leaves nothing of it either', async () => {
  const failing = inTransaction(context, async (tx) => {
    await inTransaction(tx, (inner) => insert(inner, 'inner'))
    throw new Error('refused')
  })
  await expect(failing).rejects.toThrow('refused')
  expect(await names()).toEqual([])
})

test('statements that run beside one that fails are rolled back with it', async () => {
  await inTransaction(context, (tx) => insert(tx, 'taken'))
  const deeper = async (tx: Transactional, name: string) => {
    await insert(tx, name)
  }
  const failing = inTransaction(context, (tx) =>
    Promise.all([insert(tx, 'taken'), insert(tx, 'a'), deeper(tx, 'b'), deeper(tx, 'c')]),
  )
  await expect(failing).rejects.toThrow(/unique|duplicate/i)
  // Anything that slipped out of the rollback would be committed by the next transaction.
  await inTransaction(context, (tx) => insert(tx, 'next'))
  expect(await names()).toEqual(['next', 'taken'])
})

test('many at once do not mix: those that fail leave nothing, the others everything', async () => {
  const numbers = Array.from({ length: 60 }, (_, n) => n)
  const results = await Promise.allSettled(
    numbers.map((n) =>
      inTransaction(context, async (tx) => {
        await insert(tx, `${n} first`)
        await insert(tx, `${n} second`)
        if (n % 3 === 0) throw new Error('refused')
      }),
    ),
  )
  const kept = numbers.filter((n) => results[n]?.status === 'fulfilled')
  expect(kept).toEqual(numbers.filter((n) => n % 3 !== 0))
  expect(await names()).toEqual(kept.flatMap((n) => [`${n} first`, `${n} second`]).sort())
})

async function insert(tx: Transactional, name: string): Promise<void> {
  await tx.db.insertInto('settings').values({ name, value: new Uint8Array() }).execute()
}

async function names(): Promise<string[]> {
  const rows = await own.database.reader.selectFrom('settings').select('name').execute()
  return rows.map((row) => row.name).sort()
}

test('a savepoint undoes what failed in it, and the transaction goes on', async () => {
  const { before, after } = await inTransaction(context, async (tx) => {
    await insert(tx, 'a')
    const before = await inSavepoint(tx, async (inner) => {
      await insert(inner, 'undone')
      await insert(inner, 'a')
    }).catch((error: Error) => error.message)
    const after = await inSavepoint(tx, (inner) => insert(inner, 'b')).then(() => 'done')
    return { before, after }
  })
  expect(before).toMatch(/unique|duplicate/i)
  expect(after).toBe('done')
  expect(await names()).toEqual(['a', 'b'])
})
