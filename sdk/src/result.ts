// Owns Result: what every call resolves to, so that a failure is a value that the compiler sees.
import type { ClienteleError } from './errors.ts'

/**
 * The outcome of a call. Check `ok`, then use `value` or `error`; a call never throws.
 *
 * @example
 * const result = await client.customers.retrieve('cust_01h455vb4pex5vsknk084sn02q')
 * if (result.ok) console.log(result.value.name)
 * else console.error(result.error.message)
 */
export type Result<T> = Success<T> | Failure

/** The call did what it says. */
export interface Success<T> {
  readonly ok: true
  readonly value: T
}

/** The call did not; see the classes of {@link ClienteleError}. */
export interface Failure {
  readonly ok: false
  readonly error: ClienteleError
}

export function success<T>(value: T): Success<T> {
  return { ok: true, value }
}

export function failure(error: ClienteleError): Failure {
  return { ok: false, error }
}
