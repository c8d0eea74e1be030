// Owns how many more requests each caller may send now, for the limit on them.
import type { FastifyRateLimitStore } from '@fastify/rate-limit'
import { LRUCache } from 'lru-cache'

/** A token bucket: each request takes one, and a window fills it from empty. */
interface Bucket {
  /** A fraction counts as nothing yet. */
  left: number
  /** Milliseconds of a clock that nobody sets back. */
  at: number
}

/** A bucket that nobody has touched for a window is full: forgetting that one changes nothing. */
const bucketsMax = 5_000

/**
 * At most a window's worth at once and as much again in each window, whatever the pattern. Not the
 * library's own store: that hands every request the same object, read only after the next ones have
 * counted, so that of a burst which arrives in one turn all were refused.
 */
export class Allowances implements FastifyRateLimitStore {
  private readonly buckets = new LRUCache<string, Bucket>({ max: bucketsMax })

  /** Of what it tells, `current` above `max` is a refusal, which takes nothing. */
  incr(...[caller, tell, windowMs, max]: Parameters<FastifyRateLimitStore['incr']>): void {
    const now = performance.now()
    const perMs = max / windowMs
    const last = this.buckets.get(caller) ?? { left: max, at: now }
    const filled = Math.min(max, last.left + (now - last.at) * perMs)
    const isAllowed = filled >= 1
    const left = isAllowed ? filled - 1 : filled
    this.buckets.set(caller, { left, at: now })
    const current = isAllowed ? max - Math.floor(left) : max + 1
    // Until all of it is back; of one that was refused, until the next request would pass.
    const ttl = ((isAllowed ? max : 1) - left) / perMs
    tell(null, { current, ttl })
  }

  /** Every route counts on the same allowance. */
  child(): this {
    return this
  }
}
