// Owns the proof of the rules of fields that activity shares: every refusal names its field.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amountMinorMax, parseAmount, printAmount } from '../../lib/money.ts'
import { AppError } from '../errors.ts'
import {
  checkAmount,
  checkCryptoAmount,
  checkCurrency,
  checkReturnUrl,
  checkSubtotal,
  checkTokenKey,
} from './activity-rules.ts'

/** What a rule says of a value, or `null`. */
function ruleOf(act: () => unknown): string | null {
  try {
    act()
    return null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect([error.definition.code, error.param]).toEqual(['field_invalid', 'field'])
    return error.message
  }
}

describe('amounts', () => {
  test.each([
    ['0.01', 1],
    ['25', 2_500],
    ['25.5', 2_550],
    ['25.50', 2_550],
    ['9999999999999.99', amountMinorMax],
  ])('%s is %i hundredths', (text, minor) => {
    expect(checkAmount('field', text)).toBe(minor)
  })

  test.each([
    '0',
    '0.00',
    '-1',
    '+1',
    '1.005',
    '1e2',
    '01',
    '.5',
    '5.',
    '1,50',
    ' 1',
    '',
    '١',
    'NaN',
    '10000000000000',
  ])('"%s" is none', (text) => {
    expect(ruleOf(() => checkAmount('field', text))).not.toBeNull()
  })

  test('what is printed is read again, whatever the amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: amountMinorMax }), (minor) => {
        expect(printAmount(minor)).toMatch(/^\d+\.\d{2}$/)
        expect(parseAmount(printAmount(minor))).toBe(minor)
      }),
    )
  })

  test('a subtotal is the exact sum, or refused where the sum is too large to be told', () => {
    const item = fc.record({
      amountMinor: fc.integer({ min: 1, max: amountMinorMax }),
      quantity: fc.integer({ min: 1, max: 1_000_000 }),
    })
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 10 }), (items) => {
        const exact = items.reduce(
          (sum, { amountMinor, quantity }) => sum + BigInt(amountMinor) * BigInt(quantity),
          0n,
        )
        const rule = ruleOf(() => {
          expect(BigInt(checkSubtotal('field', items))).toBe(exact)
        })
        expect(rule === null).toBe(exact <= BigInt(amountMinorMax))
      }),
    )
    expect(checkSubtotal('field', [{ amountMinor: amountMinorMax, quantity: 1 }])).toBe(
      amountMinorMax,
    )
    const more = [
      { amountMinor: amountMinorMax, quantity: 1 },
      { amountMinor: 1, quantity: 1 },
    ]
    expect(ruleOf(() => checkSubtotal('field', more))).toContain('come to 10^13 or more')
  })
})

test.each(['USD', 'EUR', 'JPY', 'KWD', 'BRL'])('%s is a currency', (code) => {
  expect(checkCurrency('field', code)).toBe(code)
})

test.each(['usd', 'US', 'USDC', 'ZZZ', '', 'U$D', '123'])('"%s" is no currency', (code) => {
  expect(ruleOf(() => checkCurrency('field', code))).toContain('is not an ISO 4217 code')
})

test.each([
  ['USDC-8453', 8453],
  ['USDT-1', 1],
  ['EURC-101', 101],
  ['USDC.e-137', 137],
])('%s is a token on chain %i', (key, chainId) => {
  expect(checkTokenKey('field', key).chainId).toBe(chainId)
})

test.each([
  ['USDC', 'like USDC-8453'],
  ['USDC-', 'like USDC-8453'],
  ['-8453', 'like USDC-8453'],
  ['USDC-08453', 'like USDC-8453'],
  ['USDC-8453 ', 'like USDC-8453'],
  ['US DC-8453', 'like USDC-8453'],
  ['USDC-5', 'known: 1 Ethereum'],
  ['USDC-9999999999', 'known: 1 Ethereum'],
])('"%s" is no token', (key, rule) => {
  expect(ruleOf(() => checkTokenKey('field', key))).toContain(rule)
})

test.each(['1', '0.5', '25.000000000000000001', `${'9'.repeat(30)}.${'9'.repeat(18)}`])(
  '%s is an amount of a token, kept to the last place',
  (text) => {
    expect(checkCryptoAmount('field', text)).toBe(text)
  },
)

test.each(['0', '0.000', '1.0000000000000000001', '-1', '1e18', '01', '.5', '', '9'.repeat(31)])(
  '"%s" is no amount of a token',
  (text) => {
    expect(ruleOf(() => checkCryptoAmount('field', text))).not.toBeNull()
  },
)

describe('return URLs', () => {
  test('https everywhere, http in test mode only', () => {
    const url = 'https://shop.example.com/thanks?order=4421#top'
    expect(checkReturnUrl('field', url, 'live')).toBe(url)
    expect(checkReturnUrl('field', 'http://localhost:3000/', 'test')).toBe('http://localhost:3000/')
    const rule = ruleOf(() => checkReturnUrl('field', 'http://localhost:3000/', 'live'))
    expect(rule).toContain('does not begin with https')
  })

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.com/',
    '//example.com/',
    '/thanks',
    'https://',
    'https:example.com',
    ' https://example.com/',
    'https://exa mple.com/',
    'https://example.com/\nSet-Cookie: x',
    'https://example.com/\ud800',
    'https://ada:secret@example.com/',
    '',
    `https://example.com/${'x'.repeat(2_029)}`,
  ])('%j is none', (text) => {
    expect(ruleOf(() => checkReturnUrl('field', text, 'test'))).not.toBeNull()
  })

  test('2048 characters are the most', () => {
    const url = `https://example.com/${'x'.repeat(2_028)}`
    expect(checkReturnUrl('field', url, 'live')).toHaveLength(2_048)
  })
})
