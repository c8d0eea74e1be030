// Owns the check for what must be true whatever the outside sends: a failure here is our defect.

/** Throws when `condition` is false. The message is for us, so it carries no personal data. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`)
}

/** The value, which must be there: for look-ups that cannot miss unless we are wrong. */
export function present<T>(value: T | null | undefined, message: string): T {
  assert(value !== null && value !== undefined, message)
  return value
}
