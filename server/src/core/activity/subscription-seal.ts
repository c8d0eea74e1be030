// Owns how a subscription is sealed into its row and opened from it.
import type { DataKey } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { openDetails, sealDetails } from './activity-seal.ts'
import type { Subscription } from './subscription.ts'
import type { StoredSubscription, SubscriptionDetails } from './subscription-store.ts'

const noun = 'subscription'

export function sealSubscription(
  context: Context,
  dataKey: DataKey,
  subscription: Subscription,
): StoredSubscription {
  const { metadata, ...plain } = subscription
  const details: SubscriptionDetails = { metadata }
  const { id, customerId } = subscription
  const sealedDetails = sealDetails(context, { noun, id, customerId, dataKey }, details)
  return { ...plain, appId: context.app.id, sealedDetails }
}

export function openSubscription(
  context: Context,
  dataKey: DataKey,
  stored: StoredSubscription,
): Subscription {
  const { appId, sealedDetails, ...plain } = stored
  const { id, customerId } = stored
  const text = openDetails(context, { noun, id, customerId, dataKey }, sealedDetails)
  const details: SubscriptionDetails = JSON.parse(text)
  return { ...plain, ...details }
}
