// Owns how work ends in time: with its outcome, at its limit, or at the caller's signal.
import { AbortError, type ClienteleError, TimeoutError } from './errors.ts'

/**
 * Ends with `work`, or before it when time is up or the caller's signal aborts; throws
 * {@link TimeoutError} or {@link AbortError} then, whether or not the work heeds its signal.
 */
export async function bounded<T>(
  limits: { timeoutMs?: number | undefined; signal?: AbortSignal | undefined },
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const { timeoutMs, signal } = limits
  if (signal?.aborted) throw new AbortError(signal.reason)
  const controller = new AbortController()
  let end = (_error: ClienteleError): void => {}
  const ended = new Promise<never>((_resolve, reject) => {
    end = (error) => {
      reject(error)
      controller.abort(error)
    }
  })
  const onAbort = (): void => end(new AbortError(signal?.reason))
  const onTimeout = (): void =>
    end(new TimeoutError(`No whole answer arrived within ${timeoutMs} ms.`))
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work(controller.signal), ended])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
