// Owns the proof that no amount of money changes on its way in or out.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountMinorMax, parseAmount, printAmount } from './money.ts'

const anyMinor = fc.oneof(
  fc.integer({ min: 0, max: amountMinorMax }),
  fc.integer({ min: 0, max: 1_000 }),
  fc.integer({ min: amountMinorMax - 1_000, max: amountMinorMax }),
)

test.each([
  ['5000.00', 500_000],
  ['5000', 500_000],
  ['0.01', 1],
  ['0.1', 10],
  ['0', 0],
  ['0.00', 0],
  ['1.10', 110],
  ['0.29', 29],
  ['1.15', 115],
  ['4.35', 435],
  ['9999999999999.99', amountMinorMax],
])('%s is %i minor units', (text, minor) => {
  expect(parseAmount(text)).toBe(minor)
})

test.each([
  '',
  ' ',
  '1e3',
  '1E3',
  '-1',
  '+1',
  '-0',
  '0.001',
  '1.',
  '.5',
  '01',
  '00',
  '1,5',
  '1 000',
  ' 1',
  '1 ',
  '1\n',
  '0x10',
  'NaN',
  'Infinity',
  '１',
  '1.2.3',
  '1_000',
  '10000000000000',
  '99999999999999999999',
  'abc',
])('%j is not an amount', (text) => {
  expect(parseAmount(text)).toBeNull()
})

test('what is printed parses to the same amount', () => {
  fc.assert(
    fc.property(anyMinor, (minor) => {
      expect(parseAmount(printAmount(minor))).toBe(minor)
    }),
    { numRuns: 1_000 },
  )
})

test('what is parsed prints with two places and the same value', () => {
  const whole = fc.bigInt({ min: 0n, max: 9_999_999_999_999n })
  const cents = fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,2}$/))
  fc.assert(
    fc.property(whole, cents, (units, rest) => {
      const minor = parseAmount(`${units}${rest}`)
      expect(minor).not.toBeNull()
      expect(printAmount(Number(minor))).toBe(`${units}.${rest.slice(1).padEnd(2, '0')}`)
    }),
    { numRuns: 1_000 },
  )
})

test('no text at all makes it throw, and what it accepts is a whole number in its bounds', () => {
  const nearly = fc.stringMatching(/^[-+0-9.,eE ]{0,20}$/)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (text) => {
      const minor = parseAmount(text)
      if (minor === null) return
      expect(Number.isSafeInteger(minor)).toBe(true)
      expect(minor).toBeGreaterThanOrEqual(0)
      expect(minor).toBeLessThanOrEqual(amountMinorMax)
    }),
    { numRuns: 1_000 },
  )
})
