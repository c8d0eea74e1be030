// Owns counting an app's customers and finding the one at a position, however many there are.
//
// Ids rise with time, and nothing is inserted before ids that are older than a request can last. So
// the count of each older stretch of ids is kept, and only what came after is counted anew.

import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import {
  countCustomersFrom,
  insertTally,
  lowestId,
  selectIdAtOffset,
  selectTallied,
  selectTallies,
  selectTallyEnd,
  type TalliedCount,
} from './customer-tally-store.ts'

/** A stretch: what a far page walks over at most, by the index alone. */
export const tallySize = 4_000
/** Ten times what a statement may last: by then every transaction with an older id has ended. */
const settledAgeMs = 120_000

/** What was counted last, as far as it holds. */
interface KnownCount extends TalliedCount {
  /** All there were; they still are where nobody else can write and nothing was committed since. */
  total: number
  commits: number
  talliesReadAt: number
}

/** For this long a count goes on from the one before it, and does not ask the tallies again. */
const knownAgeMs = 60_000

/** Exactly: what has settled is known, and the customers after it are counted. */
export async function countCustomers(context: Context): Promise<number> {
  const { database, cache, db, app, clock } = context
  const appId = app.id
  if (db !== database.reader) {
    const { end, count } = await selectTallied(db, appId)
    return count + (await countFrom(context, end))
  }
  const now = clock.now()
  const commits = database.commits()
  const name = `count of ${appId}`
  const known = cache.get(name) as KnownCount | undefined
  if (database.afterCommit !== null && known?.commits === commits) return known.total
  const isFresh = known !== undefined && now - known.talliesReadAt < knownAgeMs
  const { end, count } = isFresh ? known : await selectTallied(db, appId)
  const settledEnd = lowestIdAt(now - settledAgeMs)
  const settledBefore = settledEnd > end ? settledEnd : end
  const newer = await countCustomersFrom(db, { appId, id: end, settledBefore })
  const total = count + newer.all
  const talliesReadAt = isFresh ? known.talliesReadAt : now
  const next = { end: settledBefore, count: count + newer.settled, total, commits, talliesReadAt }
  cache.set(name, next satisfies KnownCount)
  return total
}

/**
 * The id above which `offset` customers stand, newest first: a page begins below it. `null` for an
 * offset of 0, `'end'` when there are not as many.
 */
export async function findPosition(
  context: Context,
  offset: number,
): Promise<string | null | 'end'> {
  if (offset === 0) return null
  const appId = context.app.id
  const end = await selectTallyEnd(context.db, appId)
  const newer = end === null ? Infinity : await countFrom(context, end)
  // The last one that is passed over, so that the page is what is below it.
  let left = offset - 1
  let below: string | null = null
  if (left >= newer) {
    left -= newer
    below = end
    const tallies = await selectTallies(context.db, appId)
    for (const { firstId, count } of tallies) {
      if (left < count) break
      left -= count
      below = firstId
    }
  }
  const id = await selectIdAtOffset(context.db, { appId, below, offset: left })
  return id ?? 'end'
}

async function countFrom({ db, app }: Context, id: string): Promise<number> {
  return (await countCustomersFrom(db, { appId: app.id, id, settledBefore: id })).all
}

/** Keeps the counts of what has settled since; answers how many stretches were added. */
export async function settleTallies(context: Context, max: number): Promise<number> {
  for (let added = 0; added < max; added += 1) {
    if (!(await settleOne(context))) return added
  }
  return max
}

function settleOne(context: Context): Promise<boolean> {
  return inTransaction(context, async (tx) => {
    const appId = tx.app.id
    const firstId = (await selectTallyEnd(tx.db, appId)) ?? lowestId
    const settledBefore = lowestIdAt(tx.clock.now() - settledAgeMs)
    return insertTally(tx.db, { appId, firstId, settledBefore, size: tallySize })
  })
}

/** Below every UUIDv7 of this millisecond and later. */
function lowestIdAt(time: number): string {
  const hex = Math.max(0, time).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
