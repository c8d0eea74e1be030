// Owns when words are written and how they are asked for.
//
// A new customer is noted as unindexed in its own transaction, and a search looks at each of those:
// it finds what was just saved. Their words wait beside it and follow within a second, many
// customers at once, since they belong to many places of the index: one customer's alone would cost
// more than its record.
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import type { Customer } from './customer.ts'
import { readCustomers } from './customer-list.ts'
import { openCustomers } from './customer-seal.ts'
import { lockVersions, selectCustomersByIds } from './customer-store.ts'
import * as store from './customer-word-store.ts'
import { wordTokens } from './customer-words.ts'

const customersPerTransaction = 250

/** Chore: writes the words of up to `max` customers. Answers how many. */
export async function indexWords(context: Context, max: number): Promise<number> {
  let total = 0
  let indexed = customersPerTransaction
  while (indexed === customersPerTransaction && total < max) {
    indexed = await inTransaction(context, indexSome)
    total += indexed
  }
  return total
}

const idsOf = (waiting: store.Unindexed[]) => waiting.map(({ id }) => id)

async function indexSome(tx: Context): Promise<number> {
  const { engine } = tx.database
  const appId = tx.app.id
  await store.commitWithoutWaiting(tx.db, engine)
  const waiting = await store.lockUnindexed(tx.db, { appId, limit: customersPerTransaction })
  if (waiting.length === 0) return 0
  const ids = idsOf(waiting)
  // Held, so that nobody changes a name between its reading and its words.
  const versions = await lockVersions(tx.db, { engine, appId, ids })
  const { asMade = [], changed = [] } = Object.groupBy(waiting, ({ id, hasWords }) =>
    hasWords && versions.get(id) === 1 ? 'asMade' : 'changed',
  )
  await store.insertWaitingWords(tx.db, { engine, appId, customerIds: idsOf(asMade) })
  await indexAnew(tx, idsOf(changed))
  await store.deleteUnindexed(tx.db, { engine, appId, customerIds: ids })
  return ids.length
}

/** Of customers that have changed since: their change has moved some of their words already. */
async function indexAnew(tx: Context, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const appId = tx.app.id
  const customers = openCustomers(tx, await selectCustomersByIds(tx.db, { appId, ids }))
  const words = customers.map((customer) => ({
    customerId: customer.id,
    tokens: wordTokens(tx, customer),
  }))
  const into = { engine: tx.database.engine, appId }
  for (const write of store.insertWords(tx.db, into, words)) await write.execute()
}

/** Looked at in one search; more wait only where the worker is not running. */
const unindexedMax = 20_000

/** Newest first. */
export async function readUnindexed(context: Context): Promise<Customer[]> {
  const filter = { appId: context.app.id, limit: unindexedMax }
  const ids = await store.selectUnindexed(context.db, filter)
  return ids.length === 0 ? [] : readCustomers(context, { ids })
}

/** Indexed ones that stand under every token, newest first. */
export function selectIdsByWords(
  context: Context,
  tokens: Uint8Array[],
  page: { beforeId: string | null; limit: number; offset: number },
): Promise<string[]> {
  return store.selectIdsByWords(context.db, { appId: context.app.id, tokens, ...page })
}

export function countByWords(
  context: Context,
  tokens: Uint8Array[],
  beforeId: string | null,
): Promise<number> {
  return store.countByWords(context.db, { appId: context.app.id, tokens, beforeId })
}

const wordCountMax = 1_000

/** The rarest first: it leaves the fewest customers to be held against the other words. */
export async function byRarity(context: Context, tokens: Uint8Array[]): Promise<Uint8Array[]> {
  if (tokens.length < 2) return tokens
  const counts = await store.countUnderEach(
    context.db,
    { appId: context.app.id, tokens },
    wordCountMax,
  )
  const ranked = tokens.map((token, at) => ({ token, count: counts[at] ?? 0 }))
  return ranked.sort((a, b) => a.count - b.count).map(({ token }) => token)
}
