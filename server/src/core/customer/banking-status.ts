// Owns the statuses of a customer of the bank, and what each permits, on every surface.
//
// Source: the banking product's public table; contracts/banking.md.
import { AppError, defineErrors } from '../errors.ts'
import { defineMachine } from '../status.ts'

export const bankingStatuses = ['ACTIVE', 'PENDING', 'EDD', 'FROZEN', 'DORMANT', 'CLOSED'] as const
export type BankingStatus = (typeof bankingStatuses)[number]

export const bankingErrors = defineErrors({
  customer_status_refused: {
    kind: 'conflict',
    title: 'Status does not allow it',
    detail: 'The status of the customer does not allow this move.',
    fix: 'Read the customer again, and make one of the moves that are allowed.',
  },
  customer_status_forbids: {
    kind: 'conflict',
    title: 'The status of the customer forbids it',
    detail: 'The banking status of the customer does not permit this.',
    fix: 'Have an operator change the status first, or leave it.',
  },
  customer_not_banking: {
    kind: 'conflict',
    title: 'Not a customer of the bank',
    detail: 'No application has been approved for this customer.',
    fix: 'Apply for the customer on the banking surface, and approve the application.',
  },
})

export const bankingEvents = {
  statusChanged: 'customer.banking_status.changed',
} as const

export const bankingMachine = defineMachine<BankingStatus>(
  {
    ACTIVE: ['EDD', 'DORMANT', 'CLOSED', 'FROZEN'],
    EDD: ['ACTIVE', 'CLOSED', 'FROZEN'],
    PENDING: ['ACTIVE', 'CLOSED'],
    FROZEN: ['ACTIVE', 'CLOSED', 'EDD'],
    DORMANT: ['ACTIVE', 'CLOSED', 'EDD'],
    CLOSED: [],
  },
  bankingErrors.customer_status_refused,
)

export interface Permissions {
  read: boolean
  update: boolean
  /** Whatever moves money, or lets it move: payouts, authorizations, syncs to providers. */
  transact: boolean
}

export const bankingPermissions: Readonly<Record<BankingStatus, Permissions>> = {
  ACTIVE: { read: true, update: true, transact: true },
  EDD: { read: true, update: true, transact: true },
  PENDING: { read: true, update: true, transact: false },
  FROZEN: { read: true, update: true, transact: false },
  DORMANT: { read: true, update: true, transact: true },
  CLOSED: { read: true, update: false, transact: false },
}

/** Whoever is no customer of the bank is not held back by its statuses. */
export function permits(status: BankingStatus | null, act: keyof Permissions): boolean {
  return status === null || bankingPermissions[status][act]
}

/** Errors: `customer_status_forbids`, which names the status and those that permit it. */
export function requirePermission(
  customer: { bankingStatus: BankingStatus | null },
  act: 'update' | 'transact',
): void {
  const { bankingStatus } = customer
  if (bankingStatus === null || permits(bankingStatus, act)) return
  const permitting = bankingStatuses.filter((status) => permits(status, act))
  const verb = act === 'update' ? 'be changed' : 'transact'
  const detail =
    `The banking status of the customer is ${bankingStatus}; ` +
    `it may ${verb} as ${permitting.join(', ')}.`
  throw new AppError(bankingErrors.customer_status_forbids, { detail })
}
