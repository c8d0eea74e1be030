// Owns the SQL of the payouts table.
import type { Kysely, Selectable } from 'kysely'
import type { PayoutRow, Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { PayoutStatus } from './payout.ts'

/** A payout as stored: the destination still sealed. */
export interface StoredPayout {
  appId: string
  id: string
  customerId: string | null
  bankAccountId: string | null
  amountMinor: number
  currency: string
  status: PayoutStatus
  attempts: number
  wrappedKey: Uint8Array | null
  sealedDestination: Uint8Array
  errorMessage: string | null
  createdAt: number
  submittedAt: number | null
  completedAt: number | null
  decidedBy: string | null
  sealedNote: Uint8Array | null
}

export interface PayoutKey {
  appId: string
  id: string
}

export function insertPayout(db: Kysely<Tables>, payout: StoredPayout): Write {
  return db.insertInto('payouts').values(toRow(payout))
}

export async function selectPayout(
  db: Kysely<Tables>,
  key: PayoutKey,
): Promise<StoredPayout | null> {
  const row = await db
    .selectFrom('payouts')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** As `selectPayout`, and no other transaction can change the row until this one ends. */
export async function selectPayoutForUpdate(
  db: Kysely<Tables>,
  key: PayoutKey,
): Promise<StoredPayout | null> {
  const row = await db
    .selectFrom('payouts')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .forUpdate()
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

export interface PayoutPage {
  appId: string
  customerId: string | null
  status: PayoutStatus | null
  beforeId: string | null
  limit: number
}

/** Newest first; ids rise with time, so the id is both order and cursor. */
export async function selectPayouts(db: Kysely<Tables>, page: PayoutPage): Promise<StoredPayout[]> {
  let query = db.selectFrom('payouts').selectAll().where('app_id', '=', page.appId)
  if (page.customerId !== null) query = query.where('customer_id', '=', page.customerId)
  if (page.status !== null) query = query.where('status', '=', page.status)
  if (page.beforeId !== null) query = query.where('id', '<', page.beforeId)
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map(fromRow)
}

export function updatePayout(db: Kysely<Tables>, payout: StoredPayout): Write {
  return db
    .updateTable('payouts')
    .set({
      status: payout.status,
      attempts: payout.attempts,
      error_message: payout.errorMessage,
      submitted_at: payout.submittedAt,
      completed_at: payout.completedAt,
      decided_by: payout.decidedBy,
      decision_note: payout.sealedNote,
    })
    .where('app_id', '=', payout.appId)
    .where('id', '=', payout.id)
}

function toRow(payout: StoredPayout): PayoutRow {
  return {
    app_id: payout.appId,
    id: payout.id,
    customer_id: payout.customerId,
    bank_account_id: payout.bankAccountId,
    amount_minor: payout.amountMinor,
    currency: payout.currency,
    status: payout.status,
    attempts: payout.attempts,
    data_key: payout.wrappedKey,
    destination: payout.sealedDestination,
    error_message: payout.errorMessage,
    created_at: payout.createdAt,
    submitted_at: payout.submittedAt,
    completed_at: payout.completedAt,
    decided_by: payout.decidedBy,
    decision_note: payout.sealedNote,
  }
}

function fromRow(row: Selectable<PayoutRow>): StoredPayout {
  return {
    appId: row.app_id,
    id: row.id,
    customerId: row.customer_id,
    bankAccountId: row.bank_account_id,
    amountMinor: row.amount_minor,
    currency: row.currency,
    status: row.status as PayoutStatus,
    attempts: row.attempts,
    wrappedKey: row.data_key,
    sealedDestination: row.destination,
    errorMessage: row.error_message,
    createdAt: row.created_at,
    submittedAt: row.submitted_at,
    completedAt: row.completed_at,
    decidedBy: row.decided_by,
    sealedNote: row.decision_note,
  }
}
