// Owns the SQL of the bank_accounts table.
import type { Kysely, Selectable } from 'kysely'
import type { BankAccountRow, Tables } from '../../storage/tables.ts'
import type { AccountType } from './bank-account.ts'

/** A bank account as stored: number, holder and metadata still sealed. */
export interface StoredBankAccount {
  appId: string
  id: string
  customerId: string
  country: string
  currency: string
  rail: string
  accountType: AccountType
  numberLast4: string | null
  numberToken: Uint8Array | null
  sealedDetails: Uint8Array
  createdAt: number
}

/** False when the customer has an account with this number already. */
export async function insertBankAccount(
  db: Kysely<Tables>,
  account: StoredBankAccount,
): Promise<boolean> {
  const result = await db
    .insertInto('bank_accounts')
    .values(toRow(account))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

export async function selectBankAccount(
  db: Kysely<Tables>,
  key: { appId: string; customerId: string; id: string },
): Promise<StoredBankAccount | null> {
  const row = await db
    .selectFrom('bank_accounts')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .where('customer_id', '=', key.customerId)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

export async function selectBankAccountByToken(
  db: Kysely<Tables>,
  key: { appId: string; customerId: string; numberToken: Uint8Array },
): Promise<StoredBankAccount | null> {
  const row = await db
    .selectFrom('bank_accounts')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('customer_id', '=', key.customerId)
    .where('number_token', '=', key.numberToken)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Oldest first; ids rise with time, so the id is both order and cursor. */
export async function selectBankAccounts(
  db: Kysely<Tables>,
  page: { appId: string; customerId: string; afterId: string | null; limit: number },
): Promise<StoredBankAccount[]> {
  let query = db
    .selectFrom('bank_accounts')
    .selectAll()
    .where('app_id', '=', page.appId)
    .where('customer_id', '=', page.customerId)
  if (page.afterId !== null) query = query.where('id', '>', page.afterId)
  const rows = await query.orderBy('id').limit(page.limit).execute()
  return rows.map(fromRow)
}

function toRow(account: StoredBankAccount): BankAccountRow {
  return {
    app_id: account.appId,
    id: account.id,
    customer_id: account.customerId,
    country: account.country,
    currency: account.currency,
    rail: account.rail,
    account_type: account.accountType,
    number_last4: account.numberLast4,
    number_token: account.numberToken,
    details: account.sealedDetails,
    created_at: account.createdAt,
  }
}

function fromRow(row: Selectable<BankAccountRow>): StoredBankAccount {
  return {
    appId: row.app_id,
    id: row.id,
    customerId: row.customer_id,
    country: row.country,
    currency: row.currency,
    rail: row.rail,
    accountType: row.account_type as AccountType,
    numberLast4: row.number_last4,
    numberToken: row.number_token,
    sealedDetails: row.details,
    createdAt: row.created_at,
  }
}
