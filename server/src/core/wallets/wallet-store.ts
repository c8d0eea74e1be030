// Owns the SQL of the wallets table.
import type { Kysely, Selectable } from 'kysely'
import type { WalletRow } from '../../storage/crypto-tables.ts'
import type { Tables } from '../../storage/tables.ts'
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
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

export function toRow(wallet: StoredWallet): WalletRow {
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
