// Owns identifiers: UUIDv7 inside, a type prefix and 26 base32 characters (TypeID) on the wire.
import { TypeID } from 'typeid-js'
import { v7, validate } from 'uuid'
import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

/** A new UUIDv7 at each call; later calls sort after earlier ones within one process. */
export type Ids = () => string

/** The wire prefixes of each noun, the one we print by default first. */
export const idPrefixes = {
  customer: ['cust', 'cus'],
  bankAccount: ['ba'],
  payout: ['po'],
  app: ['app'],
  merchant: ['mer'],
  key: ['key'],
} as const

export type IdNoun = keyof typeof idPrefixes

export function createIds(clock: Clock, random: Random): Ids {
  let lastMs = 0
  let sequence = 0
  return () => {
    const now = clock.now()
    // A clock that stands still or steps back must not put a later id before an earlier one.
    if (now > lastMs) {
      lastMs = now
      sequence = random.bytes(4).readUInt32BE(0) & 0x7fffff
    } else if (sequence === 0xffffffff) {
      lastMs += 1
      sequence = 0
    } else {
      sequence += 1
    }
    return v7({ msecs: lastMs, seq: sequence, random: random.bytes(16) })
  }
}

/** `cust_01h…`: the noun's first prefix, or the one asked for. */
export function printId(noun: IdNoun, uuid: string, prefix: string = idPrefixes[noun][0]): string {
  return TypeID.fromUUID(prefix, uuid).toString()
}

/**
 * The UUID behind any spelling of an id of this noun: a known prefix with 26 base32 characters, or
 * the plain UUID. `null` when it is neither; the caller answers as for a missing record.
 */
export function parseId(noun: IdNoun, text: string): string | null {
  if (text.length === 36) return validate(text) ? text.toLowerCase() : null
  const separator = text.lastIndexOf('_')
  const prefixes: readonly string[] = idPrefixes[noun]
  if (separator < 0 || !prefixes.includes(text.slice(0, separator))) return null
  if (!/^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text.slice(separator + 1))) return null
  return TypeID.fromString(text).toUUID()
}
