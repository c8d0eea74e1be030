// Owns a customer on the orchestration surface: its schemas, and the way to and from the core.
import Type, { type Static } from 'typebox'
import type { BackgroundText, Customer } from '../../core/customer/customer.ts'
import { namePartsOf } from '../../core/customer/customer-rules.ts'
import { onboardingStatuses } from '../../core/customer/onboarding.ts'
import {
  addressPartsOf,
  emailLengthMax,
  metadataKeysMax,
  nameLengthMax,
  type PhoneParts,
  phonePartsOf,
} from '../../core/fields.ts'
import { providerRoles } from '../../core/provider.ts'
import { printId } from '../../lib/id.ts'
import { closed, LaterText, Nullable, named, Text, Time, toWireTime } from './wire.ts'

/** The generic types stand for the country's own document; the others name one country's. */
export const documentTypes = {
  personal_tax_id: { isCompany: false, country: null },
  company_tax_id: { isCompany: true, country: null },
  cpf: { isCompany: false, country: 'BR' },
  cnpj: { isCompany: true, country: 'BR' },
  ssn: { isCompany: false, country: 'US' },
  itin: { isCompany: false, country: 'US' },
  passport: { isCompany: false, country: null },
  cc: { isCompany: false, country: 'CO' },
  curp: { isCompany: false, country: 'MX' },
} as const
export type DocumentType = keyof typeof documentTypes

const bounded = (maxLength: number, description: string, example: string) =>
  Type.Optional(Nullable(Type.String({ maxLength, description, examples: [example] })))
const short = (description: string, example: string) => bounded(200, description, example)

const fields = {
  first_name: bounded(nameLengthMax, 'First name', 'Alice'),
  last_name: bounded(nameLengthMax, 'Last name', 'Smith'),
  document_number: bounded(50, 'Tax ID or document number', '529.982.247-25'),
  document_type: Type.Optional(
    Nullable(
      Type.Enum(Object.keys(documentTypes) as DocumentType[], {
        description: 'Document type',
        examples: ['personal_tax_id'],
      }),
    ),
  ),
  dob: bounded(10, 'Date of birth, `YYYY-MM-DD`', '1990-12-31'),
  phone_country_code: bounded(5, 'Phone country code', '1'),
  phone_area_code: bounded(6, 'Phone area code', '415'),
  phone_number: bounded(20, 'Phone number', '5551234'),
  country_code: bounded(2, 'Country code, ISO 3166-1 alpha-2', 'BR'),
  company_name: bounded(nameLengthMax, 'Company name', 'Acme Ltda'),
  house_number: short('House number', '12'),
  street_number: short('Street number', '12'),
  street_name: short('Street', 'Rua das Gaivotas'),
  postal_code: short('Postal code', '11000-000'),
  city: short('City', 'Santos'),
  state: short('State', 'SP'),
  subdivision: short('Subdivision, ISO 3166-2', 'BR-SP'),
  neighborhood: short('Neighborhood', 'Centro'),
  mother_name: short("Mother's name", 'Ana Smith'),
  monthly_net_income: Type.Optional(
    Nullable(Type.Number({ minimum: 0, description: 'Net income a month', examples: [5000] })),
  ),
  gender: short('Gender', 'female'),
  owner_legal_name: short("Legal name of a company's owner", 'Alice Smith'),
  owner_document_number: short("Document number of a company's owner", '529.982.247-25'),
  owner_document_type: short("Document type of a company's owner", 'cpf'),
  company_start_date: bounded(10, 'When the company began, `YYYY-MM-DD`', '2015-06-01'),
  social_name: short('Name that the person goes by', 'Alice'),
  tax_id: short('Tax ID', '529.982.247-25'),
  account_type: short('Kind of account', 'checking'),
  additional_info: Type.Optional(
    Nullable(
      Type.Record(Type.String(), Type.Unknown(), {
        maxProperties: metadataKeysMax,
        description: 'Free-form, for your own references',
        examples: [{ plan: 'gold' }],
      }),
    ),
  ),
  customer_wallet: short(
    "Address of the customer's wallet",
    '0x52908400098527886E0F7030069857D2E4169EE7',
  ),
  trading_wallet: short(
    'Address of the wallet to trade from',
    '0x52908400098527886E0F7030069857D2E4169EE7',
  ),
}

const email = { maxLength: emailLengthMax, description: 'Customer email address' }

export const WireNewCustomer = Type.Object(
  { email: Type.String({ ...email, examples: ['alice@example.com'] }), ...fields },
  named('NewCustomer'),
)
export const WireCustomerChanges = Type.Object(
  {
    email: Type.Optional(Nullable(Type.String({ ...email, examples: ['alice@example.com'] }))),
    ...fields,
  },
  named('CustomerChanges'),
)
export type WireCustomerChanges = Static<typeof WireCustomerChanges>

const shownText = Object.fromEntries(
  Object.entries(fields)
    .filter(([name]) => name !== 'monthly_net_income' && name !== 'additional_info')
    .map(([name]) => [name, LaterText('As given; null where it is not set')]),
) as Record<
  Exclude<keyof typeof fields, 'monthly_net_income' | 'additional_info'>,
  ReturnType<typeof LaterText>
>

export const WireCustomer = Type.Object(
  {
    id: Text('The id of the customer', 'cus_01h455vb4pex5vsknk084sn02q'),
    customer_id: Text('The same id', 'cus_01h455vb4pex5vsknk084sn02q'),
    email: LaterText('Customer email address'),
    ...shownText,
    monthly_net_income: Nullable(Type.Number({ description: 'Net income a month' })),
    additional_info: Nullable(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Free-form' }),
    ),
    status: Type.Enum([...onboardingStatuses], { description: 'How far the customer is' }),
    synced: Type.Boolean({ description: 'Whether every registration has what the record says' }),
    synced_at: LaterText('When that was last so'),
    roles: Type.Array(Type.Enum([...providerRoles]), { description: 'Roles at providers' }),
    created_at: Time('When the customer was created'),
    updated_at: Time('When it last changed'),
  },
  named('Customer'),
)
export type WireCustomer = Static<typeof WireCustomer>

export const WireCustomerList = Type.Object(
  {
    count: Type.Integer({ description: 'Matches in all, before paging', examples: [1] }),
    customer_list: Type.Array(WireCustomer),
  },
  { ...closed, title: 'CustomerList' },
)

export function toWireCustomer(customer: Customer): WireCustomer {
  const id = printId('customer', customer.id, 'cus')
  const { givenName, familyName, companyName } = namePartsOf(customer)
  const { email, document, dateOfBirth, country, background, metadata, syncedAt } = customer
  const phone = shownPhone(customer)
  const address = addressPartsOf(customer.address)
  return {
    id,
    customer_id: id,
    email,
    first_name: givenName,
    last_name: familyName,
    company_name: companyName,
    document_number: document?.number ?? null,
    document_type: document?.type ?? null,
    dob: dateOfBirth,
    phone_country_code: phone.countryCode,
    phone_area_code: phone.areaCode,
    phone_number: phone.number,
    country_code: country,
    house_number: address.houseNumber,
    street_number: address.streetNumber,
    street_name: address.streetName,
    postal_code: address.postalCode,
    city: address.city,
    state: address.state,
    subdivision: address.subdivision,
    neighborhood: address.neighborhood,
    mother_name: background.motherName ?? null,
    gender: background.gender ?? null,
    owner_legal_name: background.ownerLegalName ?? null,
    owner_document_number: background.ownerDocumentNumber ?? null,
    owner_document_type: background.ownerDocumentType ?? null,
    company_start_date: background.companyStartDate ?? null,
    social_name: background.socialName ?? null,
    tax_id: background.taxId ?? null,
    account_type: background.accountType ?? null,
    customer_wallet: background.customerWallet ?? null,
    trading_wallet: background.tradingWallet ?? null,
    monthly_net_income: background.monthlyNetIncome ?? null,
    additional_info: Object.keys(metadata).length === 0 ? null : metadata,
    status: customer.onboardingStatus,
    synced: customer.isSynced,
    synced_at: syncedAt === null ? null : toWireTime(syncedAt),
    roles: customer.roles as WireCustomer['roles'],
    created_at: toWireTime(customer.createdAt),
    updated_at: toWireTime(customer.updatedAt),
  }
}

export const backgroundNames = {
  mother_name: 'motherName',
  gender: 'gender',
  owner_legal_name: 'ownerLegalName',
  owner_document_number: 'ownerDocumentNumber',
  owner_document_type: 'ownerDocumentType',
  company_start_date: 'companyStartDate',
  social_name: 'socialName',
  tax_id: 'taxId',
  account_type: 'accountType',
  customer_wallet: 'customerWallet',
  trading_wallet: 'tradingWallet',
} as const satisfies Record<string, BackgroundText>

export function shownPhone({
  phoneParts,
  phone,
}: Pick<Customer, 'phoneParts' | 'phone'>): PhoneParts {
  if (phoneParts) return phoneParts
  return phone === null ? { countryCode: null, areaCode: null, number: null } : phonePartsOf(phone)
}
