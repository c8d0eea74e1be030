// Owns how an account is sealed into its row and opened from it.
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import type { Account } from './account.ts'
import type { StoredAccount } from './account-store.ts'

/** What a caller may put a name into. */
interface AccountDetails {
  nickname: string | null
}

export function sealAccount(context: Context, dataKey: DataKey, account: Account): StoredAccount {
  const { nickname, ...plain } = account
  const details: AccountDetails = { nickname }
  const place = accountPlace(context.app.id, account)
  const sealedDetails = context.vault.seal(dataKey, place, JSON.stringify(details))
  return { ...plain, appId: context.app.id, sealedDetails }
}

export function openAccount(context: Context, dataKey: DataKey, stored: StoredAccount): Account {
  const { appId, sealedDetails, ...plain } = stored
  const text = context.vault.open(dataKey, accountPlace(appId, stored), sealedDetails)
  const { nickname }: AccountDetails = JSON.parse(text)
  return { ...plain, nickname }
}

function accountPlace(
  appId: string,
  { id, customerId }: { id: string; customerId: string },
): Place {
  return { appId, ownerId: customerId, field: `account.details:${id}` }
}
