// Owns the SQL of the customer_words and unindexed_customers tables.
import { type Kysely, sql } from 'kysely'
import { isAmong } from '../../storage/among.ts'
import { type Insert, insertOf } from '../../storage/insert-together.ts'
import type { Engine } from '../../storage/migrations.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import { blindIndexBytes } from '../../vault/vault.ts'

/** A name of many short words is still found by its first ones. */
export const tokensMax = 96
const places = JSON.stringify(Array.from({ length: tokensMax }, (_, at) => at * blindIndexBytes))

interface Place {
  engine: Engine
  appId: string
}

export interface CustomerWords {
  customerId: string
  tokens: Uint8Array[]
}

/** One statement whatever their number: the engine plans it once. */
export function insertWords(
  db: Kysely<Tables>,
  { engine, appId }: Place,
  words: CustomerWords[],
): Write[] {
  const pairs = words.flatMap(({ customerId, tokens }) =>
    tokens.map((token) => [Buffer.from(token).toString('hex'), customerId] as const),
  )
  if (pairs.length === 0) return []
  const list = JSON.stringify(pairs)
  const each =
    engine === 'sqlite'
      ? sql`select ${appId}, unhex(value ->> 0), value ->> 1 from json_each(${list}) where true`
      : sql`select ${appId}::uuid, decode(pair ->> 0, 'hex'), (pair ->> 1)::uuid
          from json_array_elements(${list}::json) as pair`
  const insert = sql`insert into customer_words (app_id, token, customer_id) ${each}
    on conflict do nothing`
  return [{ toOperationNode: () => insert.toOperationNode(), execute: () => insert.execute(db) }]
}

export function deleteWords(
  db: Kysely<Tables>,
  appId: string,
  { customerId, tokens }: CustomerWords,
): Write[] {
  if (tokens.length === 0) return []
  return [
    db
      .deleteFrom('customer_words')
      .where('app_id', '=', appId)
      .where('customer_id', '=', customerId)
      .where('token', 'in', tokens),
  ]
}

export function insertUnindexed(appId: string, { customerId, tokens }: CustomerWords): Insert {
  // Sorted, so that they do not say which word came first.
  const sorted = Buffer.concat(tokens.toSorted(Buffer.compare))
  return insertOf('unindexed_customers', {
    app_id: appId,
    customer_id: customerId,
    tokens: sorted,
  })
}

/**
 * Inside a transaction: its commit waits for no disk. What a crash loses of it is all or nothing,
 * and then waits to be indexed as before; whatever is committed behind it takes it to the disk.
 */
export async function commitWithoutWaiting(db: Kysely<Tables>, engine: Engine): Promise<void> {
  if (engine === 'postgresql') await sql`set local synchronous_commit to off`.execute(db)
}

/** Writes the words that wait beside these customers, which have none yet. */
export async function insertWaitingWords(
  db: Kysely<Tables>,
  { engine, appId, customerIds }: Place & { customerIds: string[] },
): Promise<void> {
  if (customerIds.length === 0) return
  const length = sql.lit(blindIndexBytes)
  const each =
    engine === 'sqlite'
      ? sql`json_each(${places}) as place on place.value < length(waiting.tokens)`
      : sql`generate_series(0, length(waiting.tokens) - 1, ${length}) as place (value) on true`
  // Neighbours in the index are written side by side.
  await sql`insert into customer_words (app_id, token, customer_id)
    select app_id, substr(tokens, place.value + 1, ${length}) as token, customer_id
    from unindexed_customers as waiting join ${each}
    where waiting.app_id = ${appId} and ${isAmong(engine, 'waiting.customer_id', customerIds)}
    order by token`.execute(db)
}

export interface Unindexed {
  id: string
  /** Whether its words wait beside it. */
  hasWords: boolean
}

/** Oldest first; inside a transaction, those that no other process is at. */
export async function lockUnindexed(
  db: Kysely<Tables>,
  filter: { appId: string; limit: number },
): Promise<Unindexed[]> {
  const rows = await db
    .selectFrom('unindexed_customers')
    .select(['customer_id as id', sql<number>`length(tokens)`.as('length')])
    .where('app_id', '=', filter.appId)
    .orderBy('customer_id')
    .limit(filter.limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(({ id, length }) => ({ id, hasWords: length !== null }))
}

/** Newest first. */
export async function selectUnindexed(
  db: Kysely<Tables>,
  filter: { appId: string; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('unindexed_customers')
    .select('customer_id')
    .where('app_id', '=', filter.appId)
    .orderBy('customer_id', 'desc')
    .limit(filter.limit)
    .execute()
  return rows.map((row) => row.customer_id)
}

export async function deleteUnindexed(
  db: Kysely<Tables>,
  { engine, appId, customerIds }: Place & { customerIds: string[] },
): Promise<void> {
  await db
    .deleteFrom('unindexed_customers')
    .where('app_id', '=', appId)
    .where(isAmong(engine, 'customer_id', customerIds))
    .execute()
}

export interface WordPage {
  appId: string
  tokens: Uint8Array[]
  beforeId: string | null
  limit: number
  offset: number
}

/** Ids that stand under every token and are indexed, newest first. */
export async function selectIdsByWords(db: Kysely<Tables>, page: WordPage): Promise<string[]> {
  const rows = await underAll(db, page)
    .select('word.customer_id as id')
    .orderBy('word.customer_id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map((row) => row.id)
}

export async function countByWords(
  db: Kysely<Tables>,
  query: Pick<WordPage, 'appId' | 'tokens' | 'beforeId'>,
): Promise<number> {
  const row = await underAll(db, query)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** How many stand under each token, counted up to a limit, in one journey. */
export async function countUnderEach(
  db: Kysely<Tables>,
  { appId, tokens }: Pick<WordPage, 'appId' | 'tokens'>,
  countMax: number,
): Promise<number[]> {
  const counted = tokens.map((token, at) =>
    db
      .selectFrom(
        db
          .selectFrom('customer_words')
          .select('token')
          .where('app_id', '=', appId)
          .where('token', '=', token)
          .limit(countMax)
          .as('some'),
      )
      .select((eb) => [sql.lit(at).as('at'), eb.fn.countAll<number>().as('count')]),
  )
  const [first, ...others] = counted
  if (first === undefined) return []
  const all = others.reduce((query, one) => query.unionAll(one), first)
  const counts = tokens.map(() => 0)
  for (const row of await all.execute()) counts[Number(row.at)] = Number(row.count)
  return counts
}

function underAll(
  db: Kysely<Tables>,
  { appId, tokens, beforeId }: Pick<WordPage, 'appId' | 'tokens' | 'beforeId'>,
) {
  const [first = new Uint8Array(), ...others] = tokens
  const underFirst = db
    .selectFrom('customer_words as word')
    .where('word.app_id', '=', appId)
    .where('word.token', '=', first)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('unindexed_customers as unindexed')
            .select('unindexed.customer_id')
            .where('unindexed.app_id', '=', appId)
            .whereRef('unindexed.customer_id', '=', 'word.customer_id'),
        ),
      ),
    )
  const before =
    beforeId === null ? underFirst : underFirst.where('word.customer_id', '<', beforeId)
  return others.reduce(
    (query, token) =>
      query.where((eb) =>
        eb.exists(
          eb
            .selectFrom('customer_words as other')
            .select('other.token')
            .where('other.app_id', '=', appId)
            .where('other.token', '=', token)
            .whereRef('other.customer_id', '=', 'word.customer_id'),
        ),
      ),
    before,
  )
}
