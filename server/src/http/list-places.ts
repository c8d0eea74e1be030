// Owns how many lists and searches one process works on at once, so that they leave it to others.
import type { Operation } from './operation.ts'
import { type Refusable, turnAway } from './turn-away.ts'

export interface ListPlaces {
  /** Throws where no place is left; takes none, so that a body may be slow in coming. */
  check(request: Refusable): void
  /** Works in a place of its own, and gives it back whatever the end of it. */
  work<T>(request: Refusable, run: () => Promise<T>): Promise<T>
}

/**
 * On the embedded engine a list is computed in one go: 150 that arrived together would hold back
 * the write behind them until the last is done. So they have this much of each turn of the event
 * loop, and whatever else has come is served between. A share of the turn and not a number of
 * lists: one that is refused costs a tenth of one that is answered, and comes again at once, so
 * that a few a turn would leave most of the time to refusals.
 */
const sliceMs = 4

/**
 * The others wait for one of these to end. On PostgreSQL the reads of a process share a few
 * connections, where whatever comes behind sixty lists waits for sixty answers.
 */
const underWayMax = 16

/** `max` 0: no bound on how many wait. */
export function createListPlaces(max: number): ListPlaces {
  let taken = 0
  const check = (request: Refusable) => {
    if (max > 0 && taken >= max) throw turnAway(request, 'lists')
  }
  const turns = createTurns()
  return {
    check,
    async work(request, run) {
      check(request)
      taken += 1
      await turns.come()
      try {
        return await run()
      } finally {
        // Also of a caller that hung up: until here its work was done, and took its share.
        taken -= 1
        turns.end()
      }
    },
  }
}

/** Lets one caller after the other begin, in the order of their coming, a slice of each turn. */
function createTurns(): { come(): Promise<void>; end(): void } {
  const waiting: (() => void)[] = []
  let underWay = 0
  let isAwake = false
  const isIdle = () => waiting.length === 0 || underWay >= underWayMax
  const wake = () => {
    if (isAwake || isIdle()) return
    isAwake = true
    setImmediate(begin)
  }
  const begin = () => goOn(performance.now() + sliceMs)
  const goOn = (until: number) => {
    underWay += 1
    waiting.shift()?.()
    // What that one does without waiting is done when its microtasks are, which is then.
    queueMicrotask(() => process.nextTick(look, until))
  }
  const look = (until: number) => {
    if (isIdle()) isAwake = false
    else if (performance.now() < until) goOn(until)
    else setImmediate(begin)
  }
  return {
    come: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        wake()
      }),
    end() {
      underWay -= 1
      wake()
    },
  }
}

/** Members that say how long a page is to be: who has one is a list or a search. */
const pageMembers = ['limit', 'pageSize']

export function readsMany({ readsMany: isSaid, query, body }: Operation): boolean {
  if (isSaid) return true
  return [query, body].some((schema) => {
    const members: unknown = schema && Reflect.get(schema, 'properties')
    return (
      typeof members === 'object' && pageMembers.some((name) => Object.hasOwn(members ?? {}, name))
    )
  })
}
