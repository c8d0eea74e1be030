// Owns the proof that base58 is read as its specification says.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase58 } from './base58.ts'

// The vectors of the IETF draft "The Base58 Encoding Scheme".
test.each([
  ['2NEpo7TZRRrLZSi2U', Buffer.from('Hello World!')],
  [
    'USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z',
    Buffer.from('The quick brown fox jumps over the lazy dog.'),
  ],
  ['11233QC4', Buffer.from('0000287fb4cd', 'hex')],
  ['1', Buffer.from([0])],
  ['11111111111111111111111111111111', Buffer.alloc(32)],
])('%s is read', (text, bytes) => {
  expect(decodeBase58(text)).toEqual(bytes)
})

test.each(['', '0', 'O', 'I', 'l', 'a b', 'ä', '🙂', '+', `${'2'.repeat(128)}2`])(
  'what is not base58, as "%s", is nothing',
  (text) => {
    expect(decodeBase58(text)).toBeNull()
  },
)

test('every run of bytes comes back from its base58', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80, minLength: 1 }), (bytes) => {
      expect(decodeBase58(encode(bytes))).toEqual(Buffer.from(bytes))
    }),
  )
})

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** By long division of the digits, as the draft describes it. */
function encode(bytes: Uint8Array): string {
  const digits: number[] = []
  for (const byte of bytes) {
    let carry = byte
    for (const [at, digit] of digits.entries()) {
      carry += digit * 256
      digits[at] = carry % 58
      carry = Math.floor(carry / 58)
    }
    for (; carry > 0; carry = Math.floor(carry / 58)) digits.push(carry % 58)
  }
  const zeros = bytes.findIndex((byte) => byte !== 0)
  const front = '1'.repeat(zeros < 0 ? bytes.length : zeros)
  return (
    front +
    digits
      .reverse()
      .map((digit) => alphabet.charAt(digit))
      .join('')
  )
}
