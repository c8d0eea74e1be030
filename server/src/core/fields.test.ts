// Owns the tables of what text fields accept, refuse, and say when they refuse.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldRefusal } from '../../../test/refused.ts'
import {
  checkCountry,
  checkCuit,
  checkDateOfBirth,
  checkDocument,
  checkEmail,
  checkMetadata,
  checkPhone,
  checkText,
  type Metadata,
  normalizeEmail,
} from './fields.ts'

const now = Date.UTC(2026, 1, 25, 12)

describe('text', () => {
  test.each([
    'Gerardo Ratto',
    'Ñandú S.R.L.',
    '李小龍',
    'علي',
    '👩‍👩‍👧',
    ' padded ',
    'e\u0301',
    'x'.repeat(20),
    '😀'.repeat(20),
  ])('%j passes unchanged', (text) => {
    expect(checkText('name', text, 20)).toBe(text)
  })

  test.each([
    ['', 'is blank'],
    ['   ', 'is blank'],
    ['\u00a0\u2003\ufeff', 'is blank'],
    ['\t', 'is blank'],
    ['a\u0000b', 'holds a control character'],
    ['a\nb', 'holds a control character'],
    ['a\u007fb', 'holds a control character'],
    ['a\u0085b', 'holds a control character'],
    ['a\u001b[31m', 'holds a control character'],
    ['a\ud800', 'holds half of a surrogate pair'],
    ['\udc00a', 'holds half of a surrogate pair'],
    ['x'.repeat(21), 'is longer than 20 characters'],
    ['😀'.repeat(21), 'is longer than 20 characters'],
  ])('%j is refused', async (text, rule) => {
    expect(await fieldRefusal(() => checkText('name', text, 20))).toBe(`name: ${rule}`)
  })

  test('a text of ten million characters is refused by its length, quickly', async () => {
    const started = performance.now()
    const said = await fieldRefusal(() => checkText('name', 'x'.repeat(10_000_000), 200))
    expect(said).toBe('name: is longer than 200 characters')
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  test('whatever passes is well formed, not blank, within its length, without control', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        try {
          checkText('name', text, 20)
        } catch {
          return
        }
        expect(text.isWellFormed()).toBe(true)
        expect(text.trim()).not.toBe('')
        expect([...text].length).toBeLessThanOrEqual(20)
        expect(/\p{Cc}/u.test(text)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('e-mail', () => {
  test.each([
    'gerardo@example.com',
    'a@b.co',
    'first.last+tag@sub.example.org',
    "o'brien@example.ie",
    'señor@correo.ar',
    'user@münchen.de',
    `${'x'.repeat(242)}@example.com`,
  ])('%j passes unchanged', (email) => {
    expect(checkEmail('email', email)).toBe(email)
  })

  test.each([
    'plain',
    '@example.com',
    'a@',
    'a@b',
    'a@b.',
    'a@.com',
    'a@b..com',
    'a@@b.com',
    'a@b@c.com',
    'a b@c.com',
    'a@b c.com',
    ' a@b.com',
    'a@b.com ',
  ])('%j is refused', async (email) => {
    expect(await fieldRefusal(() => checkEmail('email', email))).toBe(
      'email: is not an e-mail address like name@example.com',
    )
  })

  test.each([
    ['', 'is blank'],
    ['a@b.com\n', 'holds a control character'],
    ['a\u0000@b.com', 'holds a control character'],
    [`${'x'.repeat(244)}@example.com`, 'is longer than 255 characters'],
  ])('%j is refused as text', async (email, rule) => {
    expect(await fieldRefusal(() => checkEmail('email', email))).toBe(`email: ${rule}`)
  })

  test.each([
    ['Gerardo@Example.COM', 'gerardo@example.com'],
    ['jose\u0301@example.com', 'jos\u00e9@example.com'],
  ])('the normal form of %j', (email, normal) => {
    expect(normalizeEmail(email)).toBe(normal)
  })
})

describe('country', () => {
  test.each(['AR', 'BR', 'US', 'GB', 'DE', 'JP', 'ZA'])('%s passes', (code) => {
    expect(checkCountry('country', code)).toBe(code)
  })

  test.each(['', 'ar', 'Ar', 'XX', 'UK', 'EU', 'ARG', 'A', ' AR', '54', 'ZZ'])(
    '%j is refused',
    async (code) => {
      expect(await fieldRefusal(() => checkCountry('country', code))).toBe(
        'country: is not an ISO 3166-1 alpha-2 code such as AR',
      )
    },
  )
})

describe('metadata', () => {
  const keys = (count: number): Metadata =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`key${at}`, 'v']))

  test.each<[string, Metadata]>([
    ['nothing', {}],
    ['fifty keys', keys(50)],
    ['a key of 100 characters', { ['k'.repeat(100)]: 'v' }],
    ['a value of 500 characters', { note: 'v'.repeat(500) }],
    ['an empty value', { note: '' }],
    ['a key that every object has', { constructor: 'v', toString: 'v' }],
    ['values that are no text', { count: 1, isGood: true, none: null, list: [1], inner: { a: 1 } }],
  ])('%s passes unchanged', (_what, metadata) => {
    expect(checkMetadata('metadata', metadata)).toEqual(metadata)
  })

  test.each<[string, Metadata, string]>([
    ['51 keys', keys(51), 'metadata: has more than 50 keys'],
    [
      'a key too long',
      { ['k'.repeat(101)]: 'v' },
      'metadata: has a key longer than 100 characters',
    ],
    ['a value too long', { note: 'v'.repeat(501) }, 'metadata.note: is longer than 500 characters'],
    [
      'a blank key',
      { a: 'v', ' ': 'v' },
      'metadata: has a key (number 2) that is blank or not plain text',
    ],
    ['an empty key', { '': 'v' }, 'metadata: has a key (number 1) that is blank or not plain text'],
    [
      'a control character in a key',
      { 'a\u0000': 'v' },
      'metadata: has a key (number 1) that is blank or not plain text',
    ],
    [
      'half a pair in a key',
      { '\ud800': 'v' },
      'metadata: has a key (number 1) that is blank or not plain text',
    ],
    ['a control character in a value', { a: 'x\u0000' }, 'metadata.a: holds a control character'],
    ['half a pair in a value', { a: '\ud800' }, 'metadata.a: holds half of a surrogate pair'],
  ])('%s is refused', async (_what, metadata, said) => {
    expect(await fieldRefusal(() => checkMetadata('metadata', metadata))).toBe(said)
  })
})

test('a refusal never repeats the value', async () => {
  const secret = '4242SECRET4242'
  const checks = [
    () => checkEmail('email', secret),
    () => checkPhone('phone', secret),
    () => checkCountry('country', secret),
    () => checkDateOfBirth('dateOfBirth', secret, now),
    () => checkCuit('cuit', secret),
    () => checkDocument('document', { country: 'BR', type: 'cpf', number: secret }),
    () => checkText('name', `${secret}\u0000`, 200),
    () => checkMetadata('metadata', { a: `${secret}\u0000` }),
  ]
  for (const check of checks) expect(await fieldRefusal(check)).not.toContain(secret)
})
