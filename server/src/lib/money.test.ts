// Owns the proof that no amount of money changes on its way in or out.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amountMinorMax, minorDigits, parseAmount, printAmount, toMinorUnits } from './money.ts'

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

test.each([
  [0, '0.00'],
  [-1, '-0.01'],
  [-10, '-0.10'],
  [-500_000, '-5000.00'],
  [-amountMinorMax, '-9999999999999.99'],
  [amountMinorMax, '9999999999999.99'],
])('%i minor units print as %s', (minor, text) => {
  expect(printAmount(minor)).toBe(text)
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

describe('the minor unit of a currency', () => {
  test.each([
    ['USD', 2],
    ['BRL', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['CLP', 0],
    ['VND', 0],
    ['IDR', 2],
    ['COP', 2],
    ['KWD', 3],
    ['BHD', 3],
    ['USDC', 6],
    ['USDT', 6],
    ['PYUSD', 6],
    ['EURC', 6],
    ['BRLA', 2],
  ])('%s has %i digits', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits)
  })

  test.each([
    ...['', 'usd', 'Usdc', 'US', 'USDX', 'ETH', ' USD', 'USD ', 'constructor', '__proto__'],
    ...['toString', 'hasOwnProperty'],
  ])('%j is a currency that nobody here knows', (currency) => {
    expect(minorDigits(currency)).toBeNull()
    expect(toMinorUnits('1', currency)).toBeNull()
  })
})

describe('a decimal of a provider, in minor units', () => {
  test.each([
    ['40.25', 'USDC', 40_250_000],
    ['0.000001', 'USDC', 1],
    ['0.1', 'USD', 10],
    ['0.29', 'USD', 29],
    ['1.15', 'USD', 115],
    ['4.35', 'USD', 435],
    ['1.005', 'KWD', 1_005],
    ['1.1', 'KWD', 1_100],
    ['1500', 'JPY', 1_500],
    ['0', 'JPY', 0],
    ['007', 'JPY', 7],
    ['-12.34', 'BRL', -1_234],
    ['1.00000000000000000000', 'USD', 100],
    ['90071992547409.91', 'USD', Number.MAX_SAFE_INTEGER],
    ['-90071992547409.91', 'USD', -Number.MAX_SAFE_INTEGER],
    ['9007199254740991', 'JPY', Number.MAX_SAFE_INTEGER],
    ['9007199254.740991', 'USDC', Number.MAX_SAFE_INTEGER],
  ])('%s %s is %i', (decimal, currency, minor) => {
    expect(toMinorUnits(decimal, currency)).toBe(minor)
  })

  test.each([
    ['1.999', 'USD', 199],
    ['-1.999', 'USD', -199],
    ['1500.9', 'JPY', 1_500],
    ['0.0000019', 'USDC', 1],
    ['1.0059', 'KWD', 1_005],
    ['90071992547409.919', 'USD', Number.MAX_SAFE_INTEGER],
  ])(
    'what is below the minor unit is cut off, never rounded up: %s %s',
    (decimal, currency, minor) => {
      expect(toMinorUnits(decimal, currency)).toBe(minor)
    },
  )

  test.each([['-0'], ['-0.00'], ['-0.001']])('%s is nothing, without a sign', (decimal) => {
    expect(toMinorUnits(decimal, 'USD')).toBe(0)
  })

  test.each([
    ['90071992547409.92', 'USD'],
    ['-90071992547409.92', 'USD'],
    ['9007199254740992', 'JPY'],
    ['9007199254.740992', 'USDC'],
    ['9'.repeat(30), 'USD'],
  ])('what a number does not hold exactly is refused: %s %s', (decimal, currency) => {
    expect(toMinorUnits(decimal, currency)).toBeNull()
  })

  test.each([
    ...['', ' ', '+1', '--1', '1.', '.5', '1e3', '0x10', '1,5', '1 000', ' 1', '1\n', 'NaN'],
    ...['Infinity', '１', '1.2.3', '1_000', '1'.repeat(31), `1.${'0'.repeat(31)}`],
  ])('%j is no plain decimal', (decimal) => {
    expect(toMinorUnits(decimal, 'USD')).toBeNull()
  })

  test('every exact amount comes through as it is, whatever the digits', () => {
    const currency = fc.constantFrom('JPY', 'USD', 'KWD', 'USDC')
    const minor = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(currency, minor, fc.boolean(), (name, value, isNegative) => {
        const digits = minorDigits(name) ?? 0
        const text = String(value).padStart(digits + 1, '0')
        const point = text.length - digits
        const whole = text.slice(0, point) + (digits > 0 ? `.${text.slice(point)}` : '')
        expect(toMinorUnits(isNegative ? `-${whole}` : whole, name)).toBe(
          isNegative ? -value : value,
        )
      }),
      { numRuns: 1_000 },
    )
  })
})
