// Owns rows that are only inserted: as data, so that those of many requests can go together.
import type { Insertable, Kysely, OperationNodeSource } from 'kysely'
import { assert } from '../lib/assert.ts'
import { knownText } from './known-text.ts'
import type { Engine } from './migrations.ts'
import type { Tables } from './tables.ts'
import { inTransaction, type Transactional } from './transaction.ts'
import { type Write, withTogether } from './write-together.ts'

/** A row that is built and not sent yet. */
export interface Insert {
  into: keyof Tables
  row: object
}

export function insertOf<T extends keyof Tables>(into: T, row: Insertable<Tables[T]>): Insert {
  return { into, row }
}

/**
 * All of them or none. Inside a transaction they are part of it. Outside, on PostgreSQL, they may
 * share a statement with those of other requests, whose failures are their own.
 */
export async function insertTogether<C extends Transactional>(
  context: C,
  inserts: Insert[],
): Promise<void> {
  const { gathered, database } = context
  if (gathered) gathered.push(...inserts)
  else if (database.inserts && context.db === database.reader) await database.inserts.add(inserts)
  else await inTransaction(context, ({ db }) => insertAll(db, database.engine, [inserts]))
}

/** Groups of the same `shapeOf`; on PostgreSQL in one statement. */
export async function insertAll(
  db: Kysely<Tables>,
  engine: Engine,
  groups: Insert[][],
): Promise<void> {
  if (engine === 'postgresql') await execute(db, groups)
  else for (const insert of groups.flat()) await execute(db, [[insert]])
}

/** Groups of one shape have the same tables and columns in the same order. */
export function shapeOf(inserts: Insert[]): string {
  return inserts.map(({ into, row }) => `${into} ${Object.keys(row)}`).join('\n')
}

export function toWrite(db: Kysely<Tables>, insert: Insert): Write {
  return insertRows(db, [insert])
}

async function execute(db: Kysely<Tables>, groups: Insert[][]): Promise<void> {
  const [first = []] = groups
  const parameters = first.flatMap((_, at) =>
    groups.flatMap((group) => Object.values(group[at]?.row ?? {})),
  )
  const name = `${groups.length}\n${shapeOf(first)}`
  const build = () => {
    const rowsAt = (at: number) => groups.flatMap((group) => group[at] ?? [])
    return withTogether(first.map((_, at) => insertRows(db, rowsAt(at)))).compile(db)
  }
  await db.executeQuery(knownText(db, name, parameters, build))
}

/** `insertOf` has held each row against its table. */
function insertRows(db: Kysely<Tables>, inserts: Insert[]): Write & OperationNodeSource {
  const into = inserts[0]?.into
  assert(into !== undefined, 'there is a row to insert')
  return db.insertInto(into).values(inserts.map(({ row }) => row) as never)
}
