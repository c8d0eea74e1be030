// Owns the vocabulary of accounts: the customer's register of them, not a ledger.
import type { BankingStatus } from '../customer/banking-status.ts'
import { defineErrors } from '../errors.ts'

export const accountTypes = ['DEPOSIT'] as const
export type AccountType = (typeof accountTypes)[number]

/** Of one customer. */
export const accountsMax = 100

export interface Account {
  id: string
  customerId: string
  type: AccountType
  /** ISO 4217. */
  currency: string
  /** Follows the table of the customer's. */
  status: BankingStatus
  nickname: string | null
  createdAt: number
  updatedAt: number
}

export const accountErrors = defineErrors({
  account_not_found: {
    kind: 'missing',
    title: 'No such account',
    detail: 'There is no account with this id.',
    fix: 'Check the id, and that the key belongs to the app that holds the account.',
  },
  accounts_full: {
    kind: 'conflict',
    title: 'Too many accounts',
    detail: 'The customer has as many accounts as one may have.',
    fix: 'Use one of the accounts that there are.',
  },
})

export const accountEvents = {
  opened: 'customer.account.opened',
  updated: 'customer.account.updated',
} as const
