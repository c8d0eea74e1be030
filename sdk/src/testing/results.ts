// Owns how tests take a result apart: its value, or the refusal that it must be.
import { ApiError, type Result } from '../index.ts'

export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw result.error
}

export function refusalOf(result: Result<unknown>): ApiError {
  if (!result.ok && result.error instanceof ApiError) return result.error
  throw new Error('the server did not refuse')
}

/** Status and code. */
export function shortOf(result: Result<unknown>): [number, string | undefined] {
  const { status, code } = refusalOf(result)
  return [status, code]
}
