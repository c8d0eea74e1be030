// Owns the shape of the tables that wallets, activity and search brought: see tables.ts.

/** Keyed hash of the beginning of a word in what search looks at. */
export interface CustomerWordRow {
  app_id: string
  token: Uint8Array
  customer_id: string
}

/** A customer whose words are not in the index yet. */
export interface UnindexedCustomerRow {
  app_id: string
  customer_id: string
  /** The hashes of its words, one behind the other; `null`: they are to be read from the record. */
  tokens: Uint8Array | null
}

/** Keyed hash of a name in the metadata with its value. */
export interface CustomerMetadataRow {
  app_id: string
  token: Uint8Array
  customer_id: string
}

export interface WalletRow {
  app_id: string
  id: string
  customer_id: string
  chain_id: number
  /** Blind index of the address, so that one customer cannot hold it twice on a chain. */
  address_token: Uint8Array
  /** Sealed JSON: address, hash of the transaction that authorized. */
  details: Uint8Array
  ownership_verified_at: number | null
  /** Of the authorization that counts: see core/wallets. */
  authorization_type: string | null
  authorized_at: number | null
  authorized_until: number | null
  created_at: number
  updated_at: number
}

export interface WalletAuthorizationRow {
  app_id: string
  id: string
  wallet_id: string
  type: string
  /** Blind index of the signature or the transaction: one proof counts once. */
  proof_token: Uint8Array
  /** Sealed JSON. */
  details: Uint8Array
  valid_until: number | null
  created_at: number
  revoked_at: number | null
}

export interface WalletChallengeRow {
  app_id: string
  wallet_id: string
  nonce: string
  expires_at: number
  used_at: number | null
}

export interface ActivityCountRow {
  app_id: string
  customer_id: string
  payment_intents: number
  invoices: number
  subscriptions: number
}

export interface PaymentIntentRow {
  app_id: string
  id: string
  customer_id: string | null
  external_id: string | null
  status: string
  amount_minor: number
  currency: string
  capture_mode: string
  wallet_id: string | null
  method: string | null
  chain_id: number | null
  token_key: string | null
  crypto_amount: string | null
  /** An intent without a customer has a data key of its own. */
  data_key: Uint8Array | null
  /** Sealed JSON: metadata, addresses to return to, transactions, reasons. */
  details: Uint8Array
  authorized_at: number | null
  captured_at: number | null
  refunded_at: number | null
  cancelled_at: number | null
  created_at: number
  updated_at: number
}

export interface InvoiceNumberRow {
  app_id: string
  last: number
}

export interface InvoiceRow {
  app_id: string
  id: string
  customer_id: string
  /** Rises by one within an app. */
  number: number
  status: string
  subtotal_minor: number
  tax_minor: number
  total_minor: number
  currency: string
  subscription_id: string | null
  payment_intent_id: string | null
  /** Sealed JSON: items, memo, metadata. */
  details: Uint8Array
  due_at: number | null
  opened_at: number | null
  paid_at: number | null
  voided_at: number | null
  created_at: number
  updated_at: number
}

export interface SubscriptionRow {
  app_id: string
  id: string
  customer_id: string
  status: string
  /** The caller's own references. */
  plan_id: string
  price_id: string
  wallet_id: string | null
  period_start: number | null
  period_end: number | null
  /** The start of the first period; `null` where that is still the start of this one. */
  period_anchor: number | null
  cancels_at_period_end: number
  cancel_at: number | null
  cancelled_at: number | null
  paused_at: number | null
  /** Sealed JSON: metadata. */
  details: Uint8Array
  created_at: number
  updated_at: number
}
