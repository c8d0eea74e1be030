// Owns reading a JSON body: strictly UTF-8, bounded in depth and length, no poisoned members.
import { AppError } from '../core/errors.ts'
import { refuseField } from '../core/fields.ts'
import { httpErrors } from './http-errors.ts'
import { limits } from './limits.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** `undefined` for an empty body. Errors: `body_not_json`, `body_too_deep`, `field_invalid`. */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(bytes))
  } catch {
    throw new AppError(httpErrors.body_not_json, { param: 'body' })
  }
  checkValue(value, [])
  return value
}

function checkValue(value: unknown, path: (string | number)[]): void {
  if (typeof value === 'string') return checkString(value, path)
  if (typeof value !== 'object' || value === null) return
  const isTooLong = Array.isArray(value) && value.length > limits.jsonArrayLengthMax
  if (path.length >= limits.jsonDepthMax || isTooLong) {
    throw new AppError(httpErrors.body_too_deep, { param: path.join('.') || 'body' })
  }
  for (const [name, member] of Object.entries(value)) {
    // Not a field of anything here, and a member of every object: merged by accident, it poisons.
    if (name === '__proto__') refuseField([...path, name].join('.'), 'is not a name for a member')
    checkValue(member, [...path, name])
  }
}

/** Half a surrogate pair and NUL are valid JSON, but no text, and not every database keeps them. */
function checkString(text: string, path: (string | number)[]): void {
  if (!text.isWellFormed()) refuseField(path.join('.') || 'body', 'holds half of a surrogate pair')
  if (text.includes('\0')) refuseField(path.join('.') || 'body', 'holds a NUL character')
}
