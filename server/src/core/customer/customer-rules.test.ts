// Owns the proof of the record's field rules: names, changes, normal forms.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusedParam } from '../../../../test/refused.ts'
import type { Customer } from './customer.ts'
import {
  applyChanges,
  type CustomerChanges,
  type CustomerFields,
  checkNewCustomer,
  type NewCustomer,
  normalForms,
  normalizeLookup,
  profileOf,
} from './customer-rules.ts'

const now = Date.UTC(2026, 1, 25, 12)
const word = fc.stringMatching(/^[A-ZÑa-zñé]{1,12}$/)
/** A name of one to four words, so that a guess where to split it could go wrong. */
const fullName = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '))
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null })
const email = fc.constantFrom('a@example.com', 'B@example.com', 'c@example.org')
const phone = fc.constantFrom('+5491123456789', '+14155552671')
const document = fc.constantFrom(
  { type: 'cpf', number: '529.982.247-25', country: 'BR' },
  { type: 'passport', number: 'X1234567', country: null },
)
const address = fc.record({
  line1: orNull(fullName),
  line2: orNull(fullName),
  houseNumber: fc.constant(null),
  streetName: fc.constant(null),
  neighborhood: fc.constant(null),
  city: orNull(word),
  state: fc.constant(null),
  subdivision: fc.constant(null),
  streetNumber: fc.constant(null),
  postalCode: fc.constant(null),
})
const metadata = fc.dictionary(word, fc.string({ unit: 'grapheme-ascii', maxLength: 10 }), {
  maxKeys: 5,
})
const kind = fc.constantFrom('individual' as const, 'business' as const)

const anyChanges: fc.Arbitrary<CustomerChanges> = fc.record(
  {
    kind,
    name: fullName,
    givenName: orNull(word),
    familyName: orNull(word),
    email: orNull(email),
    phone: orNull(phone),
    document: orNull(document),
    dateOfBirth: orNull(fc.constantFrom('1990-12-31', '2000-02-29')),
    address: orNull(address),
    country: orNull(fc.constantFrom('AR', 'BR')),
    externalId: orNull(word),
    metadata,
  },
  { requiredKeys: [] },
)
const anyNew: fc.Arbitrary<NewCustomer> = fc
  .tuple(anyChanges, kind, fullName)
  .map(([fields, chosen, name]) => ({ name, ...fields, kind: chosen }))

/** The fields of a customer, as a record that was stored. */
function customerOf(fields: CustomerFields): Customer {
  const standing = {
    onboardingStatus: 'NOT_STARTED',
    roles: [],
    isSynced: false,
    syncedAt: null,
    bankingStatus: null,
  } as const
  const rest = {
    id: 'id',
    defaultBankAccountId: null,
    lastPayoutAt: null,
    version: 1,
    ...standing,
    roles: [],
  }
  return { ...fields, ...rest, createdAt: now, updatedAt: now }
}

const anyCustomer = anyNew.map((input) => customerOf(checkNewCustomer(input, now)))

function after(customer: Customer, changes: CustomerChanges): Customer {
  return { ...customer, ...applyChanges(customer, changes, now) }
}

describe('a new customer', () => {
  test('needs only a kind and a name; the rest is empty', () => {
    expect(checkNewCustomer({ kind: 'individual', name: 'Gerardo Ratto' }, now)).toEqual({
      kind: 'individual',
      name: 'Gerardo Ratto',
      givenName: null,
      familyName: null,
      email: null,
      phone: null,
      document: null,
      dateOfBirth: null,
      address: null,
      country: null,
      countryText: null,
      externalId: null,
      metadata: {},
      companyName: null,
      phoneParts: null,
      background: {},
    })
  })

  test.each<[string, object]>([
    ['nothing', {}],
    ['null in place of every name', { name: null, givenName: null, familyName: null }],
    ['an e-mail address', { email: 'ana@example.com' }],
    ['an external id', { externalId: 'USR-1' }],
  ])('may be known by %s alone: it has no name then', (_what, input) => {
    const fields = checkNewCustomer({ kind: 'individual', ...input }, now)
    expect(fields).toMatchObject({ email: null, externalId: null, ...input, name: null })
  })

  test.each([
    [{ givenName: 'Ana', familyName: 'Paz' }, 'Ana Paz'],
    [{ givenName: 'Ana' }, 'Ana'],
    [{ familyName: 'Paz', givenName: null }, 'Paz'],
    [{ name: 'A. Paz', givenName: 'Ana', familyName: 'Paz' }, 'A. Paz'],
  ])('given %j its name is %j', (names, name) => {
    const empty: object = { givenName: null, familyName: null }
    const fields = checkNewCustomer({ kind: 'individual', ...names }, now)
    expect(fields).toMatchObject({ ...empty, ...names, name })
  })

  test('a full name is never split', () => {
    fc.assert(
      fc.property(fullName, (name) => {
        const fields = checkNewCustomer({ kind: 'individual', name }, now)
        expect(fields).toMatchObject({ name, givenName: null, familyName: null })
      }),
    )
  })

  test.each<[string, object, string]>([
    ['empty parts', { givenName: '', familyName: '' }, 'givenName'],
    ['a blank name', { name: ' ' }, 'name'],
    ['a name of 256 characters', { name: 'x'.repeat(256) }, 'name'],
    ['a bad given name', { name: 'Ana', givenName: 'A\u0000' }, 'givenName'],
    ['a bad family name', { name: 'Ana', familyName: '\ud800' }, 'familyName'],
    ['a bad e-mail', { name: 'Ana', email: 'ana' }, 'email'],
    ['a bad phone', { name: 'Ana', phone: '123' }, 'phone'],
    [
      'a bad document',
      { name: 'Ana', document: { type: 'cpf', number: '1', country: 'BR' } },
      'document.number',
    ],
    ['an impossible day', { name: 'Ana', dateOfBirth: '2023-02-29' }, 'dateOfBirth'],
    ['a bad city', { name: 'Ana', address: { city: '\u0007' } }, 'address.city'],
    ['a bad country', { name: 'Ana', country: 'ar' }, 'country'],
    ['a long external id', { name: 'Ana', externalId: 'x'.repeat(256) }, 'externalId'],
    ['bad metadata', { name: 'Ana', metadata: { '': 'v' } }, 'metadata'],
  ])('%s is refused by name', async (_what, input, param) => {
    expect(await refusedParam(() => checkNewCustomer({ kind: 'individual', ...input }, now))).toBe(
      param,
    )
  })
})

describe('a change', () => {
  test('with nothing in it changes nothing', () => {
    fc.assert(
      fc.property(anyCustomer, (customer) => {
        expect(applyChanges(customer, {}, now)).toEqual({})
        expect(applyChanges(customer, { name: undefined, email: undefined }, now)).toEqual({})
      }),
    )
  })

  test('to equal values changes nothing, in whatever order their members come', () => {
    fc.assert(
      fc.property(anyCustomer, (customer) => {
        const { kind: same, country, externalId } = customer
        const equal = { ...profileOf(customer), kind: same, country, externalId }
        expect(applyChanges(customer, reversed(equal), now)).toEqual({})
      }),
    )
  })

  test('made twice changes nothing the second time', () => {
    fc.assert(
      fc.property(anyCustomer, anyChanges, (customer, changes) => {
        expect(applyChanges(after(customer, changes), changes, now)).toEqual({})
      }),
    )
  })

  test('says exactly the fields whose value is another one afterwards', () => {
    fc.assert(
      fc.property(anyCustomer, anyChanges, (customer, changes) => {
        const changed = applyChanges(customer, changes, now)
        for (const [field, value] of Object.entries(changed)) {
          expect(value).not.toEqual(Reflect.get(customer, field))
        }
        const names = ['name', 'givenName', 'familyName', 'companyName']
        const given = Object.keys(changes).filter((field) => !names.includes(field))
        for (const field of given) {
          expect(Reflect.get(after(customer, changes), field)).toEqual(Reflect.get(changes, field))
        }
        const fieldsAtStake = new Set([...names, ...given])
        expect(Object.keys(changed).filter((field) => !fieldsAtStake.has(field))).toEqual([])
      }),
    )
  })

  test.each([
    'givenName',
    'familyName',
    'email',
    'phone',
    'document',
    'dateOfBirth',
    'address',
    'country',
    'externalId',
  ] as const)('null clears %s and leaves the rest', (field) => {
    const full = customerOf(checkNewCustomer(fullInput, now))
    const cleared = after(full, { [field]: null })
    const expected = { ...full, [field]: null }
    if (field === 'givenName') expected.name = 'Paz'
    if (field === 'familyName') expected.name = 'Ana'
    expect(cleared).toEqual(expected)
  })

  test('metadata is replaced whole', () => {
    const full = customerOf(checkNewCustomer(fullInput, now))
    expect(applyChanges(full, { metadata: { b: '2' } }, now)).toEqual({ metadata: { b: '2' } })
  })

  test('that breaks a rule is refused by name', async () => {
    const full = customerOf(checkNewCustomer(fullInput, now))
    expect(await refusedParam(() => applyChanges(full, { email: 'x' }, now))).toBe('email')
    expect(await refusedParam(() => applyChanges(full, { name: '' }, now))).toBe('name')
  })
})

describe('normal forms', () => {
  test.each([
    ['email', 'Ana@Example.COM', 'ana@example.com'],
    ['phone', '+54 9 (11) 2345-6789', '+5491123456789'],
    ['document', '529.982.247-25', '52998224725'],
    ['document', '12.abc.345/01de-35', '12ABC34501DE35'],
  ] as const)('%s %j', (field, value, normal) => {
    expect(normalizeLookup(field, value)).toBe(normal)
    expect(normalizeLookup(field, normal)).toBe(normal)
  })

  test('a field that is empty has none', () => {
    const bare = checkNewCustomer({ kind: 'individual', name: 'Ana' }, now)
    expect(normalForms(bare)).toEqual({ email: null, phone: null, document: null })
  })
})

const fullInput: NewCustomer = {
  kind: 'individual',
  givenName: 'Ana',
  familyName: 'Paz',
  email: 'ana@example.com',
  phone: '+5491123456789',
  document: { type: 'cuit', number: '20221370075', country: 'AR' },
  dateOfBirth: '1990-12-31',
  address: {
    line1: 'Calle 1',
    line2: null,
    houseNumber: null,
    streetNumber: null,
    streetName: null,
    neighborhood: null,
    city: 'Salta',
    state: null,
    subdivision: null,
    postalCode: null,
  },
  country: 'AR',
  externalId: 'USR-1',
  metadata: { a: '1' },
}

/** The same value with the members of every object in the opposite order. */
function reversed<T>(value: T): T {
  if (Array.isArray(value) || value === null || typeof value !== 'object') return value
  const members = Object.entries(value).reverse()
  return Object.fromEntries(members.map(([name, inner]) => [name, reversed(inner)])) as T
}
