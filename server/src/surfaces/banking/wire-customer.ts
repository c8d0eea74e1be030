// Owns the banking surface's wire schemas of customers, and the way to and from the core.
import Type, { type Static } from 'typebox'
import type { Account } from '../../core/accounts/account.ts'
import type { BankingCustomer } from '../../core/customer/banking-customers.ts'
import type { Customer } from '../../core/customer/customer.ts'
import { namePartsOf } from '../../core/customer/customer-rules.ts'
import { emailLengthMax } from '../../core/fields.ts'
import { type Individual, individualRoles } from '../../core/individuals/individual.ts'
import { printId } from '../../lib/id.ts'
import {
  Given,
  Id,
  NullableText,
  named,
  Text,
  Time,
  toWireAddress,
  toWireKind,
  toWireTime,
  WireAddress,
  WireGivenAddress,
  WireStatus,
  WireType,
} from './wire.ts'

const Email = NullableText('Email address', 'john.doe@example.com')
const Phone = NullableText('Phone number in E.164', '+12025550123')
const NullableAddress = Type.Union([WireAddress, Type.Null()])

const summary = {
  id: Id('The id of the customer', 'cust'),
  type: WireType,
  status: WireStatus,
  email: Email,
}

export const WireListedCustomer = Type.Object(
  { ...summary, created_at: Time('When the customer was created') },
  named('CustomerListItem'),
)

export const WirePerson = Type.Object(
  {
    first_name: NullableText('First name', 'John'),
    last_name: NullableText('Last name', 'Doe'),
    date_of_birth: NullableText('`YYYY-MM-DD`', '1990-01-15'),
    address: NullableAddress,
  },
  named('Person'),
)

export const WireCorporation = Type.Object(
  {
    legal_name: NullableText('Legal name', 'Acme Corporation'),
    trading_name: NullableText('Name it trades under', 'Acme'),
    registration_number: NullableText('Number in the register of companies', '7654321'),
    tax_id: NullableText('Tax number', '12-3456789'),
    address: NullableAddress,
  },
  named('Corporation'),
)

const WireHeldAccount = Type.Object(
  {
    id: Id('The id of the account', 'acc'),
    currency: Text('ISO 4217', 'USD'),
    status: WireStatus,
  },
  named('CustomerAccount'),
)

const WireHeldIndividual = Type.Object(
  {
    id: Id('The id of the individual', 'ind'),
    role: Type.Enum([...individualRoles], { description: 'What the person is in the company' }),
  },
  named('CustomerIndividual'),
)

/** `individual` of a person; `corporation` and `individuals` of a company. */
export const WireCustomer = Type.Object(
  {
    ...summary,
    phone: Phone,
    individual: Type.Optional(WirePerson),
    corporation: Type.Optional(WireCorporation),
    individuals: Type.Optional(Type.Array(WireHeldIndividual)),
    accounts: Type.Array(WireHeldAccount),
    created_at: Time('When the customer was created'),
    updated_at: Time('When the customer last changed'),
  },
  named('Customer'),
)
export type WireCustomer = Static<typeof WireCustomer>

/** What may change without a new application, of a customer and of the people behind one. */
export const WireContact = Type.Object(
  {
    email: Type.Optional(Given(emailLengthMax, 'Updated email address', 'john@example.com')),
    phone: Type.Optional(Given(50, 'Updated phone number', '+12025550123')),
    address: Type.Optional(WireGivenAddress),
  },
  { ...named('ContactUpdate'), minProperties: 1 },
)
export type WireContact = Static<typeof WireContact>

/** Why any other member is refused. */
export const needsApplication = 'needs a new application'

export const WireUpdatedCustomer = Type.Object(
  {
    id: Id('The id of the customer', 'cust'),
    email: Type.Optional(Email),
    phone: Type.Optional(Phone),
    address: Type.Optional(NullableAddress),
    updated_at: Time('When the customer last changed'),
  },
  named('UpdatedCustomer'),
)

/** A record of which an application was approved. */
function statusOf({ bankingStatus }: Customer) {
  if (bankingStatus === null) throw new TypeError('only a customer of the bank is shown here')
  return bankingStatus
}

function toWireSummary(customer: Customer) {
  return {
    id: printId('customer', customer.id),
    type: toWireKind(customer.kind),
    status: statusOf(customer),
    email: customer.email,
  }
}

export function toWireListedCustomer(customer: Customer): Static<typeof WireListedCustomer> {
  return { ...toWireSummary(customer), created_at: toWireTime(customer.createdAt) }
}

type HeldAccount = Pick<Account, 'id' | 'currency' | 'status'>

export function toWireCustomer(
  customer: BankingCustomer,
  has: { accounts: HeldAccount[]; individuals: Individual[] },
): WireCustomer {
  return {
    ...toWireSummary(customer),
    phone: customer.phone,
    ...(customer.kind === 'individual'
      ? { individual: toWirePerson(customer) }
      : {
          corporation: toWireCorporation(customer),
          individuals: has.individuals.map(({ id, role }) => ({
            id: printId('individual', id),
            role,
          })),
        }),
    accounts: has.accounts.map(({ id, currency, status }) => ({
      id: printId('account', id),
      currency,
      status,
    })),
    created_at: toWireTime(customer.createdAt),
    updated_at: toWireTime(customer.updatedAt),
  }
}

/** The members that a body named, as they stand now. */
export function toWireUpdatedCustomer(
  customer: Customer,
  sent: WireContact,
): Static<typeof WireUpdatedCustomer> {
  return {
    id: printId('customer', customer.id),
    ...(sent.email === undefined ? {} : { email: customer.email }),
    ...(sent.phone === undefined ? {} : { phone: customer.phone }),
    ...(sent.address === undefined
      ? {}
      : { address: toWireAddress(customer.address, customer.country) }),
    updated_at: toWireTime(customer.updatedAt),
  }
}

function toWirePerson(customer: Customer): Static<typeof WirePerson> {
  const { givenName, familyName } = namePartsOf(customer)
  return {
    first_name: givenName,
    last_name: familyName,
    date_of_birth: customer.dateOfBirth,
    address: toWireAddress(customer.address, customer.country),
  }
}

function toWireCorporation(customer: Customer): Static<typeof WireCorporation> {
  const { tradingName = null, registrationNumber = null } = customer.background
  return {
    legal_name: namePartsOf(customer).companyName ?? customer.name,
    trading_name: tradingName,
    registration_number: registrationNumber,
    tax_id: customer.document?.number ?? null,
    address: toWireAddress(customer.address, customer.country),
  }
}
