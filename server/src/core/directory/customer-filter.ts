// Owns what customers can be filtered by, and where each filter is answered from.
import { accountNumberToken } from '../bank-accounts/bank-account-service.ts'
import type { Context } from '../context.ts'
import type { Customer, CustomerKind } from '../customer/customer.ts'
import { lookupTokens } from '../customer/customer-list.ts'
import { metadataText, metadataToken } from '../customer/customer-metadata.ts'
import { normalForms, normalizeLookup } from '../customer/customer-rules.ts'
import { parseSearch } from '../customer/customer-words.ts'
import {
  checkCountry,
  checkEmail,
  checkPhone,
  checkText,
  externalIdLengthMax,
  refuseField,
} from '../fields.ts'
import { checkEvmAddress, checkSolanaAddress } from '../wallets/address.ts'
import { addressTokenOf } from '../wallets/wallet-seal.ts'
import type { Source, Test } from './filter-store.ts'

export const walletStatuses = ['verified', 'unverified', 'authorized'] as const
export type WalletStatus = (typeof walletStatuses)[number]

/** All that is given must hold. */
export interface CustomerFilter {
  email?: string | undefined
  phone?: string | undefined
  /** Its number; punctuation and case do not matter. */
  document?: string | undefined
  documentType?: string | undefined
  documentCountry?: string | undefined
  wallet?: string | undefined
  bankAccount?: string | undefined
  externalId?: string | undefined
  /** The three below hold for one registration. */
  provider?: string | undefined
  providerCustomerId?: string | undefined
  registrationStatus?: string | undefined
  kind?: CustomerKind | undefined
  country?: string | undefined
  onboardingStatus?: string | undefined
  bankingStatus?: string | undefined
  /** Each below: of one of the customer's. */
  walletStatus?: WalletStatus | undefined
  accountStatus?: string | undefined
  applicationStatus?: string | undefined
  payoutStatus?: string | undefined
  paymentIntentStatus?: string | undefined
  invoiceStatus?: string | undefined
  subscriptionStatus?: string | undefined
  metadata?: Record<string, string> | undefined
  /** Milliseconds since the epoch; the second one is left out itself. */
  createdFrom?: number | undefined
  createdTo?: number | undefined
  /** The beginnings of words in name, e-mail and external id. */
  q?: string | undefined
}

export interface FilterPlan {
  /** Those that leave few customers first. */
  sources: Source[]
  /** What a hash or an index cannot say for certain, asked of the opened record. */
  matches(customer: Customer): boolean
}

type Part = Pick<FilterPlan, 'sources'> & Partial<FilterPlan>

/** Error: `field_invalid`, for the field and the rule that its value breaks. */
export async function planFilter(context: Context, filter: CustomerFilter): Promise<FilterPlan> {
  const parts: Part[] = [
    exactPart(filter),
    ...lookupParts(context, filter),
    ...(await facetParts(context, filter)),
    registrationPart(filter),
    ...metadataParts(context, filter),
    wordPart(context, filter),
    ...statusParts(context, filter),
    recordPart(filter),
  ]
  return {
    sources: parts.flatMap(({ sources }) => sources),
    matches: (customer) => parts.every(({ matches }) => matches?.(customer) ?? true),
  }
}

const is = (column: string, value: string | Uint8Array): Test => ({ column, is: '=', value })
const ofCustomers = (...tests: Test[]): Source => ({ table: 'customers', column: 'id', tests })
const ofTable = (table: Source['table'], ...tests: Test[]): Source => ({
  table,
  column: 'customer_id',
  tests,
})
const nothing: Part = { sources: [] }

function exactPart({ externalId }: CustomerFilter): Part {
  if (externalId === undefined) return nothing
  checkText('externalId', externalId, externalIdLengthMax)
  return { sources: [{ ...ofCustomers(is('external_id', externalId)), isSingle: true }] }
}

function lookupParts(context: Context, filter: CustomerFilter): Part[] {
  const { documentCountry } = filter
  if (documentCountry !== undefined) {
    checkCountry('documentCountry', documentCountry)
    if (filter.document === undefined) refuseField('documentCountry', 'needs document beside it')
  }
  const given = {
    email: filter.email === undefined ? undefined : checkEmail('email', filter.email),
    phone: filter.phone === undefined ? undefined : checkPhone('phone', filter.phone),
    document: filter.document && checkText('document', filter.document, documentLengthMax),
  }
  return (['email', 'phone', 'document'] as const).map((field) => {
    const value = given[field]
    if (value === undefined) return nothing
    const normalForm = normalizeLookup(field, value)
    const tokens = lookupTokens(context, field, [value])
    return {
      sources: tokens.map((token) =>
        ofTable('customer_lookups', is('field', field), is('token', token)),
      ),
      matches: (customer) =>
        normalForms(customer)[field] === normalForm &&
        (field !== 'document' ||
          documentCountry === undefined ||
          customer.document?.country === documentCountry),
    }
  })
}

const documentLengthMax = 50
const accountNumberLengthMax = 64
const remoteIdLengthMax = 255
const qLengthMax = 255

async function facetParts(
  context: Context,
  { wallet, bankAccount }: CustomerFilter,
): Promise<Part[]> {
  const sources: Source[] = []
  if (wallet !== undefined) {
    const isEvm = /^0x/i.test(wallet)
    const address = await (isEvm ? checkEvmAddress : checkSolanaAddress)('wallet', wallet)
    sources.push(ofTable('wallets', is('address_token', addressTokenOf(context, address))))
  }
  if (bankAccount !== undefined) {
    checkText('bankAccount', bankAccount, accountNumberLengthMax)
    const token = accountNumberToken(context, bankAccount)
    sources.push(ofTable('bank_accounts', is('number_token', token)))
  }
  return [{ sources }]
}

function registrationPart(filter: CustomerFilter): Part {
  const { provider, providerCustomerId, registrationStatus } = filter
  const tests = [
    ...(provider === undefined ? [] : [is('provider', provider)]),
    ...(registrationStatus === undefined ? [] : [is('status', registrationStatus)]),
  ]
  if (providerCustomerId !== undefined) {
    checkText('providerCustomerId', providerCustomerId, remoteIdLengthMax)
    const source = ofTable('registrations', is('remote_id', providerCustomerId))
    return { sources: [{ ...source, also: tests }] }
  }
  return tests.length === 0 ? nothing : { sources: [ofTable('registrations', ...tests)] }
}

function metadataParts(context: Context, { metadata = {} }: CustomerFilter): Part[] {
  return Object.entries(metadata).map(([name, text]) => ({
    sources: [ofTable('customer_metadata', is('token', metadataToken(context, name, text)))],
    matches: (customer) => {
      const value = Object.hasOwn(customer.metadata, name) ? customer.metadata[name] : undefined
      return value !== undefined && metadataText(value) === text
    },
  }))
}

function wordPart(context: Context, { q }: CustomerFilter): Part {
  if (q === undefined) return nothing
  checkText('q', q, qLengthMax)
  const query = parseSearch(context, q)
  if (query === null) refuseField('q', 'holds no letter and no digit')
  return {
    sources: query.tokens.map((token) => ({
      ...ofTable('customer_words', is('token', token)),
      orUnindexed: true,
    })),
    matches: query.matches,
  }
}

const statusTables = {
  accountStatus: 'accounts',
  applicationStatus: 'applications',
  payoutStatus: 'payouts',
  paymentIntentStatus: 'payment_intents',
  invoiceStatus: 'invoices',
  subscriptionStatus: 'subscriptions',
} as const

function statusParts(context: Context, filter: CustomerFilter): Part[] {
  const names = Object.keys(statusTables) as (keyof typeof statusTables)[]
  const sources = names.flatMap((name) => {
    const status = filter[name]
    return status === undefined ? [] : [ofTable(statusTables[name], is('status', status))]
  })
  const { walletStatus } = filter
  if (walletStatus === undefined) return [{ sources }]
  const tests: Record<WalletStatus, Test[]> = {
    verified: [{ column: 'ownership_verified_at', is: 'not null' }],
    unverified: [{ column: 'ownership_verified_at', is: 'null' }],
    authorized: [
      { column: 'authorized_at', is: 'not null' },
      { column: 'authorized_until', is: 'null or above', value: context.clock.now() },
    ],
  }
  return [{ sources: [...sources, ofTable('wallets', ...tests[walletStatus])] }]
}

function recordPart(filter: CustomerFilter): Part {
  const { createdFrom, createdTo, country } = filter
  if (country !== undefined) checkCountry('country', country)
  if (filter.documentType !== undefined) {
    checkText('documentType', filter.documentType, documentLengthMax)
  }
  if (createdFrom !== undefined && createdTo !== undefined && createdFrom > createdTo) {
    refuseField('createdTo', 'lies before created_from')
  }
  const columns = {
    document_type: filter.documentType,
    banking_status: filter.bankingStatus,
    onboarding_status: filter.onboardingStatus,
    country,
    kind: filter.kind,
  }
  const sources = Object.entries(columns).flatMap(([column, value]) =>
    value === undefined ? [] : [ofCustomers(is(column, value))],
  )
  const created: Test[] = [
    ...(createdFrom === undefined
      ? []
      : [{ column: 'created_at', is: '>=' as const, value: createdFrom }]),
    ...(createdTo === undefined
      ? []
      : [{ column: 'created_at', is: '<' as const, value: createdTo }]),
  ]
  return { sources: created.length === 0 ? sources : [...sources, ofCustomers(...created)] }
}
