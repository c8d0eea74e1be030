// Owns the tests of the form of an API key's secret.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../../../test/runs.ts'
import { systemRandom } from '../../lib/random.ts'
import { createSecret, readSecret } from './secret.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const numRuns = runs({ few: 2_000, full: 200_000 })

const anyMode = fc.constantFrom('test' as const, 'live' as const)
const anyBytes = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** A secret of these 32 bytes. */
const secretOf = (mode: 'test' | 'live', bytes: Uint8Array) =>
  createSecret(mode, { ...systemRandom, bytes: () => Buffer.from(bytes) })

test('a secret of known bytes has a known form', () => {
  const zeros = '0'.repeat(43)
  expect(secretOf('test', new Uint8Array(32))).toMatch(
    new RegExp(`^sk_test_${zeros}[0-9A-Za-z]{6}$`),
  )
  const one = new Uint8Array(32)
  one[31] = 61
  expect(secretOf('live', one)).toMatch(/^sk_live_0{42}z[0-9A-Za-z]{6}$/)
})

test('every secret is read back as it was made, and different bytes make different secrets', () => {
  fc.assert(
    fc.property(anyMode, anyBytes, anyBytes, (mode, left, right) => {
      const secret = secretOf(mode, left)
      expect(readSecret(secret)).toBe(secret)
      expect(secret).toHaveLength(57)
      const isSame = Buffer.from(left).equals(Buffer.from(right))
      expect(secretOf(mode, right) === secret).toBe(isSame)
    }),
    { numRuns },
  )
})

test('a secret with one other character is refused by its checksum', () => {
  fc.assert(
    fc.property(
      anyMode,
      anyBytes,
      fc.integer({ min: 8, max: 56 }),
      fc.constantFrom(...alphabet),
      (mode, bytes, position, character) => {
        const secret = secretOf(mode, bytes)
        fc.pre(secret[position] !== character)
        const changed = secret.slice(0, position) + character + secret.slice(position + 1)
        expect(readSecret(changed)).toBeNull()
      },
    ),
    { numRuns },
  )
})

test('two exchanged neighbours are refused by the checksum', () => {
  fc.assert(
    fc.property(anyBytes, fc.integer({ min: 8, max: 55 }), (bytes, position) => {
      const secret = secretOf('test', bytes)
      const [left = '', right = ''] = secret.slice(position, position + 2)
      fc.pre(left !== right)
      const changed = secret.slice(0, position) + right + left + secret.slice(position + 2)
      expect(readSecret(changed)).toBeNull()
    }),
    { numRuns },
  )
})

test('look-alikes of the right form are refused without asking the database', () => {
  const lookAlike = fc
    .array(fc.constantFrom(...alphabet), { minLength: 49, maxLength: 49 })
    .map((characters) => `sk_test_${characters.join('')}`)
  // Six characters hold 62^6 values, one of which is right: 1 in 5.7 * 10^10 would pass.
  fc.assert(
    fc.property(lookAlike, (text) => {
      expect(readSecret(text)).toBeNull()
    }),
    { numRuns },
  )
})

test('the spellings of other clients name the same secret', () => {
  const secret = secretOf('live', systemRandom.bytes(32))
  const body = secret.slice('sk_live_'.length)
  for (const prefix of ['sk_live_', 'di_live_', 'nr_live_sk_']) {
    expect(readSecret(prefix + body)).toBe(secret)
  }
  expect(readSecret(`sk_test_${body}`)).toBe(`sk_test_${body}`)
})

test.each(['', 'sk_other_', 'SK_TEST_', 'sk_test_ ', 'nr_test_', 'sk_test_\n'])(
  'text with the start %j is no secret',
  (start) => {
    const body = secretOf('test', systemRandom.bytes(32)).slice('sk_test_'.length)
    expect(readSecret(start + body)).toBeNull()
  },
)

test.each(['\n', '0', ' '])('a secret with %j after it is no secret', (end) => {
  expect(readSecret(secretOf('test', systemRandom.bytes(32)) + end)).toBeNull()
})
