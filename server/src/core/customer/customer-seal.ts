// Owns how a customer is sealed into its row and opened from it.
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import type { Customer, CustomerProfile } from './customer.ts'
import type { StoredCustomer } from './customer-store.ts'

/** A customer that this transaction holds: opened, with its key and its row. */
export interface HeldCustomer {
  customer: Customer
  dataKey: DataKey
  stored: StoredCustomer
}

export function openCustomers(context: Context, rows: StoredCustomer[]): Customer[] {
  return rows.map((stored) => openCustomer(context, stored).customer)
}

export function openCustomer(context: Context, stored: StoredCustomer): HeldCustomer {
  const owner = { appId: stored.appId, ownerId: stored.id }
  const dataKey = context.vault.openDataKey(owner, stored.wrappedKey)
  const text = context.vault.open(
    dataKey,
    profilePlace(stored.appId, stored.id),
    stored.sealedProfile,
  )
  return { customer: toCustomer(stored, fromSealed(JSON.parse(text))), dataKey, stored }
}

/** A profile that was sealed before a field existed has none of it. */
function fromSealed(profile: CustomerProfile): CustomerProfile {
  const { companyName = null, phoneParts = null, countryText = null, background = {} } = profile
  return { ...profile, companyName, phoneParts, countryText, background }
}

export function toCustomer(stored: StoredCustomer, profile: CustomerProfile): Customer {
  const { id, kind, country, externalId, defaultBankAccountId, lastPayoutAt } = stored
  const { onboardingStatus, roles, isSynced, syncedAt, bankingStatus } = stored
  const { createdAt, updatedAt } = stored
  const version = stored.head.version
  const plain = { id, kind, country, externalId, defaultBankAccountId, lastPayoutAt }
  const standing = { onboardingStatus, roles, isSynced, syncedAt, bankingStatus }
  return { ...plain, ...standing, version, createdAt, updatedAt, ...profile }
}

export function sealProfile(
  context: Context,
  id: string,
  dataKey: DataKey,
  profile: CustomerProfile,
): Buffer {
  return context.vault.seal(dataKey, profilePlace(context.app.id, id), JSON.stringify(profile))
}

function profilePlace(appId: string, id: string): Place {
  return { appId, ownerId: id, field: 'customer.profile' }
}
