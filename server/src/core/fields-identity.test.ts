// Owns the tables of what identifying fields accept: phone, date of birth, documents, CUIT.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldRefusal } from '../../../test/refused.ts'
import { AppError } from './errors.ts'
import { checkCuit, checkDateOfBirth, checkDocument, checkPhone } from './fields.ts'

const now = Date.UTC(2026, 1, 25, 12)

describe('phone', () => {
  test.each([
    ['+5491123456789', '+5491123456789'],
    ['+54 9 11 2345-6789', '+5491123456789'],
    ['+1 (415) 555-2671', '+14155552671'],
    ['+44.20.7946.0958', '+442079460958'],
    ['+5511961231234', '+5511961231234'],
  ])('%j is kept as %s', (phone, e164) => {
    expect(checkPhone('phone', phone)).toBe(e164)
  })

  test.each([
    '',
    '5491123456789',
    '011 2345-6789',
    '+',
    '+1',
    '+999123456789',
    // Australia's trunk prefix, three times: reading it again would take off the next one.
    '+610000000',
    `+1${'2'.repeat(20)}`,
    `+${'5'.repeat(100_000)}`,
    'call +5491123456789',
    '+5491123456789 ext. 5',
    '+5491123456789;ext=5',
    'tel:+5491123456789',
    '+1-800-FLOWERS',
    '+5491123456789\u0000',
    '+5491123456789\n',
    '+٥٤٩١١٢٣٤٥٦٧٨٩',
    '\ud800',
  ])('%j is refused', async (phone) => {
    expect(await fieldRefusal(() => checkPhone('phone', phone))).toBe(
      'phone: is not a phone number in E.164 like +5491123456789',
    )
  })

  test('a kept number is kept again as it is', () => {
    const digits = fc.stringMatching(/^\+[1-9][0-9]{6,14}$/)
    fc.assert(
      fc.property(digits, (phone) => {
        let kept: string
        try {
          kept = checkPhone('phone', phone)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          return
        }
        expect(kept).toMatch(/^\+[1-9]\d{1,14}$/)
        expect(checkPhone('phone', kept)).toBe(kept)
      }),
      { numRuns: 500 },
    )
  })
})

describe('date of birth', () => {
  test.each(['1990-12-31', '2024-02-29', '2000-02-29', '1900-01-01', '2026-02-24', '2026-02-25'])(
    '%s passes',
    (date) => {
      expect(checkDateOfBirth('dateOfBirth', date, now)).toBe(date)
    },
  )

  test.each([
    '2023-02-29',
    '1900-02-29',
    '2023-04-31',
    '2023-00-10',
    '2023-13-01',
    '2023-01-00',
    '2023-01-32',
    '',
    '31-12-1990',
    '1990/12/31',
    '1990-1-1',
    '1990-12-31T00:00:00Z',
    ' 1990-12-31',
    '1990-12-31\n',
    '+001990-12-31',
    '１９９０-12-31',
    'yesterday',
  ])('%j is no date', async (date) => {
    expect(await fieldRefusal(() => checkDateOfBirth('dateOfBirth', date, now))).toBe(
      'dateOfBirth: is not a date like 1990-12-31',
    )
  })

  test.each(['2026-02-26', '9999-12-31'])('%s lies ahead', async (date) => {
    expect(await fieldRefusal(() => checkDateOfBirth('dateOfBirth', date, now))).toBe(
      'dateOfBirth: lies in the future',
    )
  })

  test('a day passes exactly when the calendar has it', () => {
    const parts = fc.record({
      year: fc.integer({ min: 1900, max: 2025 }),
      month: fc.integer({ min: 0, max: 13 }),
      day: fc.integer({ min: 0, max: 32 }),
    })
    fc.assert(
      fc.property(parts, ({ year, month, day }) => {
        const pad = (value: number) => String(value).padStart(2, '0')
        const date = `${year}-${pad(month)}-${pad(day)}`
        // Day 0 of the next month is the last of this one.
        const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
        const isReal = month >= 1 && month <= 12 && day >= 1 && day <= lastDay
        const check = () => checkDateOfBirth('dateOfBirth', date, now)
        if (isReal) expect(check()).toBe(date)
        else expect(check).toThrow(AppError)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('document', () => {
  const documentOf = (country: string | null, type: string, number: string) => ({
    country,
    type,
    number,
  })

  test.each([
    ['BR', 'cpf', '529.982.247-25'],
    ['BR', 'cpf', '52998224725'],
    ['BR', 'cpf', '00000000191'],
    ['BR', 'cnpj', '11.222.333/0001-81'],
    ['BR', 'cnpj', '11222333000181'],
    ['BR', 'cnpj', '12.ABC.345/01DE-35'],
    ['BR', 'cnpj', '12ABC34501DE35'],
    ['AR', 'cuit', '20-22137007-5'],
    ['AR', 'cuit', '20221370075'],
    ['US', 'passport', 'X1234567'],
    [null, 'passport', 'X1234567'],
    // Without a country no scheme is named.
    [null, 'cpf', '12345678901'],
  ])('%s %s %s passes unchanged', (country, type, number) => {
    const document = documentOf(country, type, number)
    expect(checkDocument('document', document)).toEqual(documentOf(country, type, number))
  })

  test.each([
    ['BR', 'cpf', '529.982.247-26'],
    ['BR', 'cpf', '5299822472'],
    ['BR', 'cpf', '5299822472A'],
    ['BR', 'cnpj', '11.222.333/0001-82'],
    ['BR', 'cnpj', '12.ABC.345/01DE-36'],
    ['BR', 'cnpj', '12.ABC.345/01DE-3A'],
    ['BR', 'cnpj', '12.ABD.345/01DE-35'],
    ['AR', 'cuit', '20-22137007-6'],
    ['AR', 'cuit', '2022137007'],
  ])('%s %s %s is refused', async (country, type, number) => {
    const said = await fieldRefusal(() =>
      checkDocument('document', documentOf(country, type, number)),
    )
    expect(said).toBe(`document.number: is not a valid ${type.toUpperCase()} of ${country}`)
  })

  test.each([
    [
      documentOf('XX', 'passport', '1'),
      'document.country: is not an ISO 3166-1 alpha-2 code such as AR',
    ],
    [documentOf('AR', '', '1'), 'document.type: is blank'],
    [documentOf('AR', 'passport', ' '), 'document.number: is blank'],
    [documentOf('AR', 'passport', 'x'.repeat(51)), 'document.number: is longer than 50 characters'],
    [documentOf('AR', 'passport', 'a\tb'), 'document.number: holds a control character'],
  ])('%j is refused', async (document, said) => {
    expect(await fieldRefusal(() => checkDocument('document', document))).toBe(said)
  })
})

describe('CUIT', () => {
  const weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
  const digitOf = (ten: string) => {
    const sum = weights.reduce((total, weight, at) => total + weight * Number(ten[at]), 0)
    return (11 - (sum % 11)) % 11
  }

  test.each(['20221370075', '27000000006', '30500010912'])('%s passes', (cuit) => {
    expect(checkCuit('metadata.cuit', cuit)).toBe(cuit)
  })

  test.each([
    '',
    '2022137007',
    '202213700755',
    '20-22137007-5',
    ' 20221370075',
    '２０２２１３７００７５',
    '2022137007x',
  ])('%j is no CUIT of 11 digits', async (cuit) => {
    expect(await fieldRefusal(() => checkCuit('metadata.cuit', cuit))).toBe(
      'metadata.cuit: is not a CUIT of 11 digits',
    )
  })

  test('of the ten last digits exactly the one by the weights passes, none where it would be 10', () => {
    const prefix = fc.constantFrom('20', '23', '24', '27', '30', '33', '34')
    fc.assert(
      fc.property(prefix, fc.stringMatching(/^[0-9]{8}$/), (kind, body) => {
        const ten = kind + body
        const passing = Array.from({ length: 10 }, (_, digit) => digit).filter((digit) => {
          try {
            return checkCuit('cuit', `${ten}${digit}`) !== ''
          } catch {
            return false
          }
        })
        expect(passing).toEqual(digitOf(ten) === 10 ? [] : [digitOf(ten)])
      }),
      { numRuns: 500 },
    )
  })
})
