// Owns the shape of every table, as both engines return it.
//
// Ids are UUIDs in text form, times are milliseconds since the epoch, sealed bytes are opaque here.
// Every table that holds an app's data begins its primary key, its unique indexes and its queries
// with `app_id`, so that a distributed PostgreSQL can shard by it.

import type { Generated } from 'kysely'
import type {
  AccountRow,
  ApplicationDocumentRow,
  ApplicationRow,
  IndividualRow,
} from './banking-tables.ts'
import type {
  ActivityCountRow,
  CustomerMetadataRow,
  CustomerWordRow,
  InvoiceNumberRow,
  InvoiceRow,
  PaymentIntentRow,
  SubscriptionRow,
  UnindexedCustomerRow,
  WalletAuthorizationRow,
  WalletChallengeRow,
  WalletRow,
} from './crypto-tables.ts'
import type {
  BlobRow,
  ConnectionRow,
  CustomerTallyRow,
  FileDeliveryRow,
  FileRow,
  ProviderNoticeRow,
  RegistrationFieldRow,
  RegistrationRow,
  SandboxCustomerRow,
  SyncRow,
} from './registration-tables.ts'
import type { WebhookCursorRow, WebhookDeliveryRow, WebhookEndpointRow } from './webhook-tables.ts'

export interface Tables {
  settings: SettingsRow
  merchants: MerchantRow
  apps: AppRow
  keys: KeyRow
  customers: CustomerRow
  customer_lookups: CustomerLookupRow
  events: EventRow
  bank_accounts: BankAccountRow
  payouts: PayoutRow
  sandbox_transfers: SandboxTransferRow
  replies: ReplyRow
  jobs: JobRow
  customer_tallies: CustomerTallyRow
  connections: ConnectionRow
  provider_notices: ProviderNoticeRow
  registrations: RegistrationRow
  registration_fields: RegistrationFieldRow
  syncs: SyncRow
  files: FileRow
  blobs: BlobRow
  file_deliveries: FileDeliveryRow
  sandbox_customers: SandboxCustomerRow
  customer_words: CustomerWordRow
  unindexed_customers: UnindexedCustomerRow
  customer_metadata: CustomerMetadataRow
  wallets: WalletRow
  wallet_authorizations: WalletAuthorizationRow
  wallet_challenges: WalletChallengeRow
  activity_counts: ActivityCountRow
  payment_intents: PaymentIntentRow
  invoice_numbers: InvoiceNumberRow
  invoices: InvoiceRow
  subscriptions: SubscriptionRow
  applications: ApplicationRow
  application_documents: ApplicationDocumentRow
  individuals: IndividualRow
  accounts: AccountRow
  webhook_endpoints: WebhookEndpointRow
  webhook_deliveries: WebhookDeliveryRow
  webhook_cursors: WebhookCursorRow
}

/** Facts of the installation itself: no app's data. */
export interface SettingsRow {
  name: string
  value: Uint8Array
}

export interface MerchantRow {
  id: string
  name: string
  created_at: number
}

export interface AppRow {
  id: string
  merchant_id: string
  name: string
  mode: string
  created_at: number
}

export interface KeyRow {
  app_id: string
  id: string
  name: string
  secret_hash: Uint8Array
  secret_last4: string
  /** Space-separated, `*` for every scope of the app. */
  scopes: string
  created_at: number
  revoked_at: number | null
  expires_at: number | null
  /** At most a minute behind, while the key is in use. */
  last_used_at: number | null
  /** Of the secret that was rotated out; it works until `previous_ends_at`. */
  previous_secret_hash: Uint8Array | null
  previous_ends_at: number | null
  /** 1: sees every app of its merchant. */
  is_operator: number
}

export interface CustomerRow {
  app_id: string
  id: string
  kind: string
  country: string | null
  external_id: string | null
  default_bank_account_id: string | null
  last_payout_at: number | null
  /** Which kind of document it is; its number is in the profile. */
  document_type: string | null
  /** One of the twelve statuses. */
  onboarding_status: string
  /** Roles of its registrations, space-separated. */
  roles: string
  /** 1 when every registration has received what the record says now. */
  is_synced: number
  /** Null: not a customer of the bank. */
  banking_status: string | null
  synced_at: number | null
  /** The customer's data key, wrapped by the master key. */
  data_key: Uint8Array
  /** Sealed JSON: every personal field. */
  profile: Uint8Array
  /** Version of the newest event; the chain's head is its hash. */
  version: number
  head_hash: Uint8Array
  created_at: number
  updated_at: number
}

/** Blind index: equality search over sealed fields. */
export interface CustomerLookupRow {
  app_id: string
  field: string
  token: Uint8Array
  customer_id: string
}

export interface EventRow {
  app_id: string
  customer_id: string
  version: number
  type: string
  actor: string
  at: number
  /** Sealed JSON: the values that changed. */
  changes: Uint8Array
  hash: Uint8Array
  /** PostgreSQL alone: its transaction, or that of the version before where it is younger. */
  tx: Generated<string>
}

export interface BankAccountRow {
  app_id: string
  id: string
  customer_id: string
  country: string
  currency: string
  rail: string
  account_type: string
  number_last4: string | null
  /** Blind index of the number, so that one customer cannot hold it twice. */
  number_token: Uint8Array | null
  /** Sealed JSON: holder, number, metadata. */
  details: Uint8Array
  created_at: number
}

export interface PayoutRow {
  app_id: string
  id: string
  customer_id: string | null
  bank_account_id: string | null
  amount_minor: number
  currency: string
  status: string
  attempts: number
  /** A payout without a customer has a data key of its own. */
  data_key: Uint8Array | null
  /** Sealed JSON: number, name and tax id of the destination. */
  destination: Uint8Array
  error_message: string | null
  created_at: number
  submitted_at: number | null
  completed_at: number | null
  /** Who said what became of it; `null`: its rail did, or nobody yet. */
  decided_by: string | null
  /** Sealed text: what else they said. */
  decision_note: Uint8Array | null
}

/** What the sandbox rail did, so that it can answer the same again after a crash. */
export interface SandboxTransferRow {
  app_id: string
  payout_id: string
  attempt: number
  outcome: string
  reason: string | null
  created_at: number
}

/** The stored reply of an idempotent write. */
export interface ReplyRow {
  app_id: string
  /** Keyed hash of method, route and the caller's idempotency key. */
  token: Uint8Array
  /** Keyed hash of the request, to tell a retry from another request under a used key. */
  fingerprint: Uint8Array
  status: number
  customer_id: string | null
  data_key: Uint8Array | null
  body: Uint8Array
  created_at: number
}

export interface JobRow {
  app_id: string
  id: string
  kind: string
  /** Id of what the job is about; never personal data. */
  subject_id: string
  /** `waiting` until its last try has failed, then `dead`. */
  status: string
  run_at: number
  /** How often it was begun, whatever came of it. */
  attempts: number
  /** How often it failed. */
  failures: Generated<number>
  lease_token: string | null
  leased_until: number | null
  last_error: string | null
  created_at: number
}
