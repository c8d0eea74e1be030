// Owns the shape of the tables that applications and accounts brought: see tables.ts.

export interface ApplicationRow {
  app_id: string
  id: string
  kind: string
  status: string
  /** The record that it is about: named when it was made, or made by its approval. */
  customer_id: string | null
  account_currency: string
  terms_accepted_at: number | null
  /** Of the application itself: there may be no customer yet. */
  data_key: Uint8Array
  /** Sealed JSON: who applies, what was decided and why. */
  details: Uint8Array
  submitted_at: number | null
  decided_at: number | null
  created_at: number
  updated_at: number
}

/** A document that an application needs, and the file that was sent for it. */
export interface ApplicationDocumentRow {
  app_id: string
  id: string
  application_id: string
  /** Whose document it is, in a corporation. */
  individual_id: string | null
  type: string
  status: string
  data_key: Uint8Array
  /** Sealed JSON: name and kind of the file, description. */
  details: Uint8Array | null
  blob_name: string | null
  created_at: number
  uploaded_at: number | null
}

/** A person in an application, and behind the customer that came of it. */
export interface IndividualRow {
  app_id: string
  id: string
  application_id: string
  customer_id: string | null
  role: string
  /** Hundredths of a percent. */
  ownership_hundredths: number | null
  /** Sealed JSON under the key of the customer, or of the application until there is one. */
  details: Uint8Array
  created_at: number
  updated_at: number
}

export interface AccountRow {
  app_id: string
  id: string
  customer_id: string
  type: string
  currency: string
  status: string
  /** Sealed JSON: nickname. */
  details: Uint8Array
  created_at: number
  updated_at: number
}
