// Owns the SQL of the customer_words table.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'

interface WordRows {
  appId: string
  customerId: string
  tokens: Uint8Array[]
}

/** Few lengths make few statements: the engine plans each of them once. */
const rowCounts = [4, 8, 12, 16, 24, 32, 48, 64, 96]

export function insertWords(db: Kysely<Tables>, { appId, customerId, tokens }: WordRows): Write[] {
  const [first] = tokens
  if (first === undefined) return []
  const count = rowCounts.find((one) => one >= tokens.length) ?? tokens.length
  const rows = Array.from({ length: count }, (_, at) => ({
    app_id: appId,
    token: tokens[at] ?? first,
    customer_id: customerId,
  }))
  return [
    db
      .insertInto('customer_words')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing()),
  ]
}

export function deleteWords(db: Kysely<Tables>, { appId, customerId, tokens }: WordRows): Write[] {
  if (tokens.length === 0) return []
  return [
    db
      .deleteFrom('customer_words')
      .where('app_id', '=', appId)
      .where('customer_id', '=', customerId)
      .where('token', 'in', tokens),
  ]
}

export interface WordPage {
  appId: string
  tokens: Uint8Array[]
  beforeId: string | null
  limit: number
  offset: number
}

/** Ids that stand under every token, newest first. */
export async function selectIdsByWords(db: Kysely<Tables>, page: WordPage): Promise<string[]> {
  const rows = await underAll(db, page)
    .$if(page.beforeId !== null, (q) => q.where('word.customer_id', '<', page.beforeId ?? ''))
    .select('word.customer_id as id')
    .orderBy('word.customer_id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map((row) => row.id)
}

export async function countByWords(
  db: Kysely<Tables>,
  query: { appId: string; tokens: Uint8Array[]; beforeId: string | null },
): Promise<number> {
  const row = await underAll(db, query)
    .$if(query.beforeId !== null, (q) => q.where('word.customer_id', '<', query.beforeId ?? ''))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

function underAll(db: Kysely<Tables>, { appId, tokens }: Pick<WordPage, 'appId' | 'tokens'>) {
  const [first = new Uint8Array(), ...others] = tokens
  const underFirst = db
    .selectFrom('customer_words as word')
    .where('word.app_id', '=', appId)
    .where('word.token', '=', first)
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
    underFirst,
  )
}
