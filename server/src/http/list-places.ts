// Owns how many lists and searches one process works on at once, so that they leave it to others.
import type { FastifyRequest } from 'fastify'
import type { Operation } from './operation.ts'
import { turnAway } from './turn-away.ts'

export interface ListPlaces {
  /** Throws where no place is left; takes none, so that a body may be slow in coming. */
  check(request: FastifyRequest): void
  /** Works in a place of its own, and gives it back whatever the end of it. */
  work<T>(request: FastifyRequest, run: () => Promise<T>): Promise<T>
}

/**
 * On the embedded engine a list is computed in one go: 150 that arrived together would hold back
 * the write behind them until the last is done. So they have this much of each turn of the event
 * loop, and whatever else has come is served between. A share of the turn and not a number of
 * lists: one that is refused costs a tenth of one that is answered, and comes again at once, so
 * that a few a turn would leave most of the time to refusals.
 */
const sliceMs = 4

/** `max` 0: no bound. */
export function createListPlaces(max: number): ListPlaces {
  let taken = 0
  const check = (request: FastifyRequest) => {
    if (max > 0 && taken >= max) throw turnAway(request, 'lists')
  }
  const turn = createTurns()
  return {
    check,
    async work(request, run) {
      check(request)
      taken += 1
      try {
        await turn()
        return await run()
      } finally {
        // Also of a caller that hung up: until here its work was done, and took its share.
        taken -= 1
      }
    },
  }
}

/** Resolves for one caller after the other, in the order of their asking, a slice of each turn. */
function createTurns(): () => Promise<void> {
  const waiting: (() => void)[] = []
  const begin = () => goOn(performance.now() + sliceMs)
  const goOn = (until: number) => {
    waiting.shift()?.()
    // What that one does without waiting is done when its microtasks are, which is then.
    queueMicrotask(() => process.nextTick(look, until))
  }
  const look = (until: number) => {
    if (waiting.length === 0) isRunning = false
    else if (performance.now() < until) goOn(until)
    else setImmediate(begin)
  }
  let isRunning = false
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (isRunning) return
      isRunning = true
      setImmediate(begin)
    })
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
