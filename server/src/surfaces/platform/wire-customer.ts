// Owns a customer on the platform surface: its schemas, and the way to and from the core.
import Type, { type Static, type TSchema } from 'typebox'
import { bankingStatuses } from '../../core/customer/banking-status.ts'
import { backgroundTexts, type Customer } from '../../core/customer/customer.ts'
import { onboardingStatuses } from '../../core/customer/onboarding.ts'
import {
  type Address,
  emailLengthMax,
  externalIdLengthMax,
  metadataKeysMax,
} from '../../core/fields.ts'
import { personal, personalNumber } from '../../http/mask.ts'
import { printId } from '../../lib/id.ts'
import { toSnakeCase } from '../../lib/snake-case.ts'
import { printTime } from '../../lib/time.ts'
import { closed, named } from './wire.ts'

const Bounded = (maxLength: number, description: string, example: string) =>
  Type.Union([Type.String({ maxLength }), Type.Null()], { description, examples: [example] })
const Given = (maxLength: number, description: string, example: string) =>
  Type.Optional(Bounded(maxLength, description, example))
const Kind = (bounds: object = {}) =>
  Type.Enum(['individual', 'business'], { description: 'What the customer is', ...bounds })

const nameLengthMax = 255
const addressNames = {
  line1: 'line1',
  line2: 'line2',
  house_number: 'houseNumber',
  street_number: 'streetNumber',
  street_name: 'streetName',
  neighborhood: 'neighborhood',
  city: 'city',
  state: 'state',
  subdivision: 'subdivision',
  postal_code: 'postalCode',
} as const satisfies Record<string, keyof Address>
type AddressName = keyof typeof addressNames
export const addressEntries = Object.entries(addressNames) as [AddressName, keyof Address][]

/** By the core's name. */
export const backgroundNames: ReadonlyMap<string, string> = new Map(
  backgroundTexts.map((name) => [name, toSnakeCase(name)]),
)

/** The core's names that are not ours, for refusals and for what changed. */
export const customerFieldNames: Readonly<Record<string, string>> = {
  givenName: 'given_name',
  familyName: 'family_name',
  companyName: 'company_name',
  phoneParts: 'phone',
  dateOfBirth: 'date_of_birth',
  countryText: 'country',
  externalId: 'external_id',
  bankingStatus: 'banking_status',
  onboardingStatus: 'onboarding_status',
  isSynced: 'synced',
  syncedAt: 'synced_at',
  defaultBankAccountId: 'default_bank_account_id',
  lastPayoutAt: 'last_payout_at',
  documentType: 'document_type',
  documentCountry: 'document_country',
  bankAccount: 'bank_account',
  providerCustomerId: 'provider_customer_id',
  createdTo: 'created_to',
  'background.monthlyNetIncome': 'background.monthly_net_income',
  ...Object.fromEntries(
    addressEntries.map(([name, part]) => [`address.${part}`, `address.${name}`]),
  ),
  ...Object.fromEntries(
    [...backgroundNames].map(([part, name]) => [`background.${part}`, `background.${name}`]),
  ),
}

const addressParts = Object.fromEntries(
  addressEntries.map(([name]) => [name, Given(500, 'Part of the address', 'Santos')]),
) as Record<AddressName, ReturnType<typeof Given>>
const documentParts = {
  type: Given(50, 'What kind of document', 'cpf'),
  number: Given(50, 'Its number', '529.982.247-25'),
  country: Given(2, 'Which country issued it, ISO 3166-1 alpha-2', 'BR'),
}
const FreeForm = Type.Record(Type.String(), Type.Unknown(), {
  maxProperties: metadataKeysMax,
  description: 'Free-form, for your own references',
  examples: [{ plan: 'gold' }],
})
const backgroundNameList = [...backgroundNames.values(), 'monthly_net_income']
  .map((name) => `\`${name}\``)
  .join(', ')
const Backgrounds = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Null()]),
  {
    maxProperties: backgroundTexts.length + 1,
    description: `What some forms ask for: ${backgroundNameList}`,
    examples: [{ mother_name: 'Ana Smith' }],
  },
)
const NullOr = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))

const given = {
  name: Given(2 * nameLengthMax + 1, 'In full', 'Alice Smith'),
  given_name: Given(nameLengthMax, 'First name', 'Alice'),
  family_name: Given(nameLengthMax, 'Last name', 'Smith'),
  company_name: Given(nameLengthMax, "A business's own name", 'Acme Ltda'),
  email: Given(emailLengthMax, 'E-mail address', 'alice@example.com'),
  phone: Given(40, 'Phone number, E.164', '+5513991234567'),
  document: NullOr(Type.Object(documentParts, { ...closed, description: 'Proves who it is' })),
  date_of_birth: Given(10, 'Date of birth, `YYYY-MM-DD`', '1990-12-31'),
  address: NullOr(Type.Object(addressParts, { ...closed, description: 'Where the customer is' })),
  country: Given(2, 'ISO 3166-1 alpha-2', 'BR'),
  external_id: Given(externalIdLengthMax, 'Your own reference, unique in the app', 'user-1'),
  metadata: NullOr(FreeForm),
  background: NullOr(Backgrounds),
}

export const WireNewCustomer = Type.Object({ kind: Kind(), ...given }, named('NewCustomer'))
export type WireNewCustomer = Static<typeof WireNewCustomer>
export const WireCustomerPatch = Type.Object(
  { kind: Type.Optional(Kind()), ...given },
  named('CustomerPatch'),
)
export type WireCustomerPatch = Static<typeof WireCustomerPatch>

const Shown = (description: string, example: string, more: object = {}) =>
  Type.Union([Type.String(), Type.Null()], { description, examples: [example], ...more })
const Time = (description: string) =>
  Type.String({ description, examples: ['2026-02-25T12:00:00.000Z'] })

export const WireAddress = Type.Object(
  Object.fromEntries(
    addressEntries.map(([name]) => [name, Shown('Part of the address', 'Santos', personal)]),
  ) as Record<AddressName, ReturnType<typeof Shown>>,
  closed,
)

export const recordMembers = {
  id: Type.String({ description: 'The customer', examples: ['cust_01h455vb4pex5vsknk084sn02q'] }),
  version: Type.Integer({ description: 'How many events its history has', examples: [3] }),
  kind: Kind(),
  name: Shown('In full', 'Alice Smith', personal),
  given_name: Shown('First name, where it is known apart', 'Alice', personal),
  family_name: Shown('Last name, where it is known apart', 'Smith', personal),
  company_name: Shown("A business's own name, where it is known apart", 'Acme Ltda', personal),
  email: Shown('E-mail address', 'alice@example.com', personal),
  phone: Shown('Phone number, E.164', '+5513991234567', personalNumber),
  document: Type.Union([
    Type.Object(
      {
        type: Shown('What kind of document', 'cpf'),
        number: Shown('Its number', '529.982.247-25', personalNumber),
        country: Shown('Which country issued it', 'BR'),
      },
      closed,
    ),
    Type.Null(),
  ]),
  date_of_birth: Shown('Date of birth, `YYYY-MM-DD`', '1990-12-31', personal),
  address: Type.Union([WireAddress, Type.Null()]),
  country: Shown('ISO 3166-1 alpha-2', 'BR'),
  external_id: Shown('Your own reference', 'user-1'),
  metadata: Type.Record(Type.String(), Type.Unknown(), { description: 'Free-form', ...personal }),
  background: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
    description: 'What some forms ask for',
    ...personal,
  }),
  banking_status: Type.Union([Type.Enum([...bankingStatuses]), Type.Null()], {
    description: 'Null: not a customer of the bank',
  }),
  onboarding_status: Type.Enum([...onboardingStatuses], {
    description: 'How far the customer is at the providers',
  }),
  roles: Type.Array(Type.String(), { description: 'Roles at providers' }),
  synced: Type.Boolean({ description: 'Whether every registration has what the record says' }),
  synced_at: Shown('When that was last so', '2026-02-25T12:00:00.000Z'),
  default_bank_account_id: Shown('Where payouts go', 'ba_01h455vb4pex5vsknk084sn02q'),
  last_payout_at: Shown('When the latest payout was accepted', '2026-02-25T12:00:00.000Z'),
  created_at: Time('When the customer was created'),
  updated_at: Time('When it last changed'),
}
export const WireRecord = Type.Object(recordMembers, named('CustomerRecord'))
export type WireRecord = Static<typeof WireRecord>

export function toWireRecord(customer: Customer): WireRecord {
  const { document, address, background, defaultBankAccountId } = customer
  return {
    id: printId('customer', customer.id),
    version: customer.version,
    kind: customer.kind,
    name: customer.name,
    given_name: customer.givenName,
    family_name: customer.familyName,
    company_name: customer.companyName,
    email: customer.email,
    phone: customer.phone,
    document: document && {
      type: document.type,
      number: document.number,
      country: document.country,
    },
    date_of_birth: customer.dateOfBirth,
    address: address && toWireAddress(address),
    country: customer.country,
    external_id: customer.externalId,
    metadata: customer.metadata,
    background: Object.fromEntries(
      Object.entries(background).map(([name, value]) => [toSnakeCase(name), value]),
    ),
    banking_status: customer.bankingStatus,
    onboarding_status: customer.onboardingStatus,
    roles: customer.roles,
    synced: customer.isSynced,
    synced_at: printLater(customer.syncedAt),
    default_bank_account_id:
      defaultBankAccountId === null ? null : printId('bankAccount', defaultBankAccountId),
    last_payout_at: printLater(customer.lastPayoutAt),
    created_at: printTime(customer.createdAt),
    updated_at: printTime(customer.updatedAt),
  }
}

export function toWireAddress(address: Address): Static<typeof WireAddress> {
  return Object.fromEntries(addressEntries.map(([name, part]) => [name, address[part]])) as Record<
    AddressName,
    string | null
  >
}

export const printLater = (time: number | null) => (time === null ? null : printTime(time))
