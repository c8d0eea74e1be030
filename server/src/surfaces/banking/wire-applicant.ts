// Owns the banking surface's wire schemas of who applies: persons and corporations.
import Type, { type Static } from 'typebox'
import type { CorporationDetails } from '../../core/applications/application.ts'
import type { IndividualChanges } from '../../core/applications/application-people.ts'
import type { CorporationChanges } from '../../core/applications/application-rules.ts'
import { type Address, emailLengthMax, nameLengthMax } from '../../core/fields.ts'
import {
  type Individual,
  type IndividualDetails,
  individualRoles,
} from '../../core/individuals/individual.ts'
import { printId } from '../../lib/id.ts'
import {
  closed,
  Given,
  Id,
  Nullable,
  NullableText,
  named,
  Time,
  toWireAddress,
  toWireTime,
  WireAddress,
  WireGivenAddress,
} from './wire.ts'

const May = (lengthMax: number, description: string, example: string) =>
  Type.Optional(Nullable(Given(lengthMax, description, example)))

const GivenAddress = Type.Optional(Nullable(WireGivenAddress))

const givenPerson = {
  first_name: May(nameLengthMax, 'First name', 'John'),
  last_name: May(nameLengthMax, 'Last name', 'Doe'),
  date_of_birth: May(10, '`YYYY-MM-DD`; 18 years ago or more', '1990-01-15'),
  tax_id: May(50, 'Tax number', '123-45-6789'),
  address: GivenAddress,
}

export const WireGivenPerson = Type.Object(givenPerson, named('GivenPerson'))

export const WireGivenCorporation = Type.Object(
  {
    legal_name: May(nameLengthMax, 'Legal name', 'Acme Corporation'),
    trading_name: May(nameLengthMax, 'Name it trades under', 'Acme'),
    registration_number: May(200, 'Number in the register of companies', '7654321'),
    tax_id: May(50, 'Tax number', '12-3456789'),
    address: GivenAddress,
    has_beneficial_owners: Type.Optional(
      Nullable(
        Type.Boolean({
          description: 'False: the control person declares that nobody owns 25 % or more',
        }),
      ),
    ),
  },
  named('GivenCorporation'),
)

const Role = Type.Enum([...individualRoles], { description: 'What the person is in the company' })
const ownership = {
  description: 'Percent of the company, to two decimals; of owners, together at most 100',
  examples: [30],
}

const givenIndividual = {
  role: Role,
  ownership_percentage: Type.Optional(Nullable(Type.Number(ownership))),
  email: May(emailLengthMax, 'Email address', 'jane.smith@acmecorp.com'),
  phone: May(50, 'Phone number in E.164', '+14155550123'),
  ...givenPerson,
}

export const WireNewIndividual = Type.Object(givenIndividual, named('NewIndividual'))

export const WireIndividualChanges = Type.Object(
  { ...givenIndividual, role: Type.Optional(Role) },
  { ...named('IndividualUpdate'), minProperties: 1 },
)

const statedPerson = {
  first_name: NullableText('First name', 'John'),
  last_name: NullableText('Last name', 'Doe'),
  date_of_birth: NullableText('`YYYY-MM-DD`', '1990-01-15'),
  tax_id: NullableText('Tax number', '123-45-6789'),
  address: Nullable(WireAddress),
}

export const WireStatedPerson = Type.Object(statedPerson, named('StatedPerson'))

export const WireStatedCorporation = Type.Object(
  {
    legal_name: NullableText('Legal name', 'Acme Corporation'),
    trading_name: NullableText('Name it trades under', 'Acme'),
    registration_number: NullableText('Number in the register of companies', '7654321'),
    tax_id: NullableText('Tax number', '12-3456789'),
    address: Nullable(WireAddress),
    has_beneficial_owners: Nullable(Type.Boolean({ description: 'Null: nothing was declared' })),
  },
  named('StatedCorporation'),
)

export const WirePersonInApplication = Type.Object(
  {
    id: Id('The id of the individual', 'ind'),
    application_id: Id('The application', 'appl'),
    role: Role,
    ownership_percentage: Nullable(Type.Number(ownership)),
    email: NullableText('Email address', 'jane.smith@acmecorp.com'),
    phone: NullableText('Phone number in E.164', '+14155550123'),
    ...statedPerson,
    created_at: Time('When the individual was added'),
    updated_at: Time('When the individual last changed'),
  },
  named('ApplicationIndividual'),
)

export const ApplicationIndividualParams = Type.Object(
  { id: Id('The application', 'appl'), individual_id: Id('The individual', 'ind') },
  closed,
)

export function fromWirePerson(person: Static<typeof WireGivenPerson>) {
  return {
    firstName: person.first_name,
    lastName: person.last_name,
    dateOfBirth: person.date_of_birth,
    taxId: person.tax_id,
    ...fromWireParts(person.address),
  }
}

export function fromWireIndividual(
  body: Static<typeof WireIndividualChanges>,
): Omit<IndividualChanges, 'role'> {
  const { ownership_percentage: ownershipPercentage, email, phone } = body
  return { ownershipPercentage, email, phone, ...fromWirePerson(body) }
}

export function fromWireCorporation(
  corporation: Static<typeof WireGivenCorporation>,
): CorporationChanges {
  return {
    legalName: corporation.legal_name,
    tradingName: corporation.trading_name,
    registrationNumber: corporation.registration_number,
    taxId: corporation.tax_id,
    hasBeneficialOwners: corporation.has_beneficial_owners,
    ...fromWireParts(corporation.address),
  }
}

/** `null` clears it whole; the core sets given parts beside the others. */
function fromWireParts(given: WireGivenAddress | null | undefined): {
  address?: Partial<Address> | null
  country?: string | null | undefined
} {
  if (given === undefined) return {}
  if (given === null) return { address: null, country: null }
  const { country, postal_code: postalCode, ...parts } = given
  return { address: postalCode === undefined ? parts : { ...parts, postalCode }, country }
}

export function toWirePerson(person: IndividualDetails): Static<typeof WireStatedPerson> {
  return {
    first_name: person.firstName,
    last_name: person.lastName,
    date_of_birth: person.dateOfBirth,
    tax_id: person.taxId,
    address: toWireAddress(person.address, person.country),
  }
}

export function toWireCorporation(
  corporation: CorporationDetails,
): Static<typeof WireStatedCorporation> {
  return {
    legal_name: corporation.legalName,
    trading_name: corporation.tradingName,
    registration_number: corporation.registrationNumber,
    tax_id: corporation.taxId,
    address: toWireAddress(corporation.address, corporation.country),
    has_beneficial_owners: corporation.hasBeneficialOwners,
  }
}

export function toWirePersonInApplication(
  individual: Individual,
): Static<typeof WirePersonInApplication> {
  return {
    id: printId('individual', individual.id),
    application_id: printId('application', individual.applicationId),
    role: individual.role,
    ownership_percentage: individual.ownershipPercentage,
    email: individual.email,
    phone: individual.phone,
    ...toWirePerson(individual),
    created_at: toWireTime(individual.createdAt),
    updated_at: toWireTime(individual.updatedAt),
  }
}
