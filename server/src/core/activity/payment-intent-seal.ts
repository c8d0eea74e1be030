// Owns how a payment intent is sealed into its row and opened from it.
import type { DataKey } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { openDetails, sealDetails } from './activity-seal.ts'
import type { PaymentIntent } from './payment-intent.ts'
import type { IntentDetails, StoredIntent } from './payment-intent-store.ts'

const noun = 'payment_intent'

/** `wrappedKey` is the intent's own key, where no customer lends one. */
export function sealIntent(
  context: Context,
  intent: PaymentIntent,
  { dataKey, wrappedKey }: { dataKey: DataKey; wrappedKey: Uint8Array | null },
): StoredIntent {
  const { allowedChains, allowedTokens, successUrl, cancelUrl, metadata, ...rest } = intent
  const { authorizationTxHash, captureTxHash, refundReason, ...plain } = rest
  const wanted = { allowedChains, allowedTokens, successUrl, cancelUrl, metadata }
  const reached = { authorizationTxHash, captureTxHash, refundReason }
  const details: IntentDetails = { ...wanted, ...reached }
  const { id, customerId } = intent
  const sealedDetails = sealDetails(context, { noun, id, customerId, dataKey }, details)
  return { ...plain, appId: context.app.id, wrappedKey, sealedDetails }
}

export function openIntent(
  context: Context,
  dataKey: DataKey,
  stored: StoredIntent,
): PaymentIntent {
  const { appId, wrappedKey, sealedDetails, ...plain } = stored
  const { id, customerId } = stored
  const text = openDetails(context, { noun, id, customerId, dataKey }, sealedDetails)
  const details: IntentDetails = JSON.parse(text)
  return { ...plain, ...details }
}
