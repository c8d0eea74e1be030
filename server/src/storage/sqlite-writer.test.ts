// Owns the proof that transactions share a commit and nothing else.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SqliteWriter } from './sqlite-writer.ts'
import type { Tables } from './tables.ts'

let folder: string
let connection: DatabaseSync
let writer: SqliteWriter

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clientele-writer-'))
  connection = new DatabaseSync(join(folder, 'test.db'))
  connection.exec(`
    pragma journal_mode = wal;
    pragma foreign_keys = on;
    create table numbers (n integer primary key, filling blob) strict;
    create table children (n integer references numbers (n) deferrable initially deferred) strict;
  `)
  writer = new SqliteWriter(connection, unusedDb())
})

afterEach(() => {
  connection.close()
  rmSync(folder, { recursive: true })
})

describe('a batch', () => {
  test('is one commit for transactions that arrive together', async () => {
    await Promise.all([1, 2, 3, 4, 5].map((n) => writer.transaction(() => insert(n))))
    expect(committed()).toEqual([1, 2, 3, 4, 5])
    expect(writer.commits).toBe(1)
  })

  test('is not waited for by a transaction that comes later', async () => {
    await writer.transaction(() => insert(1))
    await writer.transaction(() => insert(2))
    expect(writer.commits).toBe(2)
  })

  test('has at most 128 members', async () => {
    const numbers = Array.from({ length: 300 }, (_, n) => n)
    await Promise.all(numbers.map((n) => writer.transaction(() => insert(n))))
    expect(committed()).toEqual(numbers)
    expect(writer.commits).toBe(3)
  })

  test('answers its members only after the commit', async () => {
    const seen: number[][] = []
    await Promise.all(
      [1, 2].map(async (n) => {
        await writer.transaction(() => insert(n))
        seen.push(committed())
      }),
    )
    expect(seen).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  test('runs what was asked for after its commit before it answers', async () => {
    const order: string[] = []
    await writer.transaction(async () => {
      writer.afterCommit(() => order.push(`listener sees ${committed()}`))
      await insert(1)
    })
    order.push('answered')
    expect(order).toEqual(['listener sees 1', 'answered'])
  })

  test('runs one transaction at a time, in the order in which they came', async () => {
    const order: string[] = []
    const steps = (name: string) => async () => {
      order.push(`${name} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      order.push(`${name} ends`)
    }
    await Promise.all(['a', 'b'].map((name) => writer.transaction(steps(name))))
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  })
})

describe('a member that fails', () => {
  test('is rolled back alone', async () => {
    const results = await Promise.allSettled([
      writer.transaction(() => insert(1)),
      writer.transaction(async () => {
        await insert(2)
        throw new Error('refused')
      }),
      writer.transaction(() => insert(3)),
    ])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(committed()).toEqual([1, 3])
    expect(writer.commits).toBe(1)
  })

  test('is told so only after the commit that its reason may rest on', async () => {
    const first = writer.transaction(() => insert(1))
    const second = writer.transaction(async () => {
      const row = connection.prepare('select n from numbers where n = 1').get()
      throw new Error(`taken by ${row?.['n']}`)
    })
    const refusal = await second.catch((error: Error) => `${error.message}, seen ${committed()}`)
    expect(refusal).toBe('taken by 1, seen 1')
    await first
  })
})

describe('a commit that fails', () => {
  const orphan = async () => {
    connection.exec('insert into children values (99)')
  }

  test('fails every member, and keeps nothing of them', async () => {
    const refused = async () => {
      throw new Error('a refusal that rests on the lost row')
    }
    const works = [() => insert(1), orphan, refused]
    const results = await Promise.allSettled(works.map((work) => writer.transaction(work)))
    const reasons = results.map((result) => result.status === 'rejected' && result.reason.message)
    expect(reasons).toEqual(Array(3).fill('FOREIGN KEY constraint failed'))
    expect(committed()).toEqual([])
    expect(connection.isTransaction).toBe(false)
  })

  test('lets nothing more be written: nobody knows what reached the disk', async () => {
    await expect(writer.transaction(orphan)).rejects.toThrow('FOREIGN KEY constraint failed')
    await expect(writer.transaction(() => insert(1))).rejects.toThrow('FOREIGN KEY')
    expect(committed()).toEqual([])
    expect(writer.isStopped).toBe(true)
  })

  test('does not run what was asked for after it', async () => {
    const heard: string[] = []
    const failing = writer.transaction(async () => {
      writer.afterCommit(() => heard.push('commit'))
      await orphan()
    })
    await expect(failing).rejects.toThrow('FOREIGN KEY')
    expect(heard).toEqual([])
  })
})

test('a full disk fails the batch as a whole, and with space again writes go on', async () => {
  const pages = Number(connection.prepare('pragma page_count').get()?.['page_count'])
  connection.exec(`pragma max_page_count = ${pages + 2}`)
  const large = async () => {
    connection.exec('insert into numbers values (50, zeroblob(100000))')
  }
  const results = await Promise.allSettled([
    writer.transaction(() => insert(1)),
    writer.transaction(large),
  ])
  const kept = committed()
  const answered = results.flatMap((result, index) => (result.status === 'fulfilled' ? index : []))
  // What was answered is there, what is there was answered.
  expect(kept).toEqual(answered.map((index) => index + 1))
  expect(results[1]).toMatchObject({ reason: { message: 'database or disk is full' } })
  connection.exec('pragma max_page_count = 100000')
  await writer.transaction(() => insert(7))
  expect(committed()).toEqual([...kept, 7])
  expect(writer.isStopped).toBe(false)
})

test('idle resolves when everything that was queued is committed', async () => {
  const writing = [1, 2, 3].map((n) => writer.transaction(() => insert(n)))
  await writer.idle()
  expect(committed()).toEqual([1, 2, 3])
  await Promise.all(writing)
})

async function insert(n: number): Promise<void> {
  connection.prepare('insert into numbers values (?, null)').run(n)
}

/** As another connection sees it. */
function committed(): number[] {
  const other = new DatabaseSync(join(folder, 'test.db'), { readOnly: true })
  try {
    const rows = other.prepare('select n from numbers order by n').all()
    return rows.map((row) => Number(row['n']))
  } finally {
    other.close()
  }
}

/** These tests write through the connection itself. */
function unusedDb(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}
