// Owns the payouts surface's wire schemas, in the contract's exact names, and the way to and from
// the core. Source: the product's public page "Customers" and contracts/payouts.md.
import Type, { type Static } from 'typebox'
import type { BankAccount } from '../../core/bank-accounts/bank-account.ts'
import { bankAccountErrors } from '../../core/bank-accounts/bank-account.ts'
import { type Customer, customerErrors } from '../../core/customer/customer.ts'
import { AppError, type ErrorDefinition } from '../../core/errors.ts'
import {
  emailLengthMax,
  type Metadata,
  metadataKeysMax,
  metadataValueLengthMax,
  nameLengthMax,
} from '../../core/fields.ts'
import { type Payout, payoutErrors, payoutStatuses } from '../../core/payouts/payout.ts'
import { type IdNoun, parseId, printId } from '../../lib/id.ts'
import { printAmount } from '../../lib/money.ts'

const closed = { additionalProperties: false }

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const NullableText = (description: string) => Nullable(Type.String({ description }))
const Time = (description: string) =>
  Type.String({ description, examples: ['2026-02-25T12:00:00Z'] })

const StringMap = Type.Record(Type.String(), Type.String({ maxLength: metadataValueLengthMax }), {
  maxProperties: metadataKeysMax,
  description: 'Free-form key-value pairs for your internal references',
})
const Country = (description: string) =>
  Type.String({ minLength: 2, maxLength: 2, description, examples: ['AR'] })
const Currency = Type.String({
  minLength: 3,
  maxLength: 3,
  description: '`ARS`',
  examples: ['ARS'],
})
const Name = (description: string) =>
  Type.String({ minLength: 1, maxLength: nameLengthMax, description })

export const WireNewCustomer = Type.Object(
  {
    type: Type.Enum(['individual', 'business'], { description: '`individual` or `business`' }),
    name: Name('Full name or business name'),
    country: Country('ISO 3166-1 alpha-2 (e.g. `AR`)'),
    email: Type.Optional(
      Nullable(Type.String({ maxLength: emailLengthMax, description: 'Contact email' })),
    ),
    metadata: Type.Optional(Nullable(StringMap)),
  },
  closed,
)

export const WireCustomer = Type.Object(
  {
    customerId: Type.String({ examples: ['cust_01h455vb4pex5vsknk084sn02q'] }),
    type: Type.Enum(['individual', 'business']),
    name: Type.String(),
    email: NullableText('Contact email'),
    country: NullableText('ISO 3166-1 alpha-2'),
    defaultBankAccountId: NullableText('The bank account that stands in for a destination'),
    metadata: Type.Record(Type.String(), Type.String()),
    createdAt: Time('When the customer was created'),
    last_out: Nullable(Time('When the latest payout to the customer was accepted')),
  },
  closed,
)
export type WireCustomer = Static<typeof WireCustomer>

export const WireNewBankAccount = Type.Object(
  {
    country: Country('`AR` for Argentina'),
    currency: Currency,
    rail: Type.String({ maxLength: 20, description: 'Use `OTHER` for CBU/CVU transfers' }),
    accountType: Type.Enum(['checking', 'savings'], { description: '`checking` or `savings`' }),
    holderName: Name('Account holder name'),
    accountNumber: Type.Optional(
      Nullable(Type.String({ maxLength: 64, description: '22-digit CBU or CVU' })),
    ),
    metadata: Type.Optional(Nullable(StringMap)),
  },
  closed,
)

export const WireBankAccount = Type.Object(
  {
    bankAccountId: Type.String({ examples: ['ba_01h455vb4pex5vsknk084sn02q'] }),
    customerId: Type.String(),
    country: Type.String(),
    currency: Type.String(),
    rail: Type.String(),
    accountNumberLast4: NullableText('The last four digits; the full number is never returned'),
    accountType: Type.Enum(['checking', 'savings']),
    holderName: Type.String(),
    metadata: Type.Record(Type.String(), Type.String()),
    createdAt: Time('When the bank account was added'),
  },
  closed,
)
export type WireBankAccount = Static<typeof WireBankAccount>

export const WireDefaultBankAccount = Type.Object({ bankAccountId: Type.String() }, closed)

export const WireNewPayout = Type.Object(
  {
    amount: Type.String({
      maxLength: 32,
      description: 'Decimal text above zero with at most two places',
      examples: ['5000.00'],
    }),
    currency: Currency,
    destinationCbu: Type.Optional(
      Nullable(Type.String({ maxLength: 64, description: '22-digit CBU or CVU' })),
    ),
    destinationName: Type.Optional(Nullable(Name('Name of the receiver'))),
    destinationCuit: Type.Optional(
      Nullable(Type.String({ maxLength: 32, description: 'CUIT or CUIL, 11 digits' })),
    ),
    customerId: Type.Optional(
      Nullable(Type.String({ maxLength: 64, description: 'The saved recipient' })),
    ),
  },
  closed,
)

export const WirePayout = Type.Object(
  {
    id: Type.String({ examples: ['po_01h455vb4pex5vsknk084sn02q'] }),
    merchantId: Type.String(),
    customerId: NullableText('The saved recipient'),
    bankAccountId: NullableText("The recipient's bank account, where the number is one of theirs"),
    amount: Type.String({ examples: ['5000.00'] }),
    currency: Type.String(),
    destinationCbu: NullableText('As you gave it; null when the default bank account stood in'),
    destinationName: NullableText('As you gave it'),
    destinationCuit: NullableText('As you gave it'),
    status: Type.Enum([...payoutStatuses]),
    attempts: Type.Integer({ description: 'Tries that the rail has answered' }),
    submittedAt: Nullable(Time('When it was handed to the rail')),
    completedAt: Nullable(Time('When the rail completed it')),
    errorMessage: NullableText('Why the last try failed'),
    createdAt: Time('When it was accepted'),
  },
  closed,
)
export type WirePayout = Static<typeof WirePayout>

export const pageLimits = { default: 50, max: 200 }

/** `limit` and `startingAfter`, alone or beside an operation's own filters. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: pageLimits.max,
      default: pageLimits.default,
      description: `Max results (1–${pageLimits.max}, default ${pageLimits.default})`,
    }),
  ),
  startingAfter: Type.Optional(
    Type.String({ maxLength: 64, description: 'The id of the last entry of the page before' }),
  ),
}

export const CustomerParams = Type.Object({ customerId: Type.String() }, closed)
export const PayoutParams = Type.Object({ id: Type.String() }, closed)

export function fromWireCustomerId(text: string): string {
  return fromWireId('customer', text, customerErrors.customer_not_found)
}

export function fromWirePayoutId(text: string): string {
  return fromWireId('payout', text, payoutErrors.payout_not_found)
}

export function fromWireBankAccountId(text: string): string {
  const id = parseId('bankAccount', text)
  if (id !== null) return id
  throw new AppError(bankAccountErrors.bank_account_not_found, { param: 'bankAccountId' })
}

/** What is not the spelling of an id is refused like an id that nothing has. */
export function fromWireCursor(
  noun: IdNoun,
  text: string | undefined,
  refusal: ErrorDefinition,
): string | null {
  if (text === undefined) return null
  const id = parseId(noun, text)
  if (id !== null) return id
  throw new AppError(refusal, { param: 'startingAfter' })
}

export function toWireCustomer(customer: Customer): WireCustomer {
  const { defaultBankAccountId, lastPayoutAt } = customer
  return {
    customerId: printId('customer', customer.id),
    type: customer.kind,
    name: customer.name,
    email: customer.email,
    country: customer.country,
    defaultBankAccountId:
      defaultBankAccountId === null ? null : printId('bankAccount', defaultBankAccountId),
    metadata: toWireMetadata(customer.metadata),
    createdAt: toWireTime(customer.createdAt),
    last_out: lastPayoutAt === null ? null : toWireTime(lastPayoutAt),
  }
}

export function toWireBankAccount(account: BankAccount): WireBankAccount {
  return {
    bankAccountId: printId('bankAccount', account.id),
    customerId: printId('customer', account.customerId),
    country: account.country,
    currency: account.currency,
    rail: account.rail,
    accountNumberLast4: account.accountNumberLast4,
    accountType: account.accountType,
    holderName: account.holderName,
    metadata: toWireMetadata(account.metadata),
    createdAt: toWireTime(account.createdAt),
  }
}

export function toWirePayout(payout: Payout, merchantId: string): WirePayout {
  const { customerId, bankAccountId, submittedAt, completedAt, destination } = payout
  return {
    id: printId('payout', payout.id),
    merchantId: printId('merchant', merchantId),
    customerId: customerId === null ? null : printId('customer', customerId),
    bankAccountId: bankAccountId === null ? null : printId('bankAccount', bankAccountId),
    amount: printAmount(payout.amountMinor),
    currency: payout.currency,
    destinationCbu: destination.cbu,
    destinationName: destination.name,
    destinationCuit: destination.cuit,
    status: payout.status,
    attempts: payout.attempts,
    submittedAt: submittedAt === null ? null : toWireTime(submittedAt),
    completedAt: completedAt === null ? null : toWireTime(completedAt),
    errorMessage: payout.errorMessage,
    createdAt: toWireTime(payout.createdAt),
  }
}

function fromWireId(noun: IdNoun, text: string, refusal: ErrorDefinition): string {
  const id = parseId(noun, text)
  if (id === null) throw new AppError(refusal)
  return id
}

/** This surface knows only text; a value that another surface wrote is shown as its JSON. */
function toWireMetadata(metadata: Metadata): Record<string, string> {
  const entries = Object.entries(metadata).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return Object.fromEntries(entries)
}

/** `2026-02-25T12:00:00Z`: this surface shows no milliseconds. */
function toWireTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}
