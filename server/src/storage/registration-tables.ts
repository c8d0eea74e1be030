// Owns the shape of the tables that registrations, connections and files brought: see tables.ts.

/** How many customers have an id from `first_id` up to, and without, `end_id`. */
export interface CustomerTallyRow {
  app_id: string
  first_id: string
  end_id: string
  count: number
}

/** An app's credentials at a provider. */
export interface ConnectionRow {
  app_id: string
  id: string
  provider: string
  data_key: Uint8Array
  /** Sealed JSON. */
  credentials: Uint8Array
  base_url: string | null
  may_replace_legal_address: number
  checked_at: number
  created_at: number
  updated_at: number
}

/** What a provider told us by webhook; each fact once. */
export interface ProviderNoticeRow {
  app_id: string
  connection_id: string
  event_id: string
  id: string
  remote_id: string | null
  occurred_at: number
  /** Sealed JSON, under the connection's key. */
  notice: Uint8Array
  received_at: number
  applied_at: number | null
}

/** A customer at a provider in a role. */
export interface RegistrationRow {
  app_id: string
  id: string
  customer_id: string
  provider: string
  role: string
  status: string
  /** The provider's id of the customer. */
  remote_id: string | null
  action_required: string | null
  /** The provider's time of the newest state that was taken over. */
  stated_at: number | null
  /** When the creation at the provider was first tried. */
  claimed_at: number | null
  /** Sealed JSON: what the caller gave, what the provider said. */
  details: Uint8Array
  created_at: number
  updated_at: number
}

/** What was last pushed of one field, as a keyed hash. */
export interface RegistrationFieldRow {
  app_id: string
  registration_id: string
  field: string
  value_hash: Uint8Array
  outcome: string
  reason: string | null
  pushed_at: number
}

/** One call of `sync`: done by a job. */
export interface SyncRow {
  app_id: string
  id: string
  customer_id: string
  provider: string
  /** Space-separated. */
  fields: string
  status: string
  reason: string | null
  created_at: number
  ended_at: number | null
}

export interface FileRow {
  app_id: string
  id: string
  customer_id: string
  file_type: string
  content_type: string
  size: number
  sha256: Uint8Array
  blob_name: string
  /** Sealed JSON: the file's name. */
  details: Uint8Array
  created_at: number
}

/** The bytes of a file, sealed, in the blob store. */
export interface BlobRow {
  app_id: string
  name: string
  created_at: number
  kept_at: number | null
}

/** A file on its way to a provider. */
export interface FileDeliveryRow {
  app_id: string
  id: string
  file_id: string
  registration_id: string
  status: string
  reason: string | null
  remote_file_id: string | null
  created_at: number
  ended_at: number | null
}

/** What the sandbox provider knows; no personal data. */
export interface SandboxCustomerRow {
  app_id: string
  remote_id: string
  role: string
  idempotency_key: string
  /** From the e-mail: `plain`, `reject`, `documents`, `slow`, `down`. */
  behaviour: string
  documents: number
  documents_at: number | null
  /** JSON: a hash by field, to tell `unchanged`. */
  field_hashes: string
  /** JSON: minor units by currency. */
  balances: string
  created_at: number
}
