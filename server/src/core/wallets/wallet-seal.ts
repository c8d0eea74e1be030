// Owns how wallets and authorizations are sealed into their rows and opened from them.
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import type { StoredAuthorization } from './authorization-store.ts'
import type { Authorization, AuthorizationDetails, Wallet } from './wallet.ts'
import type { StoredWallet } from './wallet-store.ts'

/** What leads from the row to a person on a public ledger. */
export interface WalletDetails {
  address: string
  authorizationTxHash: string | null
}

export function sealWallet(
  context: Context,
  owner: { customerId: string; walletId: string; dataKey: DataKey },
  details: WalletDetails,
): Buffer {
  const place = walletPlace(context.app.id, owner.customerId, owner.walletId)
  return context.vault.seal(owner.dataKey, place, JSON.stringify(details))
}

/** A wallet as its row says it. */
export function toStoredWallet(
  context: Context,
  wallet: Wallet,
  sealing: { dataKey: DataKey; addressToken: Uint8Array },
): StoredWallet {
  const { address, authorizationTxHash, ...plain } = wallet
  const { dataKey, addressToken } = sealing
  const owner = { customerId: wallet.customerId, walletId: wallet.id, dataKey }
  const sealedDetails = sealWallet(context, owner, { address, authorizationTxHash })
  return { ...plain, appId: context.app.id, addressToken, sealedDetails }
}

export function openWallet(context: Context, dataKey: DataKey, stored: StoredWallet): Wallet {
  const { appId, sealedDetails, addressToken, ...plain } = stored
  const place = walletPlace(appId, stored.customerId, stored.id)
  const details: WalletDetails = JSON.parse(context.vault.open(dataKey, place, sealedDetails))
  return { ...plain, ...details }
}

/** Equality search over the sealed address. */
export function addressTokenOf(context: Context, address: string): Buffer {
  return context.vault.blindIndex(context.app.id, 'wallet.address', address)
}

interface Owner {
  customerId: string
  dataKey: DataKey
}

/** `proofToken` is of what one is known by: the digest of a permit, or the hash. */
export function toStoredAuthorization(
  context: Context,
  authorization: Authorization,
  sealing: Owner & { proofToken: Uint8Array },
): StoredAuthorization {
  const { permit, txHash, ...plain } = authorization
  const appId = context.app.id
  const place = authorizationPlace(appId, sealing.customerId, authorization.id)
  const sealedDetails = context.vault.seal(
    sealing.dataKey,
    place,
    JSON.stringify({ permit, txHash }),
  )
  return { ...plain, appId, proofToken: sealing.proofToken, sealedDetails }
}

export function openAuthorization(
  context: Context,
  owner: Owner,
  stored: StoredAuthorization,
): Authorization {
  const { appId, sealedDetails, proofToken, ...plain } = stored
  const place = authorizationPlace(appId, owner.customerId, stored.id)
  const details: AuthorizationDetails = JSON.parse(
    context.vault.open(owner.dataKey, place, sealedDetails),
  )
  return { ...plain, ...details }
}

export function proofTokenOf(context: Context, proof: string): Buffer {
  return context.vault.blindIndex(context.app.id, 'wallet_authorization.proof', proof)
}

function walletPlace(appId: string, customerId: string, walletId: string): Place {
  return { appId, ownerId: customerId, field: `wallet.details:${walletId}` }
}

function authorizationPlace(appId: string, customerId: string, id: string): Place {
  return { appId, ownerId: customerId, field: `wallet_authorization.details:${id}` }
}
