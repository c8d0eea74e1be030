// Owns carrying a payout to its rail, and recording what came of it.
import { present } from '../../lib/assert.ts'
import type { Context } from '../context.ts'
import { permits } from '../customer/banking-status.ts'
import type { Customer } from '../customer/customer.ts'
import { AppError } from '../errors.ts'
import {
  type Payout,
  payoutAttemptsMax,
  payoutErrors,
  payoutEvents,
  payoutMachine,
} from './payout.ts'
import { openDestinations } from './payout-seal.ts'
import { changePayout, type PayoutMove } from './payout-service.ts'
import { type StoredPayout, selectPayout } from './payout-store.ts'
import type { Rail, TransferOutcome } from './rail.ts'

/** Whether the job is over, or the rail is to be asked again after a wait. */
export type TransferProgress = 'done' | 'again'

/**
 * One try. Safe to repeat after a crash at any point: the attempt's number is counted only with its
 * outcome, and the rail answers the same attempt the same way.
 */
export async function transferPayout(
  context: Context,
  id: string,
  rail: Rail,
): Promise<TransferProgress> {
  const payout = await changePayout(context, id, (stored, payee) =>
    submitMove(context, stored, payee),
  )
  if (payout.status !== 'processing') return 'done'
  const attempt = payout.attempts + 1
  const outcome = await rail.transfer(context, await transferOf(context, id, attempt))
  const after = await changePayout(context, id, (stored) => {
    const isDecided = stored.status !== 'processing' || stored.attempts !== payout.attempts
    return isDecided ? null : outcomeMove(context, { ...stored, attempts: attempt }, outcome)
  })
  return after.status === 'processing' ? 'again' : 'done'
}

/**
 * An operator or a bank file says what became of a payout on the manual rail. The note of one that
 * was completed stands in the history; the reason of a failure is shown to the caller too.
 * Errors: `payout_not_found`, `payout_status_refused`.
 */
export async function recordPayoutOutcome(
  context: Context,
  id: string,
  outcome: TransferOutcome,
  note: string | null = null,
): Promise<Payout> {
  return changePayout(context, id, (stored) => {
    // Whoever tells the outcome has also submitted it: both moves of the machine, in one step.
    if (stored.status !== 'processing') payoutMachine.checkMove(stored.status, 'processing')
    const submittedAt = stored.submittedAt ?? context.clock.now()
    const move = finalMove(context, { ...stored, attempts: stored.attempts + 1 }, outcome)
    return { ...move, set: { submittedAt, ...move.set }, decision: { note } }
  })
}

/** What has not left yet does not leave any more where the bank has stopped the payee meanwhile. */
function submitMove(
  context: Context,
  stored: StoredPayout,
  payee: Customer | null,
): PayoutMove | null {
  if (!payoutMachine.canMove(stored.status, 'processing')) return null
  if (payee && !permits(payee.bankingStatus, 'transact')) {
    const errorMessage = `The banking status of the customer was ${payee.bankingStatus}.`
    return { type: payoutEvents.cancelled, set: { status: 'cancelled', errorMessage } }
  }
  const submittedAt = context.clock.now()
  return { type: payoutEvents.submitted, set: { status: 'processing', submittedAt } }
}

function outcomeMove(context: Context, stored: StoredPayout, outcome: TransferOutcome): PayoutMove {
  if (outcome.state === 'completed' || stored.attempts >= payoutAttemptsMax) {
    return finalMove(context, stored, outcome)
  }
  const set = { attempts: stored.attempts, errorMessage: outcome.reason }
  return { type: payoutEvents.retried, set }
}

function finalMove(context: Context, stored: StoredPayout, outcome: TransferOutcome): PayoutMove {
  const { attempts } = stored
  if (outcome.state === 'failed') {
    const set = { status: 'failed' as const, attempts, errorMessage: outcome.reason }
    return { type: payoutEvents.failed, set }
  }
  const completedAt = context.clock.now()
  const set = { status: 'completed' as const, attempts, errorMessage: null, completedAt }
  return { type: payoutEvents.completed, set }
}

async function transferOf(context: Context, id: string, attempt: number) {
  const stored = await selectPayout(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(payoutErrors.payout_not_found)
  const destinations = await openDestinations(context, [stored])
  const { accountNumber, name: holderName } = present(destinations.get(id), 'opened')
  const { amountMinor, currency } = stored
  return { payoutId: id, attempt, amountMinor, currency, accountNumber, holderName }
}
