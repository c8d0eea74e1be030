// Owns rows that are only inserted: as data, so that those of many requests can go together.
import { CompiledQuery, type Insertable, type Kysely, type OperationNodeSource } from 'kysely'
import { assert } from '../lib/assert.ts'
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
  if (engine === 'postgresql') await execute(db, engine, groups)
  else for (const insert of groups.flat()) await execute(db, engine, [[insert]])
}

/** Groups of one shape have the same tables and columns in the same order. */
export function shapeOf(inserts: Insert[]): string {
  return inserts.map(({ into, row }) => `${into} ${Object.keys(row)}`).join('\n')
}

export function toWrite(db: Kysely<Tables>, insert: Insert): Write {
  return insertRows(db, [insert])
}

/** Texts kept for each engine; what is beyond them is compiled at each call. */
const textsMax = 500
const texts: Record<Engine, Map<string, string>> = { sqlite: new Map(), postgresql: new Map() }

/** The text is made once for a shape and a size: making it costs more than running it. */
async function execute(db: Kysely<Tables>, engine: Engine, groups: Insert[][]): Promise<void> {
  const [first = []] = groups
  const parameters = first.flatMap((_, at) =>
    groups.flatMap((group) => Object.values(group[at]?.row ?? {})),
  )
  const name = `${groups.length}\n${shapeOf(first)}`
  const known = texts[engine].get(name)
  const text = known ?? compile(db, groups, parameters)
  if (known === undefined && texts[engine].size < textsMax) texts[engine].set(name, text)
  await db.executeQuery(CompiledQuery.raw(text, parameters))
}

function compile(db: Kysely<Tables>, groups: Insert[][], parameters: unknown[]): string {
  const [first = []] = groups
  const writes = first.map((_, at) =>
    insertRows(
      db,
      groups.flatMap((group) => group[at] ?? []),
    ),
  )
  const compiled = withTogether(writes).compile(db)
  const isSame = compiled.parameters.every((value, at) => value === parameters[at])
  assert(isSame && compiled.parameters.length === parameters.length, 'groups have one shape')
  return compiled.sql
}

/** `insertOf` has held each row against its table. */
function insertRows(db: Kysely<Tables>, inserts: Insert[]): Write & OperationNodeSource {
  const into = inserts[0]?.into
  assert(into !== undefined, 'there is a row to insert')
  return db.insertInto(into).values(inserts.map(({ row }) => row) as never)
}
