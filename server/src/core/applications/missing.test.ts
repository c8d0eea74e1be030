// Owns the proof of what an application lacks: persons, corporations, owners, age.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Individual, IndividualRole } from '../individuals/individual.ts'
import { noPerson } from '../individuals/individual-rules.ts'
import type { Application, ApplicationDocument, ApplicationFolder } from './application.ts'
import { findMissing, isAdult, isComplete } from './missing.ts'

const now = Date.parse('2026-02-28T23:59:59Z')
const address = {
  line1: '1 Main St',
  line2: null,
  houseNumber: null,
  streetNumber: null,
  streetName: null,
  neighborhood: null,
  city: 'Boston',
  state: null,
  subdivision: null,
  postalCode: null,
}
const someone = {
  ...noPerson,
  firstName: 'Jane',
  lastName: 'Smith',
  dateOfBirth: '1990-01-15',
  address,
  country: 'US',
}
const corporation = {
  legalName: 'Acme Corporation',
  tradingName: null,
  registrationNumber: '1',
  taxId: '2',
  address,
  country: 'US',
  hasBeneficialOwners: null as boolean | null,
}
const individual = (role: IndividualRole, percentage: number | null = null): Individual => ({
  ...someone,
  id: role,
  applicationId: 'a',
  customerId: null,
  role,
  ownershipPercentage: percentage,
  createdAt: 0,
  updatedAt: 0,
})
const document = (status: ApplicationDocument['status']): ApplicationDocument => ({
  id: 'd',
  applicationId: 'a',
  individualId: null,
  type: 'IDENTITY',
  status,
  file: null,
  createdAt: 0,
  uploadedAt: null,
})

function folder(
  application: Partial<Application>,
  { individuals = [] as Individual[], documents = [document('UPLOADED')] } = {},
): ApplicationFolder {
  const whole: Application = {
    id: 'a',
    kind: 'individual',
    status: 'INCOMPLETE',
    customerId: null,
    accountCurrency: 'USD',
    email: 'a@example.com',
    phone: null,
    individual: someone,
    corporation: null,
    decisions: [],
    termsAcceptedAt: 1,
    submittedAt: null,
    decidedAt: null,
    createdAt: 0,
    updatedAt: 0,
    ...application,
  }
  return { application: whole, individuals, documents }
}

const company = (individuals: Individual[], more: Partial<typeof corporation> = {}) =>
  folder(
    { kind: 'business', individual: null, corporation: { ...corporation, ...more } },
    { individuals },
  )
const fieldsOf = (one: ApplicationFolder) => findMissing(one, now).fields.map(({ field }) => field)
const gapsOf = (individuals: Individual[]) => findMissing(company(individuals), now).gaps

describe('a person', () => {
  test('with name, age, address, document and accepted terms lacks nothing', () => {
    const missing = findMissing(folder({}), now)
    expect(missing).toEqual({ gaps: [], fields: [], documents: [] })
    expect(isComplete(missing)).toBe(true)
  })

  test('everything that is missing is said at once', () => {
    const bare = folder(
      { individual: noPerson, termsAcceptedAt: null },
      { documents: [document('REQUIRED')] },
    )
    const missing = findMissing(bare, now)
    expect(missing).toEqual({
      gaps: ['MISSING_DOCUMENT', 'TERMS_AND_CONDITIONS_NOT_ACCEPTED'],
      fields: ['firstName', 'lastName', 'dateOfBirth', 'address'].map((name) => ({
        individualId: null,
        field: `individual.${name}`,
        message: 'is missing',
      })),
      documents: [document('REQUIRED')],
    })
  })

  test.each(['firstName', 'lastName', 'dateOfBirth'] as const)('needs %s', (member) => {
    const one = folder({ individual: { ...someone, [member]: null } })
    expect(fieldsOf(one)).toEqual([`individual.${member}`])
    expect(isComplete(findMissing(one, now))).toBe(false)
  })

  test.each(['line1', 'city'] as const)('needs the %s of the address', (part) => {
    const one = folder({ individual: { ...someone, address: { ...address, [part]: null } } })
    expect(fieldsOf(one)).toEqual([`individual.address.${part}`])
  })

  test('needs the country of the address, and an address where only the country is known', () => {
    expect(fieldsOf(folder({ individual: { ...someone, country: null } }))).toEqual([
      'individual.address.country',
    ])
    expect(fieldsOf(folder({ individual: { ...someone, address: null } }))).toEqual([
      'individual.address.line1',
      'individual.address.city',
    ])
  })

  test('under 18 is said by the field', () => {
    const young = folder({ individual: { ...someone, dateOfBirth: '2008-03-01' } })
    expect(findMissing(young, now).fields).toEqual([
      {
        individualId: null,
        field: 'individual.dateOfBirth',
        message: 'is less than 18 years ago',
      },
    ])
  })
})

test.each<[string, string, boolean]>([
  ['2008-02-28', '2026-02-28T00:00:00Z', true],
  ['2008-03-01', '2026-02-28T23:59:59Z', false],
  ['2008-02-29', '2026-02-28T23:59:59Z', false],
  ['2008-02-29', '2026-03-01T00:00:00Z', true],
  ['0099-01-01', '2026-03-01T00:00:00Z', true],
])('born on %s, at %s of age: %s', (born, at, expected) => {
  expect(isAdult(born, Date.parse(at))).toBe(expected)
})

describe('a corporation', () => {
  const control = individual('CONTROL_PERSON')
  const half = individual('BENEFICIAL_OWNER', 50)

  test('with control person and owner lacks nothing', () => {
    expect(isComplete(findMissing(company([control, half]), now))).toBe(true)
  })

  test('trading name apart, its legal data are needed', () => {
    const blank = { legalName: null, registrationNumber: null, taxId: null, address: null }
    const bare = folder({
      kind: 'business',
      individual: null,
      corporation: { ...corporation, ...blank, country: null },
    })
    expect(fieldsOf(bare)).toEqual(
      ['legalName', 'registrationNumber', 'taxId', 'address'].map((name) => `corporation.${name}`),
    )
  })

  test.each<[string[], string, Individual[]]>([
    [['MISSING_CONTROL_PERSON', 'MISSING_BENEFICIAL_OWNER'], 'nobody', []],
    [['MISSING_CONTROL_PERSON'], 'an owner alone', [half]],
    [['MISSING_BENEFICIAL_OWNER'], 'control alone', [control]],
    [['MISSING_BENEFICIAL_OWNER'], '24.99 %', [control, individual('BENEFICIAL_OWNER', 24.99)]],
    [[], '25 %', [control, individual('BENEFICIAL_OWNER', 25)]],
    [[], 'a control person who owns 100 %', [individual('CONTROL_PERSON', 100)]],
    [
      ['MISSING_BENEFICIAL_OWNER'],
      'five of 15 %: there is room for one of 25 %',
      [control, ...Array.from({ length: 5 }, () => individual('BENEFICIAL_OWNER', 15))],
    ],
    [
      [],
      'four of 19 %: 24 % are left, and nobody can own 25 %',
      [control, ...Array.from({ length: 4 }, () => individual('BENEFICIAL_OWNER', 19))],
    ],
  ])('%j: %s', (gaps, _what, individuals) => {
    expect(gapsOf(individuals)).toEqual(gaps)
  })

  test('a control person may declare that nobody owns 25 %, where nobody does', () => {
    const none = { hasBeneficialOwners: false }
    expect(isComplete(findMissing(company([control], none), now))).toBe(true)
    expect(findMissing(company([], none), now).gaps).toEqual([
      'MISSING_CONTROL_PERSON',
      'MISSING_BENEFICIAL_OWNER',
    ])
    expect(findMissing(company([control, half], none), now).fields).toEqual([
      {
        individualId: null,
        field: 'corporation.hasBeneficialOwners',
        message: 'is false, and an individual owns 25 % or more',
      },
    ])
  })

  test('each person is looked at, by its id; an owner says how much', () => {
    const nameless = { ...individual('BENEFICIAL_OWNER'), firstName: null }
    const fields = findMissing(company([control, half, nameless]), now).fields
    expect(fields.map(({ individualId, field }) => `${individualId} ${field}`)).toEqual([
      'BENEFICIAL_OWNER firstName',
      'BENEFICIAL_OWNER ownershipPercentage',
    ])
  })

  test('an owner of 25 % is missing only where there is none and room for one', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 8 })
    fc.assert(
      fc.property(shares, (hundredths) => {
        const sum = hundredths.reduce((total, one) => total + one, 0)
        fc.pre(sum <= 10_000)
        const owners = hundredths.map((one) => individual('BENEFICIAL_OWNER', one / 100))
        const isLacking = !hundredths.some((one) => one >= 2_500) && 10_000 - sum >= 2_500
        const gaps = gapsOf([control, ...owners])
        expect(gaps).toEqual(isLacking ? ['MISSING_BENEFICIAL_OWNER'] : [])
      }),
    )
  })
})
