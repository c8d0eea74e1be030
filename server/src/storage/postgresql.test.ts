// Owns the proof of transactions on PostgreSQL: order, rollback, retry.
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createMigratedDatabase,
  type MigratedDatabase,
} from '../../../test/crash/migrated-database.ts'
import { engine } from '../../../test/harness.ts'
import { openPostgresql } from './postgresql.ts'
import type { Tables } from './tables.ts'

test('a server that is not there fails the first query, not the opening', async () => {
  const database = openPostgresql('postgres://nobody@127.0.0.1:1/none', 2)
  await expect(database.pendingMigrations()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await expect(database.reader.selectFrom('settings').selectAll().execute()).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
  await database.close()
})

// The rest is about what only a server with many connections does.
if (engine === 'postgresql') {
  let own: MigratedDatabase
  beforeAll(async () => {
    own = await createMigratedDatabase()
    await own.database.transaction(async (db) => {
      await sql`create table numbers (n bigint primary key, seen bigint not null)`.execute(db)
      await sql`insert into numbers values (1, 0), (2, 0)`.execute(db)
    })
  })
  afterAll(() => own.remove())

  test('statements sent together run in the order in which they were sent', async () => {
    const seen = await own.database.transaction(async (db) => {
      const results = await Promise.all([
        sql<{ x: number }>`select 1 as x`.execute(db),
        sql`update numbers set seen = 5 where n = 1`.execute(db),
        sql<{ x: number }>`select seen as x from numbers where n = 1`.execute(db),
        sql`update numbers set seen = 6 where n = 1`.execute(db),
        sql<{ x: number }>`select seen as x from numbers where n = 1`.execute(db),
      ])
      return results.flatMap((result) => result.rows.map((row) => Reflect.get(Object(row), 'x')))
    })
    expect(seen).toEqual([1, 5, 6])
  })

  test('a bigint is a number, as on the embedded engine', async () => {
    const { rows } = await sql<{ n: number }>`select n from numbers order by n`.execute(
      own.database.reader,
    )
    expect(rows).toEqual([{ n: 1 }, { n: 2 }])
  })

  test('a statement that fails and is caught still takes the transaction with it', async () => {
    const before = await seenOf(1)
    const failing = own.database.transaction(async (db) => {
      await sql`update numbers set seen = 77 where n = 1`.execute(db)
      await sql`insert into numbers values (1, 0)`.execute(db).catch(() => {})
      return 'answered'
    })
    await expect(failing).rejects.toThrow('the transaction was rolled back')
    expect(await seenOf(1)).toBe(before)
  })

  test('a connection serves again after its transaction has failed', async () => {
    const failures = Array.from({ length: 20 }, () =>
      own.database.transaction((db) => sql`select 1 / 0`.execute(db)),
    )
    const results = await Promise.allSettled(failures)
    expect(results.every((result) => result.status === 'rejected')).toBe(true)
    expect(await own.database.transaction(async () => 'served')).toBe('served')
  })

  test('a deadlock is run again: both transactions take effect', async () => {
    await sql`update numbers set seen = 0`.execute(own.database.reader)
    let runs = 0
    const bothHold = barrier(2)
    const addInOrder = (first: number, second: number) =>
      own.database.transaction(async (db) => {
        runs += 1
        await addOne(db, first)
        await bothHold()
        await addOne(db, second)
      })
    await Promise.all([addInOrder(1, 2), addInOrder(2, 1)])
    expect([await seenOf(1), await seenOf(2)]).toEqual([2, 2])
    expect(runs).toBe(3)
  })

  test('a serialization failure is run again three times at most, then told', async () => {
    let runs = 0
    const failing = own.database.transaction(async (db) => {
      runs += 1
      await sql`do $$ begin raise exception 'conflict' using errcode = '40001'; end $$`.execute(db)
    })
    await expect(failing).rejects.toMatchObject({ code: '40001' })
    expect(runs).toBe(3)
  })

  test('any other failure is not run again', async () => {
    let runs = 0
    const failing = own.database.transaction(async (db) => {
      runs += 1
      await sql`select 1 / 0`.execute(db)
    })
    await expect(failing).rejects.toMatchObject({ code: '22012' })
    expect(runs).toBe(1)
  })

  test('more transactions than connections wait for their turn', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        own.database.transaction(async (db) => {
          await addOne(db, 1)
          return n
        }),
      ),
    )
    expect(results).toEqual(Array.from({ length: 50 }, (_, n) => n))
  })

  test('a connection that PostgreSQL ends is replaced', async () => {
    const ended = own.database.transaction((db) =>
      sql`select pg_terminate_backend(pg_backend_pid())`.execute(db),
    )
    await expect(ended).rejects.toThrow()
    await endEveryOtherConnection()
    expect(await seenOf(1)).toBeGreaterThan(0)
    expect(await own.database.transaction(async () => 'served')).toBe('served')
  })

  const seenOf = async (n: number): Promise<number> => {
    const query = sql<{ seen: number }>`select seen from numbers where n = ${n}`
    const { rows } = await query.execute(own.database.reader)
    return rows[0]?.seen ?? Number.NaN
  }

  const addOne = async (db: Kysely<Tables>, n: number): Promise<void> => {
    await sql`update numbers set seen = seen + 1 where n = ${n}`.execute(db)
  }

  const endEveryOtherConnection = () =>
    own.database
      .transaction((db) =>
        sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`.execute(db),
      )
      .then(waitForDisconnects)

  /** Until no other connection is left, so that the client has heard of it, too. */
  const waitForDisconnects = async () => {
    const others = sql<{ count: number }>`select count(*) as count from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
    for (let round = 0; round < 200; round += 1) {
      const { rows } = await own.database.transaction((db) => others.execute(db))
      if (rows[0]?.count === 0) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error('connections are left')
  }
}

/** Holds everybody back until `count` have come; later ones pass. */
function barrier(count: number): () => Promise<void> {
  let waiting = count
  const { promise, resolve } = Promise.withResolvers<void>()
  return () => {
    waiting -= 1
    if (waiting <= 0) resolve()
    return promise
  }
}
