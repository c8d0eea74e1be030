// Owns the vocabulary of bank accounts that receive payouts.
import { defineErrors } from '../errors.ts'
import type { Metadata } from '../fields.ts'

export type AccountType = 'checking' | 'savings'

export interface BankAccount {
  id: string
  customerId: string
  country: string
  currency: string
  rail: string
  accountType: AccountType
  /** The number itself stays sealed and is never shown. */
  accountNumberLast4: string | null
  holderName: string
  metadata: Metadata
  createdAt: number
}

export const bankAccountErrors = defineErrors({
  bank_account_not_found: {
    kind: 'missing',
    title: 'No such bank account',
    detail: 'There is no bank account with this id on this customer.',
    fix: "Check the id against the customer's bank accounts.",
  },
  bank_account_exists: {
    kind: 'conflict',
    title: 'Bank account on file',
    detail: 'accountNumber: this customer already has a bank account with this number.',
    fix: 'Use the bank account that is on file.',
  },
  bank_account_cursor_unknown: {
    kind: 'malformed',
    title: 'Unknown cursor',
    detail: 'startingAfter: is not the id of a bank account of this customer.',
    fix: 'Pass the id of the last bank account of the page before, or leave it out.',
  },
})

export const bankAccountEvents = {
  added: 'customer.bank_account.added',
  defaultChanged: 'customer.default_bank_account.changed',
} as const
