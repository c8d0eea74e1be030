// Owns what stands beside a customer's record on the platform surface, facet by facet.
import Type, { type Static } from 'typebox'
import { listAccounts } from '../../core/accounts/account-service.ts'
import { activityCountsOf, recentActivity } from '../../core/activity/summary-service.ts'
import { listBankAccounts } from '../../core/bank-accounts/bank-account-service.ts'
import type { Context } from '../../core/context.ts'
import { bankingStatuses } from '../../core/customer/banking-status.ts'
import type { Customer } from '../../core/customer/customer.ts'
import { refuseField } from '../../core/fields.ts'
import { listFiles } from '../../core/files/file-service.ts'
import { listIndividuals } from '../../core/individuals/individual-service.ts'
import { payoutStatuses } from '../../core/payouts/payout.ts'
import { listPayouts } from '../../core/payouts/payout-service.ts'
import { listRegistrations } from '../../core/registrations/registration-service.ts'
import { walletsOf } from '../../core/wallets/wallet-service.ts'
import { personal, personalNumber } from '../../http/mask.ts'
import { printId } from '../../lib/id.ts'
import { printTime } from '../../lib/time.ts'
import { closed, named, toWireRegistration, WireRegistration } from './wire.ts'
import { printLater, recordMembers } from './wire-customer.ts'
import { Later, Time } from './wire-parts.ts'

const Id = (description: string) => Type.String({ description })
const Word = (description: string, more: object = {}) => Type.String({ description, ...more })
const Minor = (description: string) => Type.Integer({ description, examples: [12_500] })
const List = <M extends Type.TProperties>(description: string, members: M) =>
  Type.Array(Type.Object(members, closed), { description })

const facetSchemas = {
  registrations: Type.Array(WireRegistration, { description: 'At providers' }),
  wallets: List('Wallets that it pays from', {
    id: Id('The wallet'),
    chain_id: Type.Integer({ description: 'The chain' }),
    address: Word('The address', personalNumber),
    ownership_verified_at: Later('When its owner signed a challenge'),
    authorized_until: Later('When its authorization ends by itself'),
    created_at: Time('When it was linked'),
  }),
  bank_accounts: List('Bank accounts that receive payouts, the newest first', {
    id: Id('The bank account'),
    country: Word('Its country'),
    currency: Word('Its currency'),
    rail: Word('How it is paid'),
    account_type: Word('Checking or savings'),
    account_number_last4: Later('How its number ends'),
    holder_name: Word('Whose it is', personal),
    created_at: Time('When it was added'),
  }),
  payouts: List('The newest payouts', {
    id: Id('The payout'),
    amount_minor: Minor('In minor units'),
    currency: Word('Its currency'),
    status: Type.Enum([...payoutStatuses], { description: 'How far it is' }),
    bank_account_id: Later('Which of its bank accounts receives it'),
    created_at: Time('When it was accepted'),
    completed_at: Later('When it was paid'),
  }),
  accounts: List('Accounts that it holds', {
    id: Id('The account'),
    type: Word('What kind'),
    currency: Word('Its currency'),
    status: Type.Enum([...bankingStatuses], { description: "The account's own status" }),
    nickname: Later('What the holder calls it', null, personal),
    created_at: Time('When it was opened'),
  }),
  individuals: List('People behind the company', {
    id: Id('The person'),
    role: Word('What they are there'),
    first_name: Later('First name', null, personal),
    last_name: Later('Last name', null, personal),
    ownership_percentage: Type.Union([Type.Number(), Type.Null()], {
      description: 'Percent of the company',
    }),
    created_at: Time('When they were named'),
  }),
  files: List('Identity files', {
    id: Id('The file'),
    name: Word('Its name', personal),
    file_type: Word('What it proves'),
    content_type: Word('What its bytes are'),
    size: Type.Integer({ description: 'In bytes' }),
    created_at: Time('When it arrived'),
  }),
  activity: Type.Object(
    {
      payment_intents: Type.Integer({ description: 'How many payment intents' }),
      invoices: Type.Integer({ description: 'How many invoices' }),
      subscriptions: Type.Integer({ description: 'How many subscriptions' }),
      recent_payment_intents: List('The newest ones', {
        id: Id('The payment intent'),
        status: Word('How far it is'),
        amount_minor: Minor('In minor units'),
        currency: Word('Its currency'),
        created_at: Time('When it was made'),
      }),
      recent_invoices: List('The newest ones', {
        id: Id('The invoice'),
        number: Type.Integer({ description: 'Its number' }),
        status: Word('How far it is'),
        total_minor: Minor('In minor units'),
        currency: Word('Its currency'),
        created_at: Time('When it was drafted'),
      }),
    },
    { ...closed, description: 'On the crypto surface' },
  ),
}
export const WireFacets = Type.Partial(Type.Object(facetSchemas))
type WireFacets = Static<typeof WireFacets>
export const WireCustomer = Type.Object(
  { ...recordMembers, ...WireFacets.properties },
  named('Customer'),
)
export type FacetName = keyof typeof facetSchemas
export const facetNames = Object.keys(facetSchemas) as FacetName[]

/** Left out: every facet. Error: `field_invalid`. */
export function fromWireInclude(text: string | undefined): FacetName[] {
  if (text === undefined) return facetNames
  const wanted = new Set(text === '' ? [] : text.split(','))
  const known = facetNames.filter((name) => wanted.has(name))
  if (known.length < wanted.size) {
    refuseField('include', `is not some of ${facetNames.join(',')}, with commas between them`)
  }
  return known
}

const shownMax = 20
type Read<F extends FacetName> = (
  context: Context,
  customerId: string,
  customer: Customer,
) => Promise<NonNullable<WireFacets[F]>>

const readers: { [F in FacetName]: Read<F> } = {
  registrations: async (context, id) =>
    (await listRegistrations(context, id)).map(toWireRegistration),
  wallets: async (context, id) =>
    ((await walletsOf(context, [id])).get(id) ?? []).map((wallet) => ({
      id: printId('wallet', wallet.id),
      chain_id: wallet.chainId,
      address: wallet.address,
      ownership_verified_at: printLater(wallet.ownershipVerifiedAt),
      authorized_until: printLater(wallet.authorizedUntil),
      created_at: printTime(wallet.createdAt),
    })),
  bank_accounts: async (context, customerId) =>
    (await listBankAccounts(context, { customerId, limit: shownMax, startingAfter: null })).map(
      (account) => ({
        id: printId('bankAccount', account.id),
        country: account.country,
        currency: account.currency,
        rail: account.rail,
        account_type: account.accountType,
        account_number_last4: account.accountNumberLast4,
        holder_name: account.holderName,
        created_at: printTime(account.createdAt),
      }),
    ),
  payouts: async (context, customerId) => {
    const newest = { customerId, status: null, limit: shownMax, startingAfter: null }
    return (await listPayouts(context, newest)).map((payout) => ({
      id: printId('payout', payout.id),
      amount_minor: payout.amountMinor,
      currency: payout.currency,
      status: payout.status,
      bank_account_id:
        payout.bankAccountId === null ? null : printId('bankAccount', payout.bankAccountId),
      created_at: printTime(payout.createdAt),
      completed_at: printLater(payout.completedAt),
    }))
  },
  accounts: async (context, customerId, { bankingStatus }) => {
    if (bankingStatus === null) return []
    const all = { customerId, status: null, currency: null, beforeId: null, limit: 100 }
    return (await listAccounts(context, all)).map((account) => ({
      id: printId('account', account.id),
      type: account.type,
      currency: account.currency,
      status: account.status,
      nickname: account.nickname,
      created_at: printTime(account.createdAt),
    }))
  },
  individuals: async (context, id) =>
    (await listIndividuals(context, id)).map((person) => ({
      id: printId('individual', person.id),
      role: person.role,
      first_name: person.firstName,
      last_name: person.lastName,
      ownership_percentage: person.ownershipPercentage,
      created_at: printTime(person.createdAt),
    })),
  files: async (context, id) =>
    (await listFiles(context, id)).map((file) => ({
      id: printId('file', file.id),
      name: file.name,
      file_type: file.fileType,
      content_type: file.contentType,
      size: file.size,
      created_at: printTime(file.createdAt),
    })),
  activity: async (context, id) => {
    const [counts, recent] = await Promise.all([
      activityCountsOf(context, [id]),
      recentActivity(context, id),
    ])
    const { paymentIntents = 0, invoices = 0, subscriptions = 0 } = counts.get(id) ?? {}
    return {
      payment_intents: paymentIntents,
      invoices,
      subscriptions,
      recent_payment_intents: recent.paymentIntents.map((intent) => ({
        id: printId('paymentIntent', intent.id),
        status: intent.status,
        amount_minor: intent.amountMinor,
        currency: intent.currency,
        created_at: printTime(intent.createdAt),
      })),
      recent_invoices: recent.invoices.map((invoice) => ({
        id: printId('invoice', invoice.id),
        number: invoice.number,
        status: invoice.status,
        total_minor: invoice.totalMinor,
        currency: invoice.currency,
        created_at: printTime(invoice.createdAt),
      })),
    }
  },
}

export async function readFacets(
  context: Context,
  customer: Customer,
  names: FacetName[],
): Promise<WireFacets> {
  const entries = await Promise.all(
    names.map(async (name) => [name, await readers[name](context, customer.id, customer)] as const),
  )
  return Object.fromEntries(entries)
}
