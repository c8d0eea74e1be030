// Owns what a caller must give for a recipient of Pagar.me beyond the record, by name and form.
import Type, { type Static, type TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { ProviderCustomer, ProviderRole, RequiredField } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { rejected } from '../http-client.ts'

const closed = { additionalProperties: false }
const optional = Type.Optional
const Text = Type.String({ minLength: 1, maxLength: 255 })
const Digits = Type.String({ pattern: '^\\d{1,20}$' })
const Cents = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
/** `1990-12-31`, or `31/12/1990` as Pagar.me writes it. */
const Day = Type.String({ pattern: '^(\\d{4}-\\d{2}-\\d{2}|\\d{2}/\\d{2}/\\d{4})$' })

const BankAccount = Type.Object(
  {
    holder_name: Text,
    holder_type: Type.Union([Type.Literal('individual'), Type.Literal('company')]),
    holder_document: Type.String({ pattern: '^[0-9A-Z]{11,14}$' }),
    bank: Type.String({ pattern: '^\\d{3}$' }),
    branch_number: Digits,
    branch_check_digit: optional(Type.String({ maxLength: 2 })),
    account_number: Digits,
    account_check_digit: Type.String({ minLength: 1, maxLength: 2 }),
    type: Type.Union([Type.Literal('checking'), Type.Literal('savings')]),
  },
  closed,
)

const Address = Type.Object(
  {
    street: Text,
    complementary: Type.String({ maxLength: 255 }),
    street_number: Text,
    neighborhood: Text,
    city: Text,
    state: Text,
    zip_code: Text,
    reference_point: Text,
  },
  closed,
)

const Partner = Type.Object(
  {
    name: Text,
    email: Text,
    document: Type.String({ pattern: '^\\d{11}$' }),
    type: optional(Type.Literal('individual')),
    mother_name: optional(Text),
    birthdate: Day,
    monthly_income: Cents,
    professional_occupation: Text,
    self_declared_legal_representative: Type.Boolean(),
    address: Address,
    phone_numbers: Type.Array(Type.Object({ ddd: Digits, number: Digits, type: Text }, closed), {
      minItems: 1,
      maxItems: 5,
    }),
  },
  closed,
)

const TransferSettings = Type.Object(
  {
    transfer_enabled: Type.Boolean(),
    transfer_interval: Type.Union(['Daily', 'Weekly', 'Monthly'].map((one) => Type.Literal(one))),
    transfer_day: Type.Integer({ minimum: 0, maximum: 31 }),
  },
  closed,
)

const shared = {
  default_bank_account: BankAccount,
  reference_point: Text,
  site_url: optional(Text),
  transfer_settings: optional(TransferSettings),
}

const PersonDataSchema = Type.Object(
  {
    ...shared,
    monthly_income: Cents,
    professional_occupation: Text,
    mother_name: optional(Text),
  },
  closed,
)
export type PersonData = Static<typeof PersonDataSchema>

const CompanyDataSchema = Type.Object(
  {
    ...shared,
    annual_revenue: Cents,
    trading_name: Text,
    managing_partners: Type.Array(Partner, { minItems: 1, maxItems: 20 }),
    corporation_type: optional(Text),
    founding_date: optional(Day),
    cnae: optional(Text),
  },
  closed,
)
export type CompanyData = Static<typeof CompanyDataSchema>

const personForm = Compile(PersonDataSchema)
const companyForm = Compile(CompanyDataSchema)

export const checkPersonData = (data: Record<string, Json>) => checkData(personForm, data)
export const checkCompanyData = (data: Record<string, Json>) => checkData(companyForm, data)

/** Throws `provider_rejected` naming the member that is wrong, never its value. */
function checkData<T extends TSchema>(
  form: Validator<Record<never, never>, T>,
  data: Record<string, Json>,
): Static<T> {
  if (form.Check(data)) return data
  const [error] = form.Errors(data)
  const path = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
  const name = /^[a-z_.\d]{1,100}$/.test(path) ? `provider_data.${path}` : 'provider_data'
  throw rejected(`${name} does not have the form that Pagar.me takes`)
}

export function checkNoData(data: Record<string, Json>): void {
  if (Object.keys(data).length > 0) throw rejected('Pagar.me takes no provider_data for a customer')
}

const field = (name: string, description: string): RequiredField => ({ field: name, description })

const identity = [field('name', 'Full or legal name.'), field('email', 'E-mail address.')]

const registered = [
  ...identity,
  field('document.number', 'CPF of a person, CNPJ of a company.'),
  field('phone', 'Brazilian phone number.'),
  field('address.streetName', 'Street.'),
  field('address.streetNumber', 'Number in the street.'),
  field('address.neighborhood', 'District.'),
  field('address.city', 'City.'),
  field('address.state', 'State.'),
  field('address.postalCode', 'Postal code (CEP).'),
  field('providerData.default_bank_account', 'Bank account that receives the transfers.'),
  field('providerData.reference_point', 'A point of reference near the address.'),
]

const requiredOfRecipient: Record<ProviderCustomer['kind'], RequiredField[]> = {
  individual: [
    ...registered,
    field('dateOfBirth', 'Date of birth.'),
    field('providerData.monthly_income', 'Monthly income, in the unit that Pagar.me asks for.'),
    field('providerData.professional_occupation', 'Occupation.'),
  ],
  business: [
    ...registered,
    field('providerData.annual_revenue', 'Yearly revenue, in the unit that Pagar.me asks for.'),
    field('providerData.trading_name', 'Trading name.'),
    field('providerData.managing_partners', 'The people who manage the company, one or more.'),
  ],
}

export function pagarMeRequiredFields(
  role: ProviderRole,
  kind: ProviderCustomer['kind'],
): readonly RequiredField[] {
  return role === 'customer' ? identity : requiredOfRecipient[kind]
}
