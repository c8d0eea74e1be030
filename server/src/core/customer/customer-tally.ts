// Owns counting an app's customers and finding the one at a position, however many there are.
//
// Ids rise with time, and nothing is inserted before ids that are older than a request can last. So
// the count of each older stretch of ids is kept, and only what came after is counted anew.

import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import {
  countCustomersFrom,
  insertTally,
  selectIdAtOffset,
  selectTallies,
  selectTallyEnd,
  sumTallies,
} from './customer-tally-store.ts'

/** A stretch: what a far page walks over at most, by the index alone. */
export const tallySize = 4_000
/** Ten times what a statement may last: by then every transaction with an older id has ended. */
const settledAgeMs = 120_000

interface KnownCount {
  commits: number
  count: number
}

/** Exactly, in one statement; where nobody else can write, not again until the next commit. */
export async function countCustomers(context: Context): Promise<number> {
  const { database, cache, db, app } = context
  const isOnlyWriter = database.afterCommit !== null && db === database.reader
  if (!isOnlyWriter) return sumTallies(db, app.id)
  const name = `count of ${app.id}`
  const known = cache.get(name) as KnownCount | undefined
  const commits = database.commits()
  if (known?.commits === commits) return known.count
  const count = await sumTallies(db, app.id)
  cache.set(name, { commits, count } satisfies KnownCount)
  return count
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
  const newer = end === null ? Infinity : await countCustomersFrom(context.db, { appId, id: end })
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

const lowestId = '00000000-0000-0000-0000-000000000000'

/** Below every UUIDv7 of this millisecond and later. */
function lowestIdAt(time: number): string {
  const hex = Math.max(0, time).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
