// Owns the SQL of the customer_words and unindexed_customers tables.
import { type Kysely, sql } from 'kysely'
import type { Engine } from '../../storage/migrations.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'

export interface CustomerWords {
  customerId: string
  tokens: Uint8Array[]
}

/** One statement whatever their number: the engine plans it once. */
export function insertWords(
  db: Kysely<Tables>,
  { engine, appId }: { engine: Engine; appId: string },
  words: CustomerWords[],
): Write[] {
  const pairs = words.flatMap(({ customerId, tokens }) =>
    tokens.map((token) => [Buffer.from(token).toString('hex'), customerId] as const),
  )
  if (pairs.length === 0) return []
  // Neighbours in the index are written side by side.
  const list = JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))
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

export function insertUnindexed(db: Kysely<Tables>, appId: string, customerId: string): Write {
  return db.insertInto('unindexed_customers').values({ app_id: appId, customer_id: customerId })
}

/** Oldest first; inside a transaction, those that no other process is at. */
export async function lockUnindexed(
  db: Kysely<Tables>,
  filter: { appId: string; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('unindexed_customers')
    .select('customer_id')
    .where('app_id', '=', filter.appId)
    .orderBy('customer_id')
    .limit(filter.limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map((row) => row.customer_id)
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
  filter: { appId: string; customerIds: string[] },
): Promise<void> {
  await db
    .deleteFrom('unindexed_customers')
    .where('app_id', '=', filter.appId)
    .where('customer_id', 'in', filter.customerIds)
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
