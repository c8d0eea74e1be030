// Owns the bodies that Pagar.me documents, every member closed, as schemas of the stand-in.
import Type from 'typebox'
import { Compile } from 'typebox/compile'

const closed = { additionalProperties: false }
const optional = Type.Optional
const Text = Type.String({ minLength: 1, maxLength: 255 })
const Email = Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 64 })
const Digits = Type.String({ pattern: '^[0-9]+$' })
const Code = Type.String({ minLength: 1, maxLength: 52 })
const Metadata = Type.Record(Type.String(), Type.String())
const Day = Type.String({ pattern: '^[0-9]{2}/[0-9]{2}/[0-9]{4}$' })
const Amount = Type.Integer({ minimum: 0 })

const Address = Type.Object(
  {
    line_1: Text,
    line_2: Type.String(),
    zip_code: Type.String({ pattern: '^[0-9A-Za-z]+$' }),
    city: Text,
    state: Text,
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
  },
  closed,
)

const Phone = Type.Object({ country_code: Digits, area_code: Digits, number: Digits }, closed)

export const customerBody = Compile(
  Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 64 }),
      email: Email,
      code: Code,
      type: Type.Union([Type.Literal('individual'), Type.Literal('company')]),
      document: optional(Type.String({ pattern: '^[0-9A-Z]{5,16}$' })),
      document_type: optional(
        Type.Union([Type.Literal('CPF'), Type.Literal('CNPJ'), Type.Literal('PASSPORT')]),
      ),
      phones: optional(
        Type.Object({ mobile_phone: optional(Phone), home_phone: optional(Phone) }, closed),
      ),
      address: optional(Address),
      metadata: Metadata,
    },
    closed,
  ),
)

const BankAccount = Type.Object(
  {
    holder_name: Text,
    holder_type: Type.Union([Type.Literal('individual'), Type.Literal('company')]),
    holder_document: Type.String({ pattern: '^[0-9A-Z]{11,14}$' }),
    bank: Type.String({ pattern: '^[0-9]{3}$' }),
    branch_number: Digits,
    branch_check_digit: optional(Text),
    account_number: Digits,
    account_check_digit: Text,
    type: Type.Union([Type.Literal('checking'), Type.Literal('savings')]),
  },
  closed,
)

const RegisterAddress = Type.Object(
  {
    street: Text,
    complementary: Type.String(),
    street_number: Text,
    neighborhood: Text,
    city: Text,
    state: Text,
    zip_code: Digits,
    reference_point: Text,
  },
  closed,
)

const PhoneNumbers = Type.Array(
  Type.Object({ ddd: Type.String({ pattern: '^[0-9]{2}$' }), number: Digits, type: Text }, closed),
  { minItems: 1 },
)

const shared = { email: Email, site_url: optional(Text), phone_numbers: PhoneNumbers }

const person = {
  name: Text,
  birthdate: Day,
  monthly_income: Amount,
  professional_occupation: Text,
  mother_name: optional(Text),
  address: RegisterAddress,
}

const Individual = Type.Object(
  {
    ...shared,
    ...person,
    type: Type.Literal('individual'),
    document: Type.String({ pattern: '^[0-9]{11}$' }),
  },
  closed,
)

const Partner = Type.Object(
  {
    ...person,
    email: Email,
    document: Type.String({ pattern: '^[0-9]{11}$' }),
    type: optional(Type.Literal('individual')),
    phone_numbers: PhoneNumbers,
    self_declared_legal_representative: Type.Boolean(),
  },
  closed,
)

const Corporation = Type.Object(
  {
    ...shared,
    type: Type.Literal('corporation'),
    document: Type.String({ pattern: '^[0-9A-Z]{12}[0-9]{2}$' }),
    company_name: Text,
    trading_name: Text,
    annual_revenue: Amount,
    corporation_type: optional(Text),
    founding_date: optional(Day),
    cnae: optional(Text),
    main_address: RegisterAddress,
    managing_partners: Type.Array(Partner, { minItems: 1 }),
  },
  closed,
)

const recipient = {
  code: Code,
  metadata: Metadata,
  payment_mode: Type.Literal('bank_transfer'),
  default_bank_account: BankAccount,
  transfer_settings: optional(
    Type.Object(
      {
        transfer_enabled: Type.Boolean(),
        transfer_interval: Text,
        transfer_day: Type.Integer(),
      },
      closed,
    ),
  ),
}

export const recipientBodies = {
  individual: Compile(Type.Object({ ...recipient, register_information: Individual }, closed)),
  corporation: Compile(Type.Object({ ...recipient, register_information: Corporation }, closed)),
}

export const recipientUpdate = Compile(
  Type.Object(
    {
      name: Text,
      email: Email,
      type: Text,
      description: optional(Type.String()),
      status: optional(Text),
      metadata: optional(Metadata),
    },
    closed,
  ),
)
