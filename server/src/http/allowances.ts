// Owns how many requests each caller has sent in its second, for the limit on them.
import type { FastifyRateLimitStore } from '@fastify/rate-limit'
import { LRUCache } from 'lru-cache'

interface Allowance {
  used: number
  /** Milliseconds of a clock that nobody sets back. */
  since: number
}

const allowancesMax = 5_000

/**
 * The library's own store hands every request the same object, read only after the next ones have
 * counted: of a burst that arrives in one turn, all saw its end and were refused.
 */
export class Allowances implements FastifyRateLimitStore {
  private readonly known = new LRUCache<string, Allowance>({ max: allowancesMax })

  incr(...[caller, tell, windowMs]: Parameters<FastifyRateLimitStore['incr']>): void {
    const now = performance.now()
    const last = this.known.get(caller)
    const isOpen = last !== undefined && now < last.since + windowMs
    const { used, since } = isOpen ? last : { used: 0, since: now }
    this.known.set(caller, { used: used + 1, since })
    tell(null, { current: used + 1, ttl: since + windowMs - now })
  }

  /** Every route counts on the same allowance. */
  child(): this {
    return this
  }
}
