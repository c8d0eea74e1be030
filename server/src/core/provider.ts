// Owns the port to payment providers: what one is asked, what it may answer, and how it can fail.
import type { Json } from '../lib/canonical.ts'
import { defineErrors } from './errors.ts'
import type { Address, Document, PhoneParts } from './fields.ts'

export const providerNames = [
  'stripe',
  'bridge',
  'pagar_me',
  'brla',
  'avenia',
  'mercado_pago',
] as const
export type ProviderName = (typeof providerNames)[number]

export const providerRoles = ['customer', 'connected_account', 'subaccount'] as const
export type ProviderRole = (typeof providerRoles)[number]

/** What `push` can send: the delivery address, and single fields of the record. */
export const syncFields = ['shipping', 'email', 'givenName', 'familyName'] as const
export type SyncField = (typeof syncFields)[number]

/** A connection as an adapter uses it: the app's credentials at one provider, opened. */
export interface ProviderConnection {
  appId: string
  /** `null` for the sandbox, which needs none. */
  connectionId: string | null
  mode: 'test' | 'live'
  /** Without a slash at its end; `null`: the provider's own for the mode. */
  baseUrl: string | null
  /** By the names that the adapter declares in `credentials`. */
  credentials: Readonly<Record<string, string>>
  /** Whether "shipping" may replace a legal (KYC) address at this provider. */
  mayReplaceLegalAddress: boolean
}

export interface CredentialField {
  /** `api_key` */
  name: string
  description: string
  isRequired: boolean
}

/** The record as an adapter sees it: opened, checked, as complete as it is. */
export interface ProviderCustomer {
  /** Our id as printed, `cust_…`: what an adapter puts into metadata or a reference. */
  recordId: string
  kind: 'individual' | 'business'
  name: string | null
  givenName: string | null
  familyName: string | null
  companyName: string | null
  email: string | null
  /** E.164 */
  phone: string | null
  phoneParts: PhoneParts | null
  document: Document | null
  /** `YYYY-MM-DD` */
  dateOfBirth: string | null
  address: Address | null
  /** ISO 3166-1 alpha-2 */
  country: string | null
}

/** A field that a registration needs: of the record, or of `provider_data`. */
export interface RequiredField {
  /** `email`, `givenName`, `address.city`, `providerData.monthly_income`: the core's names. */
  field: string
  description: string
}

export interface Registering {
  role: ProviderRole
  customer: ProviderCustomer
  /** What the caller gave for this provider beyond the record; plain JSON, unchecked. */
  providerData: Record<string, Json>
  /** The same at every try of one registration. */
  idempotencyKey: string
  /**
   * An earlier try may have reached the provider: look for its customer, or send the same
   * idempotency key, before another one is made.
   */
  isRepeat: boolean
}

/** The record at the provider that a registration stands for. */
export interface RemoteRecord {
  remoteId: string
  role: ProviderRole
}

/** What a field stands for when it is pushed: two equal values need no push between them. */
export function pushedValue(field: SyncField, customer: ProviderCustomer): Json {
  if (field !== 'shipping') return customer[field]
  const { name, phone, address, country } = customer
  return { name, phone, country, address: address === null ? null : { ...address } }
}

/** What a provider can say of a registration; `not_submitted` and `error` are our own words. */
export const remoteStatuses = [
  'submitted',
  'awaiting_confirmation',
  'processing',
  'approved',
  'rejected',
  'restricted',
  'cancelled',
] as const
export type RemoteStatus = (typeof remoteStatuses)[number]

export type RequiredAction =
  | 'upload_documents'
  | 'accept_terms'
  | 'complete_profile'
  | 'authorize_account'

export interface RemoteState {
  remoteId: string
  status: RemoteStatus
  actionRequired: RequiredAction | null
  /** Where the customer does it, when the provider has a page for it. */
  actionUrl: string | null
  /** One sentence, without personal data; set when `rejected`. */
  rejectionReason: string | null
  /** The provider's reasons and open requirements, without personal data. */
  failureReasons: string[]
  /** What the provider said that is worth showing: ids, capabilities. No personal data. */
  facts: Record<string, Json>
}

export interface FieldOutcome {
  field: SyncField
  outcome: 'updated' | 'unchanged' | 'unsupported' | 'failed'
  /** Why, where it is `unsupported` or `failed`; no personal data. */
  reason: string | null
}

/** Integers in the currency's minor unit (lib/money.ts `minorDigits`). */
export interface RemoteBalance {
  /** The account at the provider: `acct_…`, a wallet's id. */
  accountId: string
  totals: {
    /** Upper case: `BRL`, `USDC`. */
    currency: string
    available: number
    pending: number
    reserved: number
    /** What could be paid out at once; 0 where the provider has no such thing. */
    instantPayouts: number
  }[]
}

export interface IdentityFile {
  id: string
  name: string
  fileType: string
  contentType: 'application/pdf' | 'image/png' | 'image/jpeg'
  /** At most 10 MiB. */
  bytes: Uint8Array
  /** The same at every try; a repeat must not leave two files where the provider can tell. */
  idempotencyKey: string
}

export type FileOutcome =
  | { outcome: 'sent'; remoteFileId: string | null }
  | { outcome: 'unsupported'; reason: string }

/** An inbound webhook as it came: the raw bytes, before any parsing. */
export interface WebhookDelivery {
  headers: Readonly<Record<string, string>>
  /** Of the query string. */
  query: Readonly<Record<string, string>>
  body: Uint8Array
  /** Milliseconds since the epoch: what a timestamp in the signature is compared with. */
  receivedAt: number
}

/** One fact from a webhook whose signature has been verified. */
export interface ProviderNotice {
  /** The provider's own id of it; the same fact delivered twice has the same one. */
  eventId: string
  /** Whose record changed; `null` when it concerns none (a balance, a payment). */
  remoteId: string | null
  /** The provider's time of the fact, milliseconds; orders notices that arrive in any order. */
  occurredAt: number
  /**
   * `state`: the notice says it all. `reread`: it is only a hint, ask with `read`. `ignored`: kept
   * for the record of what came, nothing to do.
   */
  change: { kind: 'state'; state: RemoteState } | { kind: 'reread' } | { kind: 'ignored' }
}

/** One company's API. Each call may throw `AppError` of `providerErrors`, and nothing else. */
export interface Provider {
  credentials: readonly CredentialField[]
  roles: readonly ProviderRole[]
  requiredFields(role: ProviderRole, kind: ProviderCustomer['kind']): readonly RequiredField[]
  /** Which mode the credentials or the base URL belong to; `null` where neither tells. */
  modeOf(connection: Pick<ProviderConnection, 'credentials' | 'baseUrl'>): 'test' | 'live' | null
  /** When a state that is not final is asked for again; grows from there. Webhooks come sooner. */
  firstPollMs: number
  /** A harmless call that fails when the credentials do not work. */
  check(connection: ProviderConnection): Promise<void>
  register(connection: ProviderConnection, request: Registering): Promise<RemoteState>
  /**
   * Set where only `register`, asked again, carries on a registration that waits for documents or
   * data: it finds the customer that there is, and sends what has come since.
   */
  registersAgain?: true
  /** One outcome for each of `fields`, in their order. */
  push(
    connection: ProviderConnection,
    record: RemoteRecord,
    push: { customer: ProviderCustomer; fields: readonly SyncField[]; idempotencyKey: string },
  ): Promise<FieldOutcome[]>
  /** The state as the provider says it now. */
  read(connection: ProviderConnection, record: RemoteRecord): Promise<RemoteState>
  /** Asked live. Errors: `provider_balance_unsupported` where the role holds no money. */
  balance(connection: ProviderConnection, record: RemoteRecord): Promise<RemoteBalance[]>
  sendFile(
    connection: ProviderConnection,
    record: RemoteRecord,
    file: IdentityFile,
  ): Promise<FileOutcome>
  /**
   * Verifies the signature over the raw bytes first. Errors: `webhook_signature_invalid`,
   * `webhook_malformed`.
   */
  parseWebhook(connection: ProviderConnection, delivery: WebhookDelivery): Promise<ProviderNotice[]>
}

/** The adapters of one installation. */
export interface Providers {
  adapters: Readonly<Record<ProviderName, Provider>>
  /** Stands in for each of them in a test app that has no connection. */
  sandbox: Provider
}

export const providerErrors = defineErrors({
  provider_unavailable: {
    kind: 'upstream',
    title: 'Provider unavailable',
    detail: 'The provider cannot be reached, or did not give a usable answer.',
    fix: 'Retry later; nothing was assumed in its place.',
  },
  provider_timeout: {
    kind: 'upstream_timeout',
    title: 'Provider too slow',
    detail: 'The provider did not answer in time.',
    fix: 'Retry later; nothing was assumed in its place.',
  },
  provider_limited: {
    kind: 'upstream',
    title: 'Provider limits us',
    detail: 'The provider takes no more requests for the moment.',
    fix: 'Retry after the time in the Retry-After header.',
  },
  provider_rejected: {
    kind: 'upstream_refused',
    title: 'Provider refused',
    detail: 'The provider refused the request.',
    fix: 'Read its reason, then correct the customer or the connection.',
  },
  provider_credentials_refused: {
    kind: 'upstream_refused',
    title: 'Credentials refused',
    detail: 'The provider refuses the credentials of this connection.',
    fix: 'Save the connection again with working credentials.',
  },
  provider_balance_unsupported: {
    kind: 'missing',
    title: 'No balance here',
    detail: 'At this provider a customer in this role holds no money.',
    fix: 'Ask for another role or another provider.',
  },
  webhook_signature_invalid: {
    kind: 'unauthenticated',
    title: 'Signature invalid',
    detail: 'The signature of this webhook does not verify.',
    fix: 'Check the webhook secret of the connection, and the clocks.',
  },
  webhook_malformed: {
    kind: 'malformed',
    title: 'Webhook malformed',
    detail: 'The webhook is signed, and its body does not have the form it should have.',
    fix: 'Tell the operator: the provider may have changed its format.',
  },
})
