// Owns what may happen to a payout, from its acceptance to the rail's last word.

import type { Kysely } from 'kysely'
import { present } from '../../lib/assert.ts'
import { insertJob, type NewJob } from '../../storage/job-queue.ts'
import type { Tables } from '../../storage/tables.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { writeTogether } from '../../storage/write-together.ts'
import {
  findBankAccountByNumber,
  findDefaultDestination,
} from '../bank-accounts/bank-account-service.ts'
import type { Context } from '../context.ts'
import { type Customer, customerErrors } from '../customer/customer.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { holdCustomer, recordChange, requireCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { enforce } from '../rules.ts'
import {
  type DecidedPayout,
  type Payout,
  type PayoutStatus,
  payoutErrors,
  payoutEvents,
  payoutJobKind,
  payoutMachine,
} from './payout.ts'
import {
  checkNewPayout,
  type NewPayout,
  type PayoutPlace,
  payeeRules,
  placeRules,
} from './payout-rules.ts'
import {
  openDecided,
  openPayout,
  openPayouts,
  sealDestination,
  sealNote,
  toPayout,
} from './payout-seal.ts'
import {
  insertPayout,
  type StoredPayout,
  selectPayout,
  selectPayoutForUpdate,
  selectPayouts,
  updatePayout,
} from './payout-store.ts'
import { railByMode } from './rail.ts'

/**
 * Payout, `lastPayoutAt`, event and job commit together.
 * Errors: `field_invalid`, `customer_not_found`, `customer_status_forbids`,
 * `payout_destination_missing`,
 * `payout_currency_differs`. Event: `customer.payout.accepted`.
 */
export function createPayout(context: Context, input: NewPayout): Promise<Payout> {
  const amountMinor = checkNewPayout(input)
  return inTransaction(context, async (tx) => {
    const held = input.customerId === null ? null : await holdPayee(tx, input.customerId)
    const place = await findPlace(tx, held, input)
    enforce([...payeeRules(held?.customer ?? null), ...placeRules(place, input.currency)])
    const accountNumber = present(place?.accountNumber, 'a rule asks for it')
    const bankAccountId = place?.bankAccountId ?? null
    const id = tx.ids()
    const now = tx.clock.now()
    const ownKey = held ? null : tx.vault.createDataKey({ appId: tx.app.id, ownerId: id })
    const dataKey = held?.dataKey ?? present(ownKey, 'without a customer the payout has a key')
    const { customerId, cbu, name, cuit } = input
    const destination = { cbu, name, cuit, accountNumber }
    const stored: StoredPayout = {
      appId: tx.app.id,
      id,
      customerId,
      bankAccountId,
      amountMinor,
      currency: input.currency,
      status: 'pending',
      attempts: 0,
      wrappedKey: ownKey?.wrapped ?? null,
      sealedDestination: sealDestination(tx, { id, customerId, dataKey }, destination),
      errorMessage: null,
      createdAt: now,
      submittedAt: null,
      completedAt: null,
      decidedBy: null,
      sealedNote: null,
    }
    const payout = toPayout(stored, destination)
    const change = { type: payoutEvents.accepted, changes: { payout, lastPayoutAt: now } }
    const job = transferJob(tx, id, now)
    const writes = (db: Kysely<Tables>) => [
      insertPayout(db, stored),
      ...(job ? [insertJob(db, job)] : []),
    ]
    await (held ? recordChange(tx, held, change, writes) : writeTogether(tx, writes))
    return payout
  })
}

/** Errors: `payout_not_found`, also for another app's payout. */
export async function getPayout(context: Context, id: string): Promise<Payout> {
  return openPayout(context, await readPayout(context, id))
}

/** As `getPayout`, with who said what became of it. */
export async function getDecidedPayout(context: Context, id: string): Promise<DecidedPayout> {
  return openDecided(context, await readPayout(context, id))
}

async function readPayout(context: Context, id: string): Promise<StoredPayout> {
  const stored = await selectPayout(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(payoutErrors.payout_not_found)
  return stored
}

/**
 * Newest first. Errors: `customer_not_found`, `payout_cursor_unknown`.
 */
export async function listPayouts(
  context: Context,
  page: {
    customerId: string | null
    status: PayoutStatus | null
    limit: number
    startingAfter: string | null
  },
): Promise<Payout[]> {
  const { customerId, status, limit, startingAfter: beforeId } = page
  const appId = context.app.id
  if (customerId !== null) await requireCustomer(context, customerId)
  if (beforeId !== null) {
    const cursor = await selectPayout(context.db, { appId, id: beforeId })
    const isOnThisList = cursor && (customerId === null || cursor.customerId === customerId)
    if (!isOnThisList) {
      throw new AppError(payoutErrors.payout_cursor_unknown, { param: 'startingAfter' })
    }
  }
  const rows = await selectPayouts(context.db, { appId, customerId, status, beforeId, limit })
  return openPayouts(context, rows)
}

/** Errors: `payout_not_found`, `payout_status_refused`. Event: `customer.payout.cancelled`. */
export function cancelPayout(context: Context, id: string): Promise<Payout> {
  return changePayout(context, id, (stored) => {
    payoutMachine.checkMove(stored.status, 'cancelled')
    return { type: payoutEvents.cancelled, set: { status: 'cancelled' } }
  })
}

export interface PayoutMove {
  type: string
  set: Partial<
    Pick<StoredPayout, 'status' | 'attempts' | 'errorMessage' | 'submittedAt' | 'completedAt'>
  >
  /** Set where somebody decides it; why stands in the history, and with the payout. */
  decision?: { note: string | null }
}

/** Holds the payout, decides its next step, and writes it with its event; `null` leaves it. */
export function changePayout(
  context: Context,
  id: string,
  decide: (stored: StoredPayout, payee: Customer | null) => PayoutMove | null,
): Promise<Payout> {
  return inTransaction(context, async (tx) => {
    const stored = await selectPayoutForUpdate(tx.db, { appId: tx.app.id, id })
    if (!stored) throw new AppError(payoutErrors.payout_not_found)
    const held = stored.customerId === null ? null : await holdCustomer(tx, stored.customerId)
    const move = decide(stored, held?.customer ?? null)
    if (move === null) return openPayout(tx, stored)
    const next = { ...stored, ...move.set }
    const note = move.decision?.note ?? null
    if (move.decision) {
      next.decidedBy = tx.actor
      next.sealedNote = await sealNote(tx, stored, note)
    }
    const noted = note === null ? {} : { reason: note }
    const change = { type: move.type, changes: { payout: { id, ...move.set }, ...noted } }
    const writes = (db: Kysely<Tables>) => [updatePayout(db, next)]
    await (held ? recordChange(tx, held, change, writes) : writeTogether(tx, writes))
    return openPayout(tx, next)
  })
}

async function holdPayee(tx: Context, customerId: string): Promise<HeldCustomer> {
  try {
    return await holdCustomer(tx, customerId)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError(customerErrors.customer_not_found, { param: 'customerId' })
  }
}

/** The number that was given, linked where it is on file; else the default bank account's. */
async function findPlace(
  tx: Context,
  held: HeldCustomer | null,
  { cbu: accountNumber }: NewPayout,
): Promise<PayoutPlace | null> {
  if (accountNumber === null) return held && findDefaultDestination(tx, held)
  const id = held && (await findBankAccountByNumber(tx, held.customer.id, accountNumber))
  return { accountNumber, bankAccountId: id, currency: null }
}

/** Carries the payout to its rail; none where an operator does. */
function transferJob(tx: Context, payoutId: string, now: number): NewJob | null {
  const rail = railByMode[tx.app.mode]
  if (!rail.isAutomatic) return null
  const runAt = now + rail.delayMs
  const what = { appId: tx.app.id, id: tx.ids(), kind: payoutJobKind, subjectId: payoutId }
  return { ...what, runAt, createdAt: now }
}
