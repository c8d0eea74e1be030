// Owns the form of an API key's secret: prefix, 256 random bits, checksum.
import { crc32 } from 'node:zlib'
import type { Random } from '../../lib/random.ts'
import type { Mode } from '../context.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 43 base62 characters hold 256 bits. */
const randomLength = 43
const checksumLength = 6

/** The spellings of other products' clients for the same random part. */
const prefixes: Record<string, Mode> = {
  sk_test_: 'test',
  sk_live_: 'live',
  di_test_: 'test',
  di_live_: 'live',
  nr_test_sk_: 'test',
  nr_live_sk_: 'live',
}

export function createSecret(mode: Mode, random: Random): string {
  const part = base62(BigInt(`0x${random.bytes(32).toString('hex')}`), randomLength)
  return `sk_${mode}_${part}${checksum(part)}`
}

/**
 * The secret in our own spelling, or `null` when it cannot be one of ours. The checksum refuses a
 * look-alike before anything is looked up.
 */
export function readSecret(text: string): string | null {
  const match = /^((?:sk|di)_(?:test|live)_|nr_(?:test|live)_sk_)([0-9A-Za-z]{49})$/.exec(text)
  const mode = prefixes[match?.[1] ?? '']
  const body = match?.[2]
  if (mode === undefined || body === undefined) return null
  const part = body.slice(0, randomLength)
  return checksum(part) === body.slice(randomLength) ? `sk_${mode}_${body}` : null
}

function checksum(part: string): string {
  return base62(BigInt(crc32(part)), checksumLength)
}

function base62(value: bigint, length: number): string {
  let rest = value
  let text = ''
  for (let position = 0; position < length; position += 1) {
    text = alphabet.charAt(Number(rest % 62n)) + text
    rest /= 62n
  }
  return text
}
