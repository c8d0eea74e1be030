// Owns the SQL of the wallet_authorizations table.
import type { Kysely, Selectable } from 'kysely'
import type { WalletAuthorizationRow } from '../../storage/crypto-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { AuthorizationType } from './wallet.ts'

/** An authorization as stored: the permit or the transaction still sealed. */
export interface StoredAuthorization {
  appId: string
  id: string
  walletId: string
  type: AuthorizationType
  proofToken: Uint8Array
  sealedDetails: Uint8Array
  validUntil: number | null
  createdAt: number
  revokedAt: number | null
}

/** Newest first. */
export async function selectAuthorizations(
  db: Kysely<Tables>,
  page: { appId: string; walletId: string; limit: number },
): Promise<StoredAuthorization[]> {
  const rows = await db
    .selectFrom('wallet_authorizations')
    .selectAll()
    .where('app_id', '=', page.appId)
    .where('wallet_id', '=', page.walletId)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
  return rows.map(fromRow)
}

export function insertAuthorization(db: Kysely<Tables>, authorization: StoredAuthorization): Write {
  return db.insertInto('wallet_authorizations').values(toRow(authorization))
}

export function updateAuthorizationRevoked(
  db: Kysely<Tables>,
  authorization: StoredAuthorization,
): Write {
  return db
    .updateTable('wallet_authorizations')
    .set({ revoked_at: authorization.revokedAt })
    .where('app_id', '=', authorization.appId)
    .where('id', '=', authorization.id)
}

function toRow(authorization: StoredAuthorization): WalletAuthorizationRow {
  return {
    app_id: authorization.appId,
    id: authorization.id,
    wallet_id: authorization.walletId,
    type: authorization.type,
    proof_token: authorization.proofToken,
    details: authorization.sealedDetails,
    valid_until: authorization.validUntil,
    created_at: authorization.createdAt,
    revoked_at: authorization.revokedAt,
  }
}

function fromRow(row: Selectable<WalletAuthorizationRow>): StoredAuthorization {
  return {
    appId: row.app_id,
    id: row.id,
    walletId: row.wallet_id,
    type: row.type as AuthorizationType,
    proofToken: row.proof_token,
    sealedDetails: row.details,
    validUntil: row.valid_until,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  }
}
