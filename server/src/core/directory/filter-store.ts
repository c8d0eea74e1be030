// Owns the SQL that finds customers by many conditions, driven by one of them.
//
// The engine is not asked to choose: what it knows of one condition says nothing of several
// together. One gives ids from its own index, and the others are looked up for each of those.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../storage/tables.ts'

/** What a row must say. */
export type Test =
  | { column: string; is: '=' | '>=' | '<'; value: string | number | Uint8Array }
  | { column: string; is: 'null' | 'not null' }
  | { column: string; is: 'null or above'; value: number }

/** Rows of one table that name a customer each. */
export interface Source {
  table: keyof Tables
  column: 'id' | 'customer_id'
  /** Before the customer's id in an index: its rows are read in the order of the list. */
  tests: Test[]
  /** What else the same row must say, looked at for one customer only. */
  also?: Test[]
  /** At most one row, by a unique index. */
  isSingle?: true
  /** A new customer's words are not there yet: it is kept, to be looked at itself. */
  orUnindexed?: true
}

/** Ids between these two, both left out. */
export interface Range {
  appId: string
  above: string
  below: string
}

export const unindexed: Source = { table: 'unindexed_customers', column: 'customer_id', tests: [] }

/** Those of the next `size` rows whose customers stand in every other source, newest first. */
export async function selectBlock(
  db: Kysely<Tables>,
  range: Range,
  { driver, others, size }: { driver: Source; others: Source[]; size: number },
): Promise<{ ids: string[]; last: string | null }> {
  const id = sql.ref(`source.${driver.column}`)
  const known = others.map((other) => sql`${isAmong(other, range.appId, id)} is not null`)
  const isMatch = known.length === 0 ? sql`1 = 1` : sql.join(known, sql` and `)
  // A sum, for the reason that EmbeddedQueryCompiler gives.
  const limit = driver.isSingle ? sql`` : sql`limit ${size} + 0`
  const rows = await sql<{ id: string; is_match: boolean | number }>`
    select ${id} as id, (${isMatch}) as is_match
    from ${sql.table(driver.table)} as source
    where ${inRange(driver, range)} ${driver.isSingle ? sql`` : newestFirst(driver)}
    ${limit}`.execute(db)
  const matches = rows.rows.filter(({ is_match }) => Boolean(is_match))
  const isWhole = driver.isSingle || rows.rows.length < size
  // One customer may have many rows in a table.
  return {
    ids: [...new Set(matches.map(({ id }) => id))],
    last: isWhole ? null : (rows.rows.at(-1)?.id ?? null),
  }
}

/** How far back the first `depth` rows of each source reach; `null`: it has fewer. */
export async function selectDepths(
  db: Kysely<Tables>,
  range: Range,
  { sources, depth }: { sources: Source[]; depth: number },
): Promise<(string | null)[]> {
  const names = sources.map((_, at) => `depth_${at}`)
  const depths = sources.map(
    (source, at) => sql`(
      select ${sql.ref(`source.${source.column}`)} from ${sql.table(source.table)} as source
      where ${inRange(source, range)} ${newestFirst(source)} limit 1 offset ${depth}
    ) as ${sql.ref(`depth_${at}`)}`,
  )
  const { rows } = await sql<Record<string, string | null>>`select ${sql.join(depths)}`.execute(db)
  return names.map((name) => rows[0]?.[name] ?? null)
}

function inRange(source: Source, { appId, above, below }: Range): RawBuilder<unknown> {
  const id = sql.ref(`source.${source.column}`)
  return sql`source.app_id = ${appId} ${holds('source', source.tests)}
    and ${id} > ${above} and ${id} < ${below}`
}

const newestFirst = (source: Source) => sql`order by ${sql.ref(`source.${source.column}`)} desc`

/**
 * Not `exists`: PostgreSQL would take that for a list to be read whole, wherever it expects that
 * the question is asked often.
 */
function isAmong(source: Source, appId: string, id: RawBuilder<unknown>): RawBuilder<unknown> {
  const found = sql`(
    select 1 from ${sql.table(source.table)} as other
    where other.app_id = ${appId} ${holds('other', [...source.tests, ...(source.also ?? [])])}
    and other.${sql.ref(source.column)} = ${id} limit 1
  )`
  return source.orUnindexed ? sql`coalesce(${found}, ${isAmong(unindexed, appId, id)})` : found
}

function holds(table: string, tests: Test[]): RawBuilder<unknown> {
  const parts = tests.map((test) => {
    const column = sql.ref(`${table}.${test.column}`)
    switch (test.is) {
      case 'null':
        return sql`and ${column} is null`
      case 'not null':
        return sql`and ${column} is not null`
      case 'null or above':
        return sql`and (${column} is null or ${column} > ${test.value})`
      default:
        return sql`and ${column} ${sql.raw(test.is)} ${test.value}`
    }
  })
  return sql.join(parts, sql` `)
}
