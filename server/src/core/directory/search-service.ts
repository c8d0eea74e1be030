// Owns finding customers by the beginnings of words in name, e-mail and external id.
import type { Context } from '../context.ts'
import type { Customer } from '../customer/customer.ts'
import { readCustomers } from '../customer/customer-list.ts'
import { parseSearch, type WordQuery } from '../customer/customer-words.ts'
import { byRarity, countByWords, readUnindexed, selectIdsByWords } from '../customer/word-index.ts'
import type { DirectoryPage } from './directory-service.ts'

const candidatesPerRound = 500
/** About a third of a second: a search of few letters among millions ends there. */
const candidatesMax = 20_000

interface Page {
  limit: number
  offset: number
}

/**
 * Newest first. `count` is exact, but for words that the index alone cannot decide: there it counts
 * the candidates that were not looked at as if they matched, so a page never hides a match.
 */
export async function searchCustomers(
  context: Context,
  text: string,
  page: Page,
): Promise<DirectoryPage> {
  const query = parseSearch(context, text)
  if (query === null) return { count: 0, customers: [] }
  // Before the index: who is indexed meanwhile is seen twice rather than not at all.
  const unindexed = await readUnindexed(context)
  const newest = unindexed.filter(query.matches)
  const shown = newest.slice(page.offset, page.offset + page.limit)
  const rest = {
    limit: page.limit - shown.length,
    offset: Math.max(0, page.offset - newest.length),
  }
  const tokens = await byRarity(context, query.tokens)
  const known = new Set(unindexed.map(({ id }) => id))
  const indexed = await searchIndexed(context, { ...query, tokens }, rest)
  const customers = [...shown, ...indexed.customers.filter(({ id }) => !known.has(id))]
  return { count: newest.length + indexed.count, customers }
}

async function searchIndexed(
  context: Context,
  query: WordQuery,
  page: Page,
): Promise<DirectoryPage> {
  if (!query.isExact) return lookThrough(context, query, page)
  const [count, ids] = await Promise.all([
    countByWords(context, query.tokens, null),
    selectIdsByWords(context, query.tokens, { beforeId: null, ...page }),
  ])
  return { count, customers: ids.length === 0 ? [] : await readCustomers(context, { ids }) }
}

async function lookThrough(
  context: Context,
  { tokens, matches }: WordQuery,
  { limit, offset }: Page,
): Promise<DirectoryPage> {
  const found: Customer[] = []
  let beforeId: string | null = null
  for (let seen = 0; seen < candidatesMax; seen += candidatesPerRound) {
    const round = { beforeId, limit: candidatesPerRound, offset: 0 }
    const ids: string[] = await selectIdsByWords(context, tokens, round)
    const candidates = ids.length === 0 ? [] : await readCustomers(context, { ids })
    found.push(...candidates.filter(matches))
    beforeId = ids.at(-1) ?? null
    const isEnd = ids.length < candidatesPerRound
    const customers = found.slice(offset, offset + limit)
    if (isEnd) return { count: found.length, customers }
    if (found.length >= offset + limit) {
      return { count: found.length + (await countByWords(context, tokens, beforeId)), customers }
    }
  }
  return { count: found.length, customers: found.slice(offset, offset + limit) }
}
