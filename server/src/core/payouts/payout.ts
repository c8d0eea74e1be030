// Owns the vocabulary of payouts: what one is, its states, its refusals, its events.
import { defineErrors } from '../errors.ts'
import { defineMachine } from '../status.ts'

export const payoutStatuses = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const

export type PayoutStatus = (typeof payoutStatuses)[number]

export interface Payout {
  id: string
  customerId: string | null
  /** The customer's bank account that receives it, where the number is one of theirs. */
  bankAccountId: string | null
  /** Integer minor units. */
  amountMinor: number
  currency: string
  destination: PayoutTarget
  status: PayoutStatus
  /** Tries that ended with an answer of the rail. */
  attempts: number
  errorMessage: string | null
  createdAt: number
  submittedAt: number | null
  completedAt: number | null
}

/** With what an operator or a bank file said of it. */
export interface DecidedPayout extends Payout {
  /** As in the history; `null`: its rail said what became of it, or nobody yet. */
  decidedBy: string | null
  /** Of one that was completed; a failure has its `errorMessage`. */
  note: string | null
}

/** As the caller gave it; `cbu` is null when the default bank account stands in for it. */
export interface PayoutTarget {
  cbu: string | null
  name: string | null
  cuit: string | null
}

export const payoutErrors = defineErrors({
  payout_not_found: {
    kind: 'missing',
    title: 'No such payout',
    detail: 'There is no payout with this id.',
    fix: 'Check the id, and that the key belongs to the app that made the payout.',
  },
  payout_cursor_unknown: {
    kind: 'malformed',
    title: 'Unknown cursor',
    detail: 'startingAfter: is not the id of a payout.',
    fix: 'Pass the id of the last payout of the page before, or leave it out.',
  },
  payout_destination_missing: {
    kind: 'invalid',
    title: 'No destination',
    detail: 'destinationCbu: is missing, and no default bank account stands in for it.',
    fix: 'Give destinationCbu, or a customerId whose default bank account has a number.',
  },
  payout_currency_differs: {
    kind: 'invalid',
    title: 'Currency differs',
    detail: 'currency: is not the currency of the default bank account that stands in.',
    fix: 'Use the currency of the bank account, or give destinationCbu.',
  },
  payout_reason_missing: {
    kind: 'invalid',
    title: 'No reason',
    detail: 'reason: is missing; a payout that failed has one.',
    fix: 'Say why it failed, as the caller will read it: nothing personal.',
  },
  payout_file_malformed: {
    kind: 'invalid',
    title: 'Not a file of outcomes',
    detail: 'file: is not CSV in UTF-8 with at least one payout.',
    fix: 'Send lines of payout id, outcome and reason, one payout a line.',
  },
  payout_file_too_long: {
    kind: 'too_large',
    title: 'Too many lines',
    detail: 'file: has more than 10,000 lines.',
    fix: 'Send it in parts.',
  },
  payout_line_malformed: {
    kind: 'invalid',
    title: 'Broken line',
    detail: 'The line is not a payout id, an outcome and a reason.',
    fix: 'Correct the line and send the file again.',
  },
  payout_line_repeated: {
    kind: 'conflict',
    title: 'Payout named before',
    detail: 'An earlier line of the file names the same payout.',
    fix: 'Leave one line a payout.',
  },
  payout_status_refused: {
    kind: 'conflict',
    title: 'Status does not allow it',
    detail: 'The status of the payout does not allow this move.',
    fix: 'Read the payout again and decide by its status.',
  },
})

/** The only moves; `processing` stays while the rail is tried again. */
export const payoutMachine = defineMachine<PayoutStatus>(
  {
    pending: ['processing', 'cancelled'],
    processing: ['completed', 'failed'],
    completed: [],
    failed: [],
    cancelled: [],
  },
  payoutErrors.payout_status_refused,
)

export const payoutEvents = {
  accepted: 'customer.payout.accepted',
  submitted: 'customer.payout.submitted',
  retried: 'customer.payout.retried',
  completed: 'customer.payout.completed',
  failed: 'customer.payout.failed',
  cancelled: 'customer.payout.cancelled',
} as const

/** Shown to the caller where a payout failed, and kept in the history. */
export const outcomeReasonLengthMax = 200

/** A rail is asked this often before the payout fails. */
export const payoutAttemptsMax = 3

/** The job that carries a payout to its rail. */
export const payoutJobKind = 'payout.submit'
