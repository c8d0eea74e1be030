// Owns when a failed attempt is repeated, and how long to wait before it.
import { ApiError, type ClienteleError, NetworkError } from './errors.ts'
import type { Result } from './result.ts'

/**
 * How a client repeats what may succeed later: answers 408, 429, 502, 503 and 504, and attempts
 * that got no answer. Every attempt of a write carries the same `Idempotency-Key`.
 */
export interface RetryOptions {
  /** Attempts of one call, the first one included: 1 to 10, 3 by default. 1 never retries. */
  attemptsMax?: number
  /** The wait before the second attempt, in milliseconds; it doubles each time. 500 by default. */
  firstDelayMs?: number
  /** The longest wait that doubling reaches, in milliseconds. 8,000 by default. */
  delayMsMax?: number
  /**
   * The longest `Retry-After` that is waited for, in milliseconds: 60,000 by default. When the
   * server asks for more, the call resolves to its error at once.
   */
  retryAfterMsMax?: number
  /**
   * Waits that many milliseconds; replace it in tests. It may end early when the signal aborts; the
   * call does so in any case.
   */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Random numbers from 0 to below 1, for jitter; `Math.random` by default. */
  random?: () => number
}

export const retryDefaults: Required<RetryOptions> = {
  attemptsMax: 3,
  firstDelayMs: 500,
  delayMsMax: 8_000,
  retryAfterMsMax: 60_000,
  wait,
  random: Math.random,
}

export const attemptsLimit = 10

/** Attempts until one is final. `pause` throws when the caller no longer wants to wait. */
export async function retry<T>(
  options: Required<RetryOptions>,
  attempt: () => Promise<Result<T>>,
  pause: (ms: number) => Promise<void>,
): Promise<Result<T>> {
  for (let made = 1; made < options.attemptsMax; made += 1) {
    const result = await attempt()
    if (result.ok) return result
    const delayMs = retryDelayMs(options, made, result.error)
    if (delayMs === null) return result
    await pause(delayMs)
  }
  return attempt()
}

/** `null` when the error is final. */
function retryDelayMs(
  options: Required<RetryOptions>,
  attemptsMade: number,
  error: ClienteleError,
): number | null {
  if (!isPassing(error)) return null
  const doubled = Math.min(options.firstDelayMs * 2 ** (attemptsMade - 1), options.delayMsMax)
  // Half of it is random, so that callers that failed together do not return together.
  const delayMs = Math.round(doubled * (0.5 + 0.5 * options.random()))
  const askedMs = error instanceof ApiError ? retryAfterMs(error.headers) : 0
  if (askedMs > options.retryAfterMsMax) return null
  return Math.max(delayMs, askedMs)
}

const passingStatuses = new Set([408, 429, 502, 503, 504])

function isPassing(error: ClienteleError): boolean {
  if (error instanceof ApiError) return passingStatuses.has(error.status)
  return error instanceof NetworkError
}

/** Both forms of the header: seconds, or a date, which counts from the answer's own `Date`. */
function retryAfterMs(headers: Headers): number {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000)
  const until = Date.parse(text)
  if (Number.isNaN(until)) return 0
  const answeredAt = Date.parse(headers.get('date') ?? '')
  return Math.max(0, until - (Number.isNaN(answeredAt) ? Date.now() : answeredAt))
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
