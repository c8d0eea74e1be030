// Owns finding customers by any number of filters, of the record and of its facets, page by page.
import type { Context } from '../context.ts'
import type { Customer } from '../customer/customer.ts'
import { readCustomers, requireCursor } from '../customer/customer-list.ts'
import { type CustomerFilter, type FilterPlan, planFilter } from './customer-filter.ts'
import { type Range, type Source, selectBlock, selectDepths, unindexed } from './filter-store.ts'

export interface FilterPage {
  customers: Customer[]
  /** Where the next page begins; `null`: this is the last one. */
  cursor: string | null
}

/** Ids looked at for one page, about a tenth of a second: see `filterCustomers`. */
const lookedAtMax = 20_000
const blockSize = { first: 128, max: 4_096 }

/**
 * Newest first. Where filters that hold for very many customers leave very few together, a page
 * may be short, or empty, before the last one: the cursor goes on behind what was looked at.
 * Errors: `field_invalid`, `customer_cursor_unknown`.
 */
export async function filterCustomers(
  context: Context,
  filter: CustomerFilter,
  page: { limit: number; cursor: string | null; lookAtMax?: number },
): Promise<FilterPage> {
  const plan = await planFilter(context, filter)
  const { limit, cursor, lookAtMax = lookedAtMax } = page
  if (cursor !== null) await requireCursor(context, cursor, 'cursor')
  if (plan.sources.length === 0) {
    // One more than is shown says whether another page follows.
    const newest = { appId: context.app.id, below: cursor, limit: limit + 1 }
    return pageOf(await readCustomers(context, newest), limit)
  }
  return walk(context, plan, { limit, lookAtMax, range: rangeOf(context, filter, cursor) })
}

async function walk(
  context: Context,
  plan: FilterPlan,
  { limit, lookAtMax, range }: { limit: number; lookAtMax: number; range: Range },
): Promise<FilterPage> {
  const { driver, others } = await chooseDriver(context, plan.sources, range)
  const found: Customer[] = []
  let { below } = range
  let size = others.length === 0 ? limit + 1 : Math.max(limit + 1, blockSize.first)
  for (let lookedAt = 0; lookedAt < lookAtMax; lookedAt += size) {
    const block = await readBlock(context, { ...range, below }, { driver, others, size })
    for (let at = 0; at < block.ids.length && found.length <= limit; at += limit + 1) {
      const opened = await openNewestFirst(context, block.ids.slice(at, at + limit + 1))
      found.push(...opened.filter(plan.matches))
    }
    if (found.length > limit || block.last === null) return pageOf(found, limit)
    below = block.last
    size = Math.min(size * 4, blockSize.max)
  }
  return { customers: found, cursor: below }
}

function pageOf(found: Customer[], limit: number): FilterPage {
  const customers = found.slice(0, limit)
  return { customers, cursor: found.length > limit ? (customers.at(-1)?.id ?? null) : null }
}

/** A transaction reads records in the order in which the engine finds them. */
async function openNewestFirst(context: Context, ids: string[]): Promise<Customer[]> {
  const customers = await readCustomers(context, { ids })
  return customers.sort((a, b) => (a.id < b.id ? 1 : -1))
}

const depth = 200

/** The one that reaches furthest back by as many rows, so that the fewest are looked at. */
async function chooseDriver(
  context: Context,
  sources: Source[],
  range: Range,
): Promise<{ driver: Source; others: Source[] }> {
  const [first, ...rest] = sources
  if (first === undefined) throw new Error('a filter has a source')
  if (rest.length === 0 && first.also === undefined) return { driver: first, others: [] }
  const chosen =
    first.isSingle || rest.length === 0 ? first : await deepest(context, sources, range)
  // What else its row must say is asked of it as of the others.
  const others = sources.filter((source) => source !== chosen || source.also !== undefined)
  return { driver: chosen, others }
}

async function deepest(context: Context, sources: Source[], range: Range): Promise<Source> {
  const depths = await selectDepths(context.db, range, { sources, depth })
  const ranked = sources.map((source, at) => ({ source, reaches: depths[at] ?? '' }))
  const furthest = ranked.reduce((best, one) => (one.reaches < best.reaches ? one : best))
  return furthest.source
}

interface Block {
  ids: string[]
  /** Behind this id nothing was looked at; `null`: there is no more. */
  last: string | null
}

async function readBlock(
  context: Context,
  range: Range,
  query: { driver: Source; others: Source[]; size: number },
): Promise<Block> {
  if (!query.driver.orUnindexed) return selectBlock(context.db, range, query)
  // Before the index: who is indexed meanwhile is seen twice rather than not at all.
  const added = await selectBlock(context.db, range, { ...query, driver: unindexed })
  const indexed = await selectBlock(context.db, range, query)
  const ends = [added.last, indexed.last].filter((last) => last !== null)
  const last = ends.length === 0 ? null : ends.reduce((a, b) => (a > b ? a : b))
  const ids = [...new Set([...added.ids, ...indexed.ids])].sort((a, b) => (a < b ? 1 : -1))
  return { ids: ids.filter((id) => last === null || id >= last), last }
}

/** An id begins with the time at which it was made, shortly before its record. */
const idBeforeMsMax = 60_000
/** A clock that is put back leaves the ids where they are until it has caught up. */
const idAfterMsMax = 600_000

function rangeOf(
  context: Context,
  { createdFrom, createdTo }: CustomerFilter,
  cursor: string | null,
): Range {
  const above = idAt(createdFrom === undefined ? 0 : createdFrom - idBeforeMsMax)
  const end = createdTo === undefined ? latestId : idAt(createdTo + idAfterMsMax)
  const below = cursor !== null && cursor < end ? cursor : end
  return { appId: context.app.id, above, below }
}

const latestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const idMsMax = 2 ** 48 - 1

/** Before every UUIDv7 of this moment. */
function idAt(ms: number): string {
  const hex = Math.min(Math.max(ms, 0), idMsMax).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
