// Owns the proof of the account number check, number by number.
import fc from 'fast-check'
import { stdnum } from 'stdnum'
import { describe, expect, test } from 'vitest'
import { present } from '../../lib/assert.ts'
import { AppError } from '../errors.ts'
import { findPaymentRail, findRailByCurrency } from './payment-rails.ts'

const rail = findRailByCurrency('ARS')

/** Why the number is refused, or `null`. */
function refusalOf(accountNumber: string): string | null {
  try {
    rail.checkAccountNumber('accountNumber', accountNumber)
    return null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect([error.definition.code, error.param]).toEqual(['field_invalid', 'accountNumber'])
    return error.message
  }
}

/** The check digit of a block, worked out from its right end, not as the code under test does. */
function checkDigit(digits: string): number {
  let sum = 0
  for (const [at, digit] of [...digits].reverse().entries()) {
    sum += Number(digit) * ([3, 1, 7, 9][at % 4] ?? 0)
  }
  return (10 - (sum % 10)) % 10
}

/** An expectation that must hold for every value. */
function always<T>(values: fc.Arbitrary<T>, expectation: (value: T) => void): void {
  // In a block: fast-check would take what an expectation answers as its verdict.
  fc.assert(
    fc.property(values, (value) => {
      expectation(value)
    }),
  )
}

const digit = fc.integer({ min: 0, max: 9 })
const digitsOf = (length: number) =>
  fc.array(digit, { minLength: length, maxLength: length }).map((digits) => digits.join(''))

const withCheckDigits = ([bank, account]: [string, string]) =>
  `${bank}${checkDigit(bank)}${account}${checkDigit(account)}`

const rightNumber = fc.tuple(digitsOf(7), digitsOf(13)).map(withCheckDigits)
const rightVirtualNumber = fc
  .tuple(digitsOf(4), digitsOf(13))
  .map(([rest, account]) => withCheckDigits([`000${rest}`, account]))

/** The text with another digit at this place. */
function changeDigit(text: string, at: number, by: number): string {
  return text.slice(0, at) + ((Number(text[at]) + by) % 10) + text.slice(at + 1)
}

const stdnumAccepts = (text: string) =>
  present(stdnum['AR']?.['cbu'], 'stdnum knows the CBU').validate(text).isValid

describe('the CBU and CVU check', () => {
  test.each([
    '0070327530004025541644',
    '2850590940090418135201',
    '0110123845678901234564',
    '0000042000000009876545',
    '0000000000000000000000',
  ])('%s is accepted', (number) => {
    expect(refusalOf(number)).toBeNull()
  })

  test.each([
    ['0000003100012345678901', 'second block'],
    ['0070327630004025541644', 'first block'],
    ['0070327530004025541645', 'second block'],
    ['0070327630004025541645', 'first block'],
  ])('%s is refused by its %s', (number, block) => {
    expect(refusalOf(number)).toContain(block)
  })

  test('every number with right check digits is accepted, whatever its bank', () => {
    always(rightNumber, (number) => expect(refusalOf(number)).toBeNull())
  })

  test('every CVU with right check digits is accepted', () => {
    always(rightVirtualNumber, (number) => expect(refusalOf(number)).toBeNull())
  })

  test('one other digit anywhere is refused, by the block that it stands in', () => {
    const place = fc.integer({ min: 0, max: 21 })
    const by = fc.integer({ min: 1, max: 9 })
    fc.assert(
      fc.property(rightNumber, place, by, (number, at, step) => {
        const block = at < 8 ? 'first block' : 'second block'
        expect(refusalOf(changeDigit(number, at, step))).toContain(block)
      }),
    )
  })

  test('text of another length, or with anything but ASCII digits, is refused as a whole', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }).filter((any) => !/^[0-9]{22}$/.test(any)),
      fc
        .integer({ min: 0, max: 40 })
        .filter((length) => length !== 22)
        .chain(digitsOf),
      rightNumber.map((number) => `${number}\n`),
      rightNumber.map((number) => number.replace(/\d$/, '٣')),
    )
    always(text, (any) => expect(refusalOf(any)).toContain('22 digits'))
  })

  test('a refusal never holds the number', () => {
    always(digitsOf(22), (number) => expect(refusalOf(number) ?? '').not.toContain(number))
  })
})

describe('against stdnum', () => {
  const hasCheckDigitOfZero = (number: string) => number[7] === '0' || number[21] === '0'

  test('the two agree on every number without a check digit of 0', () => {
    const oneWrong = fc
      .tuple(rightNumber, fc.integer({ min: 0, max: 21 }), fc.integer({ min: 1, max: 9 }))
      .map(([number, at, by]) => changeDigit(number, at, by))
    const any = fc.oneof(rightNumber, oneWrong).filter((number) => !hasCheckDigitOfZero(number))
    always(any, (number) => expect(stdnumAccepts(number)).toBe(refusalOf(number) === null))
  })

  test('stdnum refuses right numbers with a check digit of 0: use it once it does not', () => {
    // 10 − 0 is 10 to stdnum, which no digit equals; the standard takes it modulo 10.
    const zeroInFirst = fc.tuple(
      digitsOf(7).filter((bank) => checkDigit(bank) === 0),
      digitsOf(13),
    )
    const zeroInSecond = fc.tuple(
      digitsOf(7),
      digitsOf(13).filter((account) => checkDigit(account) === 0),
    )
    always(fc.oneof(zeroInFirst, zeroInSecond).map(withCheckDigits), (number) => {
      expect(refusalOf(number)).toBeNull()
      expect(stdnumAccepts(number)).toBe(false)
    })
  })
})

describe('the rail', () => {
  const argentine = { country: 'AR', currency: 'ARS', rail: 'OTHER' }

  test('of Argentina is found by its three names', () => {
    expect(findPaymentRail(argentine)).toMatchObject(argentine)
    expect(findRailByCurrency('ARS')).toBe(findPaymentRail(argentine))
  })

  test.each([
    ['country', { country: 'BR', currency: 'BRL', rail: 'PIX' }, 'AR'],
    ['currency', { ...argentine, currency: 'USD', rail: 'SWIFT' }, 'ARS'],
    ['rail', { ...argentine, rail: 'other' }, 'OTHER'],
  ])('is refused by the first name that has none, %s, with those that have', (...row) => {
    const [param, wanted, supported] = row
    const message = expect.stringContaining(`supported: ${supported}`)
    expect(() => findPaymentRail(wanted)).toThrow(expect.objectContaining({ param, message }))
  })

  test('is refused by its currency where only that is known', () => {
    expect(() => findRailByCurrency('USD')).toThrow(expect.objectContaining({ param: 'currency' }))
  })
})
