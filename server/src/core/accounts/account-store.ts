// Owns the SQL of the accounts table.
import type { Kysely, Selectable } from 'kysely'
import type { AccountRow } from '../../storage/banking-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { BankingStatus } from '../customer/banking-status.ts'
import type { Account, AccountType } from './account.ts'

/** An account as stored: the details still sealed. */
export interface StoredAccount extends Omit<Account, 'nickname'> {
  appId: string
  sealedDetails: Uint8Array
}

export interface AccountKey {
  appId: string
  id: string
}

export function insertAccount(db: Kysely<Tables>, account: StoredAccount): Write {
  return db.insertInto('accounts').values(toRow(account))
}

export function updateAccount(db: Kysely<Tables>, account: StoredAccount): Write {
  return db
    .updateTable('accounts')
    .set({ details: account.sealedDetails, updated_at: account.updatedAt })
    .where('app_id', '=', account.appId)
    .where('id', '=', account.id)
}

/** Every account of the customer that is in one of the states `from`. */
export function updateAccountStatuses(
  db: Kysely<Tables>,
  of: { appId: string; customerId: string },
  move: { from: BankingStatus[]; to: BankingStatus; at: number },
): Write {
  return db
    .updateTable('accounts')
    .set({ status: move.to, updated_at: move.at })
    .where('app_id', '=', of.appId)
    .where('customer_id', '=', of.customerId)
    .where('status', 'in', move.from)
}

export async function selectAccount(
  db: Kysely<Tables>,
  key: AccountKey,
): Promise<StoredAccount | null> {
  const row = await db
    .selectFrom('accounts')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Oldest first, all of them: what a page of the customer says of each. */
export async function selectHeldAccounts(
  db: Kysely<Tables>,
  of: { appId: string; customerId: string; limit: number },
): Promise<Pick<Account, 'id' | 'currency' | 'status'>[]> {
  const rows = await db
    .selectFrom('accounts')
    .select(['id', 'currency', 'status'])
    .where('app_id', '=', of.appId)
    .where('customer_id', '=', of.customerId)
    .orderBy('id')
    .limit(of.limit)
    .execute()
  return rows.map(({ id, currency, status }) => ({ id, currency, status: status as BankingStatus }))
}

export interface AccountPage {
  appId: string
  customerId: string | null
  status: BankingStatus | null
  currency: string | null
  beforeId: string | null
  limit: number
}

/** Newest first; ids rise with time, so the id is both order and cursor. */
export async function selectAccounts(
  db: Kysely<Tables>,
  page: AccountPage,
): Promise<StoredAccount[]> {
  const { customerId, status, currency, beforeId } = page
  let query = db.selectFrom('accounts').selectAll().where('app_id', '=', page.appId)
  if (customerId !== null) query = query.where('customer_id', '=', customerId)
  if (status !== null) query = query.where('status', '=', status)
  if (currency !== null) query = query.where('currency', '=', currency)
  if (beforeId !== null) query = query.where('id', '<', beforeId)
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map(fromRow)
}

function toRow(account: StoredAccount): AccountRow {
  return {
    app_id: account.appId,
    id: account.id,
    customer_id: account.customerId,
    type: account.type,
    currency: account.currency,
    status: account.status,
    details: account.sealedDetails,
    created_at: account.createdAt,
    updated_at: account.updatedAt,
  }
}

function fromRow(row: Selectable<AccountRow>): StoredAccount {
  return {
    appId: row.app_id,
    id: row.id,
    customerId: row.customer_id,
    type: row.type as AccountType,
    currency: row.currency,
    status: row.status as BankingStatus,
    sealedDetails: row.details,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
