// Owns what an operator decides about a registration, along the machine of the provider's word.
import { inTransaction } from '../../storage/transaction.ts'
import { findOpener } from '../connections/connection-service.ts'
import type { Context } from '../context.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { requireCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { checkText } from '../fields.ts'
import { enforce } from '../rules.ts'
import {
  type Registration,
  type RegistrationStatus,
  registrationErrors,
  registrationEvents,
  registrationJobs,
  registrationMachine,
} from './registration.ts'
import {
  holdRegistration,
  isFinal,
  jobOf,
  listRegistrations,
  type RegistrationView,
  recordRegistration,
} from './registration-service.ts'
import { completenessRules, reachRules } from './submission.ts'

export const moveReasonLengthMax = 500

export interface RegistrationMove {
  status: RegistrationStatus
  reason: string
}

/**
 * What the provider says later than now stands above it, what it said before does not. A move to
 * `submitted` asks the provider anew. Errors: `field_invalid`, `customer_not_found`,
 * `registration_not_found`, `registration_move_refused`; of `submitted` also
 * `customer_status_forbids`, `connection_missing`, `connection_mode_differs`.
 * Event: `customer.registration.moved`.
 */
export async function moveRegistration(
  context: Context,
  key: { customerId: string; id: string },
  move: RegistrationMove,
): Promise<RegistrationView> {
  const reason = checkText('reason', move.reason, moveReasonLengthMax)
  return inTransaction(context, async (tx) => {
    await requireCustomer(tx, key.customerId)
    const found = await holdRegistration(tx, key.id)
    // Another customer's registration is as good as none.
    if (found?.registration.customerId !== key.customerId) {
      throw new AppError(registrationErrors.registration_not_found)
    }
    const { held, registration } = found
    registrationMachine.checkMove(registration.status, move.status)
    if (move.status === 'submitted') await checkSubmission(tx, held, registration)
    const next = movedTo(tx, registration, { status: move.status, reason })
    const jobs = next.status === 'submitted' ? [jobOf(tx, registrationJobs.submit, next.id)] : []
    const facts = { from: registration.status, reason }
    await recordRegistration(tx, held, { type: registrationEvents.moved, next, jobs, facts })
    const all = await listRegistrations(tx, key.customerId)
    const shown = all.find(({ id }) => id === key.id)
    if (!shown) throw new AppError(registrationErrors.registration_not_found)
    return shown
  })
}

/** As where a caller submits it: refused here already, not by the job. */
async function checkSubmission(
  tx: Context,
  held: HeldCustomer,
  { provider, missing }: Registration,
): Promise<void> {
  const open = await findOpener(tx, provider)
  enforce([...reachRules(held.customer, open), ...completenessRules(missing)])
}

function movedTo(
  tx: Context,
  before: Registration,
  { status, reason }: RegistrationMove,
): Registration {
  const next = { ...before, status, statedAt: tx.clock.now() }
  const isOver = isFinal(next) || status === 'error'
  return {
    ...next,
    actionRequired: isOver ? null : before.actionRequired,
    actionUrl: isOver ? null : before.actionUrl,
    rejectionReason: status === 'rejected' ? reason : null,
    failureReasons: status === 'error' ? [reason] : [],
  }
}
