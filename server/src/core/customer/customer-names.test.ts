// Owns the proof of the name and phone rules: parts and whole, whichever a surface sets.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Customer } from './customer.ts'
import {
  applyChanges,
  type CustomerChanges,
  checkNewCustomer,
  type NewCustomer,
  namePartsOf,
} from './customer-rules.ts'

const now = Date.parse('2026-11-21T00:00:00Z')
const word = fc.stringMatching(/^[A-Za-z]{1,12}$/)

function customerOf(input: NewCustomer): Customer {
  const standing = {
    onboardingStatus: 'NOT_STARTED',
    isSynced: false,
    syncedAt: null,
    bankingStatus: null,
  } as const
  const rest = { id: 'id', defaultBankAccountId: null, lastPayoutAt: null, version: 1, roles: [] }
  const times = { createdAt: now, updatedAt: now }
  return { ...checkNewCustomer(input, now), ...standing, ...rest, ...times }
}

const person = (more: Partial<NewCustomer>) => customerOf({ kind: 'individual', ...more })
const business = (more: Partial<NewCustomer>) => customerOf({ kind: 'business', ...more })
const after = (customer: Customer, changes: CustomerChanges) => {
  return { ...customer, ...applyChanges(customer, changes, now) }
}

describe('names', () => {
  test('of a person are joined from the parts, and of a business are the company first', () => {
    fc.assert(
      fc.property(word, word, word, (givenName, familyName, companyName) => {
        const parts = { givenName, familyName, companyName }
        expect(person(parts).name).toBe(`${givenName} ${familyName}`)
        expect(business(parts).name).toBe(companyName)
        expect(business({ givenName, familyName }).name).toBe(`${givenName} ${familyName}`)
        expect(person({ companyName }).name).toBe(companyName)
      }),
    )
  })

  test('in full are never split: they stand as the given name, or as the company', () => {
    const parts = { givenName: null, familyName: null, companyName: null }
    expect(namePartsOf(person({ name: 'Ana Paz' }))).toEqual({ ...parts, givenName: 'Ana Paz' })
    expect(namePartsOf(business({ name: 'Sur SRL' }))).toEqual({ ...parts, companyName: 'Sur SRL' })
  })

  test('a part that is set leaves the others as they are shown', () => {
    const known = person({ name: 'Maria Silva' })
    expect(after(known, { familyName: 'Santos' })).toMatchObject({
      name: 'Maria Silva Santos',
      givenName: 'Maria Silva',
      familyName: 'Santos',
    })
    const inParts = person({ givenName: 'Ana', familyName: 'Paz' })
    expect(applyChanges(inParts, { givenName: 'Eva' }, now)).toEqual({
      givenName: 'Eva',
      name: 'Eva Paz',
    })
  })

  test('setting what is shown changes nothing', () => {
    for (const known of [person({ name: 'Ana Paz' }), business({ name: 'Sur SRL' })]) {
      expect(applyChanges(known, namePartsOf(known), now)).toEqual({})
    }
  })

  test('another name clears the parts, and the same one keeps them', () => {
    const known = person({ givenName: 'Ana', familyName: 'Paz' })
    expect(applyChanges(known, { name: 'Ana Paz' }, now)).toEqual({})
    expect(after(known, { name: 'A. Paz' })).toMatchObject({
      name: 'A. Paz',
      givenName: null,
      familyName: null,
    })
  })

  test('may be cleared: a payer may be known by nothing but a wallet', () => {
    const parts = { givenName: null, familyName: null }
    const known = person({ givenName: 'Ana', familyName: 'Paz' })
    expect(after(known, parts)).toMatchObject({ ...parts, name: null })
  })

  test('joined from the longest parts are no longer than the two and a space', () => {
    const part = 'x'.repeat(255)
    expect(person({ givenName: part, familyName: part }).name).toHaveLength(511)
    expect(() => person({ name: 'x'.repeat(256) })).toThrow('name: is longer than 255')
  })
})

describe('a phone', () => {
  const parts = { countryCode: '1', areaCode: '415', number: '555-1234' }

  test('in parts has the form of E.164 beside it', () => {
    expect(person({ name: 'Ana', phoneParts: parts })).toMatchObject({
      phone: '+14155551234',
      phoneParts: parts,
    })
  })

  test('of which a part is missing has no other form yet', () => {
    const some = { countryCode: null, areaCode: '11', number: '55501234' }
    expect(person({ name: 'Ana', phoneParts: some })).toMatchObject({
      phone: null,
      phoneParts: some,
    })
  })

  test('in one piece that differs clears the parts', () => {
    const known = person({ name: 'Ana', phoneParts: parts })
    expect(applyChanges(known, { phone: '+14155551234' }, now)).toEqual({})
    expect(after(known, { phone: '+5491123456789' })).toMatchObject({
      phone: '+5491123456789',
      phoneParts: null,
    })
  })

  test.each([
    [{ ...parts, countryCode: 'x' }, 'phoneParts.countryCode'],
    [{ ...parts, areaCode: '4 1' }, 'phoneParts.areaCode'],
    [{ ...parts, number: '1' }, 'phoneParts.number'],
    [{ ...parts, number: '12' }, 'phoneParts.number'],
  ])('%j is refused by its part', (phoneParts, param) => {
    expect(() => person({ name: 'Ana', phoneParts })).toThrow(`${param}: `)
  })
})

describe('a country in words', () => {
  test.each([
    ['US', 'US', null],
    ['us', 'US', 'us'],
    ['USA', 'US', 'USA'],
    ['United States', 'US', 'United States'],
    ['brazil', 'BR', 'brazil'],
    ['Narnia', null, 'Narnia'],
  ])('"%s" sets the code %s and is kept as %s', (text, country, countryText) => {
    expect(person({ countryText: text })).toMatchObject({ country, countryText })
    const known = person({ country: 'AR' })
    expect(after(known, { countryText: text })).toMatchObject({ country, countryText })
  })

  test('gives way to another code, and stays with the same one', () => {
    const known = person({ countryText: 'USA' })
    expect(after(known, { country: 'US' })).toMatchObject({ country: 'US', countryText: 'USA' })
    expect(after(known, { country: 'AR' })).toMatchObject({ country: 'AR', countryText: null })
    expect(after(known, { countryText: null })).toMatchObject({ country: null, countryText: null })
  })

  test('longer than 255 characters is refused by name', () => {
    expect(() => person({ countryText: 'x'.repeat(256) })).toThrow('country: is longer than 255')
  })
})
