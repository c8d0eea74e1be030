// Owns the SQL of the wallets table.
import type { Kysely, Selectable } from 'kysely'
import type { WalletRow } from '../../storage/crypto-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { AuthorizationType } from './wallet.ts'

/** A wallet as stored: the address still sealed. */
export interface StoredWallet {
  appId: string
  id: string
  customerId: string
  chainId: number
  addressToken: Uint8Array
  sealedDetails: Uint8Array
  ownershipVerifiedAt: number | null
  authorizationType: AuthorizationType | null
  authorizedAt: number | null
  authorizedUntil: number | null
  createdAt: number
  updatedAt: number
}

/** Oldest first within each customer. */
export async function selectWalletsOf(
  db: Kysely<Tables>,
  filter: { appId: string; customerIds: string[] },
): Promise<StoredWallet[]> {
  if (filter.customerIds.length === 0) return []
  const rows = await db
    .selectFrom('wallets')
    .selectAll()
    .where('app_id', '=', filter.appId)
    .where('customer_id', 'in', filter.customerIds)
    .execute()
  // Not by the database: an order by id would lead it away from the customers' index.
  return rows.sort((left, right) => (left.id < right.id ? -1 : 1)).map(fromRow)
}

export async function selectWallet(
  db: Kysely<Tables>,
  key: { appId: string; customerId: string; id: string },
): Promise<StoredWallet | null> {
  const row = await db
    .selectFrom('wallets')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .where('customer_id', '=', key.customerId)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** The places that a customer's wallets take: one on each chain for each address. */
export async function selectWalletPlaces(
  db: Kysely<Tables>,
  filter: { appId: string; customerId: string },
): Promise<{ id: string; chainId: number; addressToken: Uint8Array }[]> {
  const rows = await db
    .selectFrom('wallets')
    .select(['id', 'chain_id', 'address_token'])
    .where('app_id', '=', filter.appId)
    .where('customer_id', '=', filter.customerId)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    chainId: row.chain_id,
    addressToken: row.address_token,
  }))
}

export function insertWallet(db: Kysely<Tables>, wallet: StoredWallet): Write {
  return db.insertInto('wallets').values(toRow(wallet))
}

/** What can change of one: not where it is, nor whose. */
export function updateWallet(db: Kysely<Tables>, wallet: StoredWallet): Write {
  return db
    .updateTable('wallets')
    .set({
      details: wallet.sealedDetails,
      ownership_verified_at: wallet.ownershipVerifiedAt,
      authorization_type: wallet.authorizationType,
      authorized_at: wallet.authorizedAt,
      authorized_until: wallet.authorizedUntil,
      updated_at: wallet.updatedAt,
    })
    .where('app_id', '=', wallet.appId)
    .where('id', '=', wallet.id)
}

/** The wallet with its authorizations and its challenges. */
export function deleteWallet(db: Kysely<Tables>, key: { appId: string; id: string }): Write[] {
  const { appId, id } = key
  return [
    db.deleteFrom('wallet_authorizations').where('app_id', '=', appId).where('wallet_id', '=', id),
    db.deleteFrom('wallet_challenges').where('app_id', '=', appId).where('wallet_id', '=', id),
    db.deleteFrom('wallets').where('app_id', '=', appId).where('id', '=', id),
  ]
}

function toRow(wallet: StoredWallet): WalletRow {
  return {
    app_id: wallet.appId,
    id: wallet.id,
    customer_id: wallet.customerId,
    chain_id: wallet.chainId,
    address_token: wallet.addressToken,
    details: wallet.sealedDetails,
    ownership_verified_at: wallet.ownershipVerifiedAt,
    authorization_type: wallet.authorizationType,
    authorized_at: wallet.authorizedAt,
    authorized_until: wallet.authorizedUntil,
    created_at: wallet.createdAt,
    updated_at: wallet.updatedAt,
  }
}

function fromRow(row: Selectable<WalletRow>): StoredWallet {
  return {
    appId: row.app_id,
    id: row.id,
    customerId: row.customer_id,
    chainId: row.chain_id,
    addressToken: row.address_token,
    sealedDetails: row.details,
    ownershipVerifiedAt: row.ownership_verified_at,
    authorizationType: row.authorization_type as AuthorizationType | null,
    authorizedAt: row.authorized_at,
    authorizedUntil: row.authorized_until,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
