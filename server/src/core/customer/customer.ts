// Owns the vocabulary of the record: what a customer is, what can be refused, what can happen.

import { defineErrors } from '../errors.ts'
import type { Address, Document, Metadata, PhoneParts } from '../fields.ts'
import type { BankingStatus } from './banking-status.ts'
import type { OnboardingStatus } from './onboarding.ts'

export type CustomerKind = 'individual' | 'business'

/** One person or business that pays you, is paid by you, or banks with you. */
export interface Customer extends CustomerProfile {
  id: string
  kind: CustomerKind
  /** ISO 3166-1 alpha-2. */
  country: string | null
  /** The caller's own reference; unique within an app. */
  externalId: string | null
  defaultBankAccountId: string | null
  /** When the latest payout to this customer was accepted; milliseconds since the epoch. */
  lastPayoutAt: number | null
  /** How far the customer is at the providers: that of the most advanced registration. */
  onboardingStatus: OnboardingStatus
  /** The roles of its registrations. */
  roles: string[]
  /** Whether every registration has received what the record says now. */
  isSynced: boolean
  /** When that was last so; milliseconds since the epoch. */
  syncedAt: number | null
  /** Null: not a customer of the bank. */
  bankingStatus: BankingStatus | null
  /** Number of events in the history. */
  version: number
  createdAt: number
  updatedAt: number
}

/** The personal fields; sealed together at rest. */
export interface CustomerProfile {
  /** In full; `null` while only an e-mail address, a wallet or nothing is known. */
  name: string | null
  givenName: string | null
  familyName: string | null
  /** A business's own name, where its people have given theirs beside it. */
  companyName: string | null
  email: string | null
  /** E.164. */
  phone: string | null
  /** As they were given, where it was in parts. */
  phoneParts: PhoneParts | null
  document: Document | null
  /** `YYYY-MM-DD`. */
  dateOfBirth: string | null
  address: Address | null
  /** The country in the caller's words, where they are not its code. */
  countryText: string | null
  metadata: Metadata
  background: Background
}

/** What only some forms ask for; a member that is not known is left out. */
export type Background = Partial<Record<BackgroundText, string>> & { monthlyNetIncome?: number }

export const backgroundTexts = [
  'motherName',
  'gender',
  'socialName',
  'taxId',
  'accountType',
  'companyStartDate',
  'ownerLegalName',
  'ownerDocumentNumber',
  'ownerDocumentType',
  'customerWallet',
  'tradingWallet',
  'registrationNumber',
  'tradingName',
] as const
export type BackgroundText = (typeof backgroundTexts)[number]

/** Sealed fields that can be searched for equality, through a blind index each. */
export type LookupField = 'email' | 'phone' | 'document'

export const customerErrors = defineErrors({
  customer_not_found: {
    kind: 'missing',
    title: 'No such customer',
    detail: 'There is no customer with this id.',
    fix: 'Check the id, and that the key belongs to the app that holds the customer.',
  },
  customer_cursor_unknown: {
    kind: 'malformed',
    title: 'Unknown cursor',
    detail: 'startingAfter: is not the id of a customer.',
    fix: 'Pass the id of the last customer of the page before, or leave it out.',
  },
  version_missing: {
    kind: 'precondition_missing',
    title: 'If-Match is missing',
    detail: 'If-Match: is missing, so a change by somebody else could be lost.',
    fix: 'Read the customer, and send the ETag of that answer as If-Match.',
  },
  version_stale: {
    kind: 'precondition_failed',
    title: 'The customer has changed',
    detail: 'If-Match: names another version than the one that stands.',
    fix: 'Read the customer again, decide by what it says now, and send its ETag.',
  },
  version_not_found: {
    kind: 'missing',
    title: 'No such version',
    detail: 'as_of: the customer did not have this version, or was not there at this time.',
    fix: 'Pass a version from 1 to the current one, or a time after the customer was created.',
  },
  external_id_taken: {
    kind: 'conflict',
    title: 'External id in use',
    detail: 'Another customer of this app has this external id.',
    fix: 'Use the customer that has it, or choose another external id.',
  },
})

export const customerEvents = {
  created: 'customer.created',
  updated: 'customer.updated',
} as const
