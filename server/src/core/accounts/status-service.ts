// Owns moving a customer of the bank to another status, and what that does to the accounts.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Write } from '../../storage/write-together.ts'
import type { Context } from '../context.ts'
import {
  type BankingStatus,
  bankingErrors,
  bankingEvents,
  bankingMachine,
} from '../customer/banking-status.ts'
import type { Customer } from '../customer/customer.ts'
import { holdCustomer, recordChange } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { checkText } from '../fields.ts'
import { updateAccountStatuses } from './account-store.ts'

export interface StatusMove {
  status: BankingStatus
  /** Why: for the history alone. */
  reason: string
  /** The status that the operator decided upon; another one by now is a refusal. */
  from?: BankingStatus | undefined
}

const reasonLengthMax = 500

/**
 * An operator's decision. The customer, the accounts and the event commit together.
 * Errors: `field_invalid`, `customer_not_found`, `customer_not_banking`,
 * `customer_status_refused`. Event: `customer.banking_status.changed`.
 */
export function moveBankingStatus(
  context: Context,
  id: string,
  move: StatusMove,
): Promise<Customer> {
  const { status: to, reason } = move
  checkText('reason', reason, reasonLengthMax)
  return inTransaction(context, async (tx) => {
    const held = await holdCustomer(tx, id)
    const { bankingStatus: from } = held.customer
    if (from === null) throw new AppError(bankingErrors.customer_not_banking)
    if (move.from !== undefined && move.from !== from) refuseLost(move.from, from)
    bankingMachine.checkMove(from, to)
    const follow = accountsFollowing(to)
    const owner = { appId: tx.app.id, customerId: id }
    const at = tx.clock.now()
    const writes = (db: Kysely<Tables>): Write[] =>
      follow === null ? [] : [updateAccountStatuses(db, owner, { ...follow, at })]
    const changes = { bankingStatus: to, from, reason, accounts: follow?.to ?? null }
    return recordChange(tx, held, { type: bankingEvents.statusChanged, changes }, writes)
  })
}

/**
 * Freezing and closing pass on to the accounts. No account is frozen by itself, so every frozen one
 * was frozen with its customer, and thaws with it; what is closed stays closed.
 */
function accountsFollowing(to: BankingStatus): { from: BankingStatus[]; to: BankingStatus } | null {
  switch (to) {
    case 'FROZEN':
      return { from: ['ACTIVE', 'PENDING', 'EDD', 'DORMANT'], to }
    case 'CLOSED':
      return { from: ['ACTIVE', 'PENDING', 'EDD', 'DORMANT', 'FROZEN'], to }
    case 'ACTIVE':
    case 'EDD':
      return { from: ['FROZEN', 'PENDING'], to: 'ACTIVE' }
    default:
      return null
  }
}

function refuseLost(expected: BankingStatus, found: BankingStatus): never {
  const allowed = bankingMachine.movesFrom(found).join(', ') || 'nothing'
  const detail =
    `The customer is ${found} and not ${expected}: somebody else has moved it. ` +
    `From ${found} it may become: ${allowed}.`
  throw new AppError(bankingErrors.customer_status_refused, { param: 'from', detail })
}
