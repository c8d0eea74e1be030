// Owns identifiers: UUIDv7 inside, a type prefix and 26 base32 characters (TypeID) on the wire.
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
  file: ['file'],
  sync: ['sync'],
  connection: ['con'],
  registration: ['reg'],
  wallet: ['wal'],
  authorization: ['auth'],
  paymentIntent: ['pi'],
  invoice: ['inv'],
  subscription: ['sub'],
  application: ['appl'],
  applicationDocument: ['doc'],
  individual: ['ind'],
  account: ['acc'],
  webhookEndpoint: ['we'],
  delivery: ['dlv'],
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
  return `${prefix}_${toBase32(uuid)}`
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
  return fromBase32(text.slice(separator + 1))
}

/** Crockford's alphabet in lower case, as TypeID 0.3 spells it. */
const base32 = '0123456789abcdefghjkmnpqrstvwxyz'
const base32Values: Readonly<Record<string, number>> = Object.fromEntries(
  [...base32].map((letter, value) => [letter, value]),
)

/*
 * 128 bits in 26 characters of 5 bits. Worked in groups of 20 bits, which are five hexadecimal
 * digits and four characters: seven groups, of which 12 bits at the top are padding. Ours and not
 * the library's: an id is read or printed several times a request, and its general code took a
 * tenth of one. The tests hold the two against each other.
 */
function toBase32(uuid: string): string {
  const hex = `000${uuid.replaceAll('-', '')}`
  let text = ''
  for (let at = 0; at < hex.length; at += 5) {
    const bits = Number.parseInt(hex.slice(at, at + 5), 16)
    text += letter(bits >>> 15) + letter(bits >>> 10) + letter(bits >>> 5) + letter(bits)
  }
  return text.slice(2)
}

function fromBase32(text: string): string {
  const padded = `00${text}`
  let hex = ''
  for (let at = 0; at < padded.length; at += 4) {
    let bits = 0
    for (let of = at; of < at + 4; of += 1)
      bits = bits * 32 + (base32Values[padded.charAt(of)] ?? 0)
    hex += bits.toString(16).padStart(5, '0')
  }
  const uuid = hex.slice(3)
  const parts = [uuid.slice(0, 8), uuid.slice(8, 12), uuid.slice(12, 16), uuid.slice(16, 20)]
  return `${parts.join('-')}-${uuid.slice(20)}`
}

function letter(bits: number): string {
  return base32.charAt(bits & 31)
}
