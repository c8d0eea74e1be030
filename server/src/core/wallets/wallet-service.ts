// Owns what may happen to a customer's wallets: adding, removing, reading.
import { present } from '../../lib/assert.ts'
import type { DataKey } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { openDataKeys } from '../customer/customer-service.ts'
import type { Wallet } from './wallet.ts'
import { openWallet } from './wallet-seal.ts'
import { selectWalletsOf } from './wallet-store.ts'

/** The wallets of each of these customers, oldest first; in two journeys however many there are. */
export async function walletsOf(
  context: Context,
  customerIds: string[],
): Promise<ReadonlyMap<string, Wallet[]>> {
  const filter = { appId: context.app.id, customerIds }
  const [stored, keys] = await Promise.all([
    selectWalletsOf(context.db, filter),
    openDataKeys(context, customerIds),
  ])
  return Map.groupBy(
    stored.map((one) => openWallet(context, keyOf(keys, one.customerId), one)),
    ({ customerId }) => customerId,
  )
}

/** Whether an authorization is in force now. */
export function hasActiveAuthorization(wallet: Wallet, now: number): boolean {
  if (wallet.authorizedAt === null || wallet.authorizationType === null) return false
  return wallet.authorizedUntil === null || wallet.authorizedUntil > now
}

function keyOf(keys: ReadonlyMap<string, DataKey>, customerId: string): DataKey {
  return present(keys.get(customerId), 'a wallet belongs to a customer')
}
