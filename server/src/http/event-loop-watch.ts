// Owns noticing that the event loop is late: what has waited that long is turned away, not served.

export interface EventLoopWatch {
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
  if (delayMsMax === 0) return { isLate: () => false, stop: () => {} }
  let dueAt = now() + tickMs
  let heldUntil = 0
  const look = () => {
    const at = now()
    if (at - dueAt > delayMsMax) heldUntil = at + holdMs
    return at < heldUntil
  }
  const timer = setInterval(() => {
    look()
    dueAt = now() + tickMs
  }, tickMs)
  timer.unref()
  return { isLate: look, stop: () => clearInterval(timer) }
}
