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

/** A compressed body is never opened: a small one could hold a large one. */
export function refuseContentEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return
  throw new AppError(httpErrors.media_type_unsupported, {
    param: 'Content-Encoding',
    detail: 'Content-Encoding: is not supported; the body must come as it is.',
  })
}

function checkValue(value: unknown, path: (string | number)[]): void {
  if (typeof value === 'string') checkString(value, path)
  if (typeof value !== 'object' || value === null) return
  if (path.length >= limits.jsonDepthMax) refuseForm(path, `is deeper than ${limits.jsonDepthMax}`)
  if (Array.isArray(value) && value.length > limits.jsonArrayLengthMax) {
    refuseForm(path, `holds more than ${limits.jsonArrayLengthMax} entries`)
  }
  for (const [name, member] of Object.entries(value)) {
    // Not a field of anything here, and a member of every object: merged by accident, it poisons.
    if (name === '__proto__') refuseField(paramOf([...path, name]), 'is not a member name')
    checkValue(member, [...path, name])
  }
}

/** Half a surrogate pair and NUL are valid JSON, but no text, and not every database keeps them. */
function checkString(text: string, path: (string | number)[]): void {
  if (!text.isWellFormed()) refuseField(paramOf(path), 'holds half of a surrogate pair')
  if (text.includes('\0')) refuseField(paramOf(path), 'holds a NUL character')
}

function refuseForm(path: (string | number)[], rule: string): never {
  const param = paramOf(path)
  throw new AppError(httpErrors.body_too_deep, { param, detail: `${param}: ${rule}.` })
}

/** Names come from the caller: a long path is cut where an answer names it. */
const paramLengthMax = 200

function paramOf(path: (string | number)[]): string {
  return path.join('.').slice(0, paramLengthMax) || 'body'
}
