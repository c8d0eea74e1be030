// Owns how a registration is sealed into its row and opened from it, and the hash of pushed values.
import { canonicalJson } from '../../lib/canonical.ts'
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { type ProviderCustomer, pushedValue, type SyncField } from '../provider.ts'
import type { Registration, RegistrationDetails } from './registration.ts'
import type { StoredRegistration } from './registration-store.ts'

export function openRegistration(
  context: Context,
  stored: StoredRegistration,
  dataKey: DataKey,
): Registration {
  const { appId, sealedDetails, ...plain } = stored
  const text = context.vault.open(dataKey, detailsPlace(appId, stored), sealedDetails)
  return { ...plain, ...(JSON.parse(text) as RegistrationDetails) }
}

export function sealRegistration(
  context: Context,
  registration: Registration,
  dataKey: DataKey,
): StoredRegistration {
  const { providerData, facts, actionUrl, rejectionReason, failureReasons, ...more } = registration
  const { missing, hasSentDocuments, ...plain } = more
  const reasons = { actionUrl, rejectionReason, failureReasons }
  const details = { providerData, facts, ...reasons, missing, hasSentDocuments }
  const appId = context.app.id
  const place = detailsPlace(appId, registration)
  return {
    ...plain,
    appId,
    sealedDetails: context.vault.seal(dataKey, place, JSON.stringify(details)),
  }
}

/** Keyed, so that nobody without the master key can try values against it. */
export function hashPushedValue(
  context: Context,
  field: SyncField,
  customer: ProviderCustomer,
): Uint8Array {
  return context.vault.fingerprint(
    context.app.id,
    `${field}\n${canonicalJson(pushedValue(field, customer))}`,
  )
}

function detailsPlace(appId: string, registration: { id: string; customerId: string }): Place {
  const field = `registration.details:${registration.id}`
  return { appId, ownerId: registration.customerId, field }
}
