// Owns noticing that the event loop is late: what has waited that long is turned away, not served.

import { systemClock } from '../lib/clock.ts'

export interface EventLoopWatch {
  /** Not before there are requests: a start may take its time. */
  start(): void
  isLate(): boolean
  stop(): void
}

/** A stop that is longer than the bound by this much is always seen. */
const tickMs = 50
/** After a stop: long enough to turn away what queued up, less than `Retry-After` says. */
const holdMs = 500

/**
 * A tick that should have come and has not is lateness that the request at hand has waited too.
 * The mean of a second's delays, which libraries look at, forgets a stop of two seconds: it is one
 * of a hundred values.
 */
export function watchEventLoop(
  delayMsMax: number,
  now: () => number = () => performance.now(),
): EventLoopWatch {
  if (delayMsMax === 0) return { start: () => {}, isLate: () => false, stop: () => {} }
  const stopped = new AbortController()
  let dueAt = Number.POSITIVE_INFINITY
  let heldUntil = 0
  const look = () => {
    const at = now()
    if (at - dueAt > delayMsMax) heldUntil = at + holdMs
    return at < heldUntil
  }
  const tick = async () => {
    while (!stopped.signal.aborted) {
      dueAt = now() + tickMs
      await systemClock.wait(tickMs, stopped.signal)
      look()
    }
  }
  return { start: () => void tick(), isLate: look, stop: () => stopped.abort() }
}
