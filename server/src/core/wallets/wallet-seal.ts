// Owns how a wallet is sealed into its row and opened from it.
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import type { Wallet } from './wallet.ts'
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

export function openWallet(context: Context, dataKey: DataKey, stored: StoredWallet): Wallet {
  const { appId, sealedDetails, addressToken, ...plain } = stored
  const place = walletPlace(appId, stored.customerId, stored.id)
  const details: WalletDetails = JSON.parse(context.vault.open(dataKey, place, sealedDetails))
  return { ...plain, ...details }
}

function walletPlace(appId: string, customerId: string, walletId: string): Place {
  return { appId, ownerId: customerId, field: `wallet.details:${walletId}` }
}
