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
import { printTimeToSeconds } from '../../lib/time.ts'

const closed = { additionalProperties: false }
/** The title is its name in OpenAPI, in the reference and in the SDK. */
const named = (title: string) => ({ title, ...closed })

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Text = (description: string, example: string) =>
  Type.String({ description, examples: [example] })
/** Null in the example, as it is at first. */
const LaterText = (description: string) => Nullable(Type.String({ description }))
const NullableText = (description: string, example: string) => Nullable(Text(description, example))
const Bounded = (maxLength: number, description: string, example: string) =>
  Type.String({ maxLength, description, examples: [example] })
const Time = (description: string) => Text(description, '2026-02-25T12:00:00Z')
const Id = (description: string, prefix: string) =>
  Text(description, `${prefix}_01h455vb4pex5vsknk084sn02q`)

const metadataText = {
  description: 'Free-form key-value pairs for your internal references',
  examples: [{ internalUserId: 'USR-4421' }],
}
const StringMap = Type.Record(Type.String(), Type.String({ maxLength: metadataValueLengthMax }), {
  ...closed, // A name with a line break matches no pattern, and its value would go unchecked.
  maxProperties: metadataKeysMax,
  ...metadataText,
})
const WireMetadata = Type.Record(Type.String(), Type.String(), metadataText)
const Country = (description: string) =>
  Type.String({ minLength: 2, maxLength: 2, description, examples: ['AR'] })
const Currency = Type.String({
  minLength: 3,
  maxLength: 3,
  description: '`ARS`',
  examples: ['ARS'],
})
const Name = (description: string) =>
  Type.String({
    minLength: 1,
    maxLength: nameLengthMax,
    description,
    examples: ['Gerardo Ratto'],
  })
const AccountNumber = Bounded(64, '22-digit CBU or CVU', '0070327530004025541644')
const CustomerType = Type.Enum(['individual', 'business'], {
  description: '`individual` or `business`',
})
const AccountType = Type.Enum(['checking', 'savings'], {
  description: '`checking` or `savings`',
})

export const WireNewCustomer = Type.Object(
  {
    type: CustomerType,
    name: Name('Full name or business name'),
    country: Country('ISO 3166-1 alpha-2 (e.g. `AR`)'),
    email: Type.Optional(Nullable(Bounded(emailLengthMax, 'Contact email', 'gerardo@example.com'))),
    metadata: Type.Optional(Nullable(StringMap)),
  },
  named('NewCustomer'),
)

export const WireCustomer = Type.Object(
  {
    customerId: Id('The id of the customer', 'cust'),
    type: CustomerType,
    name: Text('Full name or business name', 'Gerardo Ratto'),
    email: NullableText('Contact email', 'gerardo@example.com'),
    country: NullableText('ISO 3166-1 alpha-2', 'AR'),
    defaultBankAccountId: LaterText('The bank account that stands in for a destination'),
    metadata: WireMetadata,
    createdAt: Time('When the customer was created'),
    last_out: LaterText('When the latest payout to the customer was accepted'),
  },
  named('Customer'),
)
export type WireCustomer = Static<typeof WireCustomer>

export const WireNewBankAccount = Type.Object(
  {
    country: Country('`AR` for Argentina'),
    currency: Currency,
    rail: Bounded(20, 'Use `OTHER` for CBU/CVU transfers', 'OTHER'),
    accountType: AccountType,
    holderName: Name('Account holder name'),
    accountNumber: Type.Optional(Nullable(AccountNumber)),
    metadata: Type.Optional(Nullable(StringMap)),
  },
  named('NewBankAccount'),
)

export const WireBankAccount = Type.Object(
  {
    bankAccountId: Id('The id of the bank account', 'ba'),
    customerId: Id('The customer that holds it', 'cust'),
    country: Text('ISO 3166-1 alpha-2', 'AR'),
    currency: Text('ISO 4217', 'ARS'),
    rail: Text('How money reaches it', 'OTHER'),
    accountNumberLast4: NullableText(
      'The last four digits; the full number is never returned',
      '1644',
    ),
    accountType: AccountType,
    holderName: Text('Account holder name', 'Gerardo Ratto'),
    metadata: WireMetadata,
    createdAt: Time('When the bank account was added'),
  },
  named('BankAccount'),
)
export type WireBankAccount = Static<typeof WireBankAccount>

export const WireDefaultBankAccount = Type.Object(
  { bankAccountId: Id('One of the bank accounts of the customer', 'ba') },
  named('DefaultBankAccount'),
)

export const WireNewPayout = Type.Object(
  {
    amount: Bounded(32, 'Decimal text above zero with at most two places', '5000.00'),
    currency: Currency,
    destinationCbu: Type.Optional(Nullable(AccountNumber)),
    destinationName: Type.Optional(Nullable(Name('Name of the receiver'))),
    destinationCuit: Type.Optional(Nullable(Bounded(32, 'CUIT or CUIL, 11 digits', '20221370075'))),
    customerId: Type.Optional(
      Nullable(Type.String({ maxLength: 64, description: 'The saved recipient' })),
    ),
  },
  named('NewPayout'),
)

export const WirePayout = Type.Object(
  {
    id: Id('The id of the payout', 'po'),
    merchantId: Id('The merchant that pays', 'mer'),
    customerId: LaterText('The saved recipient'),
    bankAccountId: LaterText("The recipient's bank account, where the number is one of theirs"),
    amount: Text('Decimal text with two places', '5000.00'),
    currency: Text('ISO 4217', 'ARS'),
    destinationCbu: NullableText(
      'As you gave it; null when the default bank account stood in',
      '0070327530004025541644',
    ),
    destinationName: NullableText('As you gave it', 'Gerardo Ratto'),
    destinationCuit: NullableText('As you gave it', '20221370075'),
    status: Type.Enum([...payoutStatuses], { description: 'Its state' }),
    attempts: Type.Integer({ description: 'Tries that the rail has answered', examples: [0] }),
    submittedAt: LaterText('When it was handed to the rail'),
    completedAt: LaterText('When the rail completed it'),
    errorMessage: LaterText('Why the last try failed'),
    createdAt: Time('When it was accepted'),
  },
  named('Payout'),
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

export const CustomerParams = Type.Object({ customerId: Id('The customer', 'cust') }, closed)
export const PayoutParams = Type.Object({ id: Id('The payout', 'po') }, closed)

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
    // A client of this surface counts on text; a customer known by an e-mail alone has no name.
    name: customer.name ?? '',
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
  return printTimeToSeconds(time)
}
