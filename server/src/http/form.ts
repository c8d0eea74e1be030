// Owns reading a body of application/x-www-form-urlencoded, for the few operations that take one.
import { refuseField } from '../core/fields.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const membersMax = 100
/** A name comes from the caller: a longer one is cut where an answer names it. */
const nameLengthMax = 200

/** `undefined` for an empty body; every member is text. Error: `field_invalid`. */
export function parseFormBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined
  const members = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(decode(bytes))) {
    const param = name.slice(0, nameLengthMax) || 'body'
    // RFC 6749, 3.2: no parameter more than once.
    if (members.has(name)) refuseField(param, 'is given twice')
    if (value.includes('\0')) refuseField(param, 'holds a NUL character')
    if (members.size === membersMax) refuseField('body', `has more than ${membersMax} members`)
    members.set(name, value)
  }
  // Not by assignment: it would drop a member named __proto__ unseen.
  return Object.fromEntries(members)
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return refuseField('body', 'is not UTF-8')
  }
}
