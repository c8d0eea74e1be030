// Owns the types of the platform surface. Generated from its operations: change those
// and run `npm run generate`.

/** Sent with `POST /customers`. */
export interface NewCustomer {
  /** What the customer is */
  kind: 'individual' | 'business'
  /** In full */
  name?: string | null
  /** First name */
  given_name?: string | null
  /** Last name */
  family_name?: string | null
  /** A business's own name */
  company_name?: string | null
  /** E-mail address */
  email?: string | null
  /** Phone number, E.164 */
  phone?: string | null
  /** Proves who it is */
  document?: { type?: string | null; number?: string | null; country?: string | null } | null
  /** Date of birth, `YYYY-MM-DD` */
  date_of_birth?: string | null
  /** Where the customer is */
  address?: { line1?: string | null; line2?: string | null; house_number?: string | null; street_number?: string | null; street_name?: string | null; neighborhood?: string | null; city?: string | null; state?: string | null; subdivision?: string | null; postal_code?: string | null } | null
  /** ISO 3166-1 alpha-2 */
  country?: string | null
  /** Your own reference, unique in the app */
  external_id?: string | null
  /** Free-form, for your own references */
  metadata?: Record<string, unknown> | null
  /** What some forms ask for: `mother_name`, `gender`, `social_name`, `tax_id`, `account_type`, `company_start_date`, `owner_legal_name`, `owner_document_number`, `owner_document_type`, `customer_wallet`, `trading_wallet`, `registration_number`, `trading_name`, `monthly_net_income` */
  background?: Record<string, string | number | null> | null
}

/** Answered by `POST /customers` and others. */
export interface CustomerRecord {
  /** The customer */
  id: string
  /** How many events its history has */
  version: number
  /** What the customer is */
  kind: 'individual' | 'business'
  /** In full */
  name: string | null
  /** First name, where it is known apart */
  given_name: string | null
  /** Last name, where it is known apart */
  family_name: string | null
  /** A business's own name, where it is known apart */
  company_name: string | null
  /** E-mail address */
  email: string | null
  /** Phone number, E.164 */
  phone: string | null
  document: { type: string | null; number: string | null; country: string | null } | null
  /** Date of birth, `YYYY-MM-DD` */
  date_of_birth: string | null
  address: { line1: string | null; line2: string | null; house_number: string | null; street_number: string | null; street_name: string | null; neighborhood: string | null; city: string | null; state: string | null; subdivision: string | null; postal_code: string | null } | null
  /** ISO 3166-1 alpha-2 */
  country: string | null
  /** Your own reference */
  external_id: string | null
  /** Free-form */
  metadata: Record<string, unknown>
  /** What some forms ask for */
  background: Record<string, string | number>
  /** Null: not a customer of the bank */
  banking_status: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED' | null
  /** How far the customer is at the providers */
  onboarding_status: 'NOT_STARTED' | 'INITIATED' | 'INCOMPLETE' | 'PENDING' | 'PROCESSING' | 'IN_REVIEW' | 'DOCUMENT_REQUIRED' | 'DOCUMENT_PENDING' | 'DOCUMENT_APPROVED' | 'AWAITING_CONFIRMATION' | 'APPROVED' | 'REJECTED'
  /** Roles at providers */
  roles: Array<string>
  /** Whether every registration has what the record says */
  synced: boolean
  /** When that was last so */
  synced_at: string | null
  /** Where payouts go */
  default_bank_account_id: string | null
  /** When the latest payout was accepted */
  last_payout_at: string | null
  /** When the customer was created */
  created_at: string
  /** When it last changed */
  updated_at: string
}

/** Answered by `POST /customers/{id}/registrations/{registration_id}/move`. */
export interface Registration {
  /** The id of the registration */
  id: string
  /** A payment provider */
  provider: 'stripe' | 'bridge' | 'pagar_me' | 'brla' | 'avenia' | 'mercado_pago'
  /** What the customer is there */
  role: 'customer' | 'connected_account' | 'subaccount'
  /** How far it is */
  status: 'not_submitted' | 'submitted' | 'awaiting_confirmation' | 'processing' | 'approved' | 'rejected' | 'restricted' | 'cancelled' | 'error'
  /** The provider's id */
  provider_customer_id: string | null
  /** Required fields that are not there */
  missing: Array<string>
  /** Why it was rejected */
  rejection_reason: string | null
  /** What stands in the way */
  failure_reasons: Array<string>
  /** What the customer has to do */
  action_required: string | null
  /** Where the customer does it */
  action_url: string | null
  /** The provider's time of this state */
  stated_at: string | null
  fields: Array<{ field: 'shipping' | 'email' | 'first_name' | 'last_name'; value_hash: string; outcome: 'registered' | 'updated' | 'unchanged' | 'unsupported' | 'failed'; reason: string | null; pushed_at: string }>
  /** When the registration was opened */
  created_at: string
  /** When it last changed */
  updated_at: string
}

/** Answered by `GET /customers/{id}`. */
export interface Customer {
  /** The customer */
  id: string
  /** How many events its history has */
  version: number
  /** What the customer is */
  kind: 'individual' | 'business'
  /** In full */
  name: string | null
  /** First name, where it is known apart */
  given_name: string | null
  /** Last name, where it is known apart */
  family_name: string | null
  /** A business's own name, where it is known apart */
  company_name: string | null
  /** E-mail address */
  email: string | null
  /** Phone number, E.164 */
  phone: string | null
  document: { type: string | null; number: string | null; country: string | null } | null
  /** Date of birth, `YYYY-MM-DD` */
  date_of_birth: string | null
  address: { line1: string | null; line2: string | null; house_number: string | null; street_number: string | null; street_name: string | null; neighborhood: string | null; city: string | null; state: string | null; subdivision: string | null; postal_code: string | null } | null
  /** ISO 3166-1 alpha-2 */
  country: string | null
  /** Your own reference */
  external_id: string | null
  /** Free-form */
  metadata: Record<string, unknown>
  /** What some forms ask for */
  background: Record<string, string | number>
  /** Null: not a customer of the bank */
  banking_status: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED' | null
  /** How far the customer is at the providers */
  onboarding_status: 'NOT_STARTED' | 'INITIATED' | 'INCOMPLETE' | 'PENDING' | 'PROCESSING' | 'IN_REVIEW' | 'DOCUMENT_REQUIRED' | 'DOCUMENT_PENDING' | 'DOCUMENT_APPROVED' | 'AWAITING_CONFIRMATION' | 'APPROVED' | 'REJECTED'
  /** Roles at providers */
  roles: Array<string>
  /** Whether every registration has what the record says */
  synced: boolean
  /** When that was last so */
  synced_at: string | null
  /** Where payouts go */
  default_bank_account_id: string | null
  /** When the latest payout was accepted */
  last_payout_at: string | null
  /** When the customer was created */
  created_at: string
  /** When it last changed */
  updated_at: string
  /** At providers */
  registrations?: Array<Registration>
  /** Wallets that it pays from */
  wallets?: Array<{ id: string; chain_id: number; address: string; ownership_verified_at: string | null; authorized_until: string | null; created_at: string }>
  /** Bank accounts that receive payouts, the newest first */
  bank_accounts?: Array<{ id: string; country: string; currency: string; rail: string; account_type: string; account_number_last4: string | null; holder_name: string; created_at: string }>
  /** The newest payouts */
  payouts?: Array<{ id: string; amount_minor: number; currency: string; status: 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled'; bank_account_id: string | null; created_at: string; completed_at: string | null }>
  /** Accounts that it holds */
  accounts?: Array<{ id: string; type: string; currency: string; status: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'; nickname: string | null; created_at: string }>
  /** People behind the company */
  individuals?: Array<{ id: string; role: string; first_name: string | null; last_name: string | null; ownership_percentage: number | null; created_at: string }>
  /** Identity files */
  files?: Array<{ id: string; name: string; file_type: string; content_type: string; size: number; created_at: string }>
  /** On the crypto surface */
  activity?: { payment_intents: number; invoices: number; subscriptions: number; recent_payment_intents: Array<{ id: string; status: string; amount_minor: number; currency: string; created_at: string }>; recent_invoices: Array<{ id: string; number: number; status: string; total_minor: number; currency: string; created_at: string }> }
}

/** Sent with `POST /customers/search`. */
export interface CustomerSearch {
  /** E-mail address, in any case */
  email?: string
  /** Phone number, E.164 */
  phone?: string
  /** Number of the document; punctuation does not matter */
  document?: string
  /** What kind of document */
  document_type?: string
  /** Which country issued it; with `document` only */
  document_country?: string
  /** Address of a wallet */
  wallet?: string
  /** Number of a bank account, as a CBU or CVU */
  bank_account?: string
  /** Your own reference */
  external_id?: string
  /** A payment provider */
  provider?: 'stripe' | 'bridge' | 'pagar_me' | 'brla' | 'avenia' | 'mercado_pago'
  /** The provider's id of the customer */
  provider_customer_id?: string
  /** How far a registration is */
  registration_status?: 'not_submitted' | 'submitted' | 'awaiting_confirmation' | 'processing' | 'approved' | 'rejected' | 'restricted' | 'cancelled' | 'error'
  /** What the customer is */
  kind?: 'individual' | 'business'
  /** ISO 3166-1 alpha-2 */
  country?: string
  /** How far the customer is at the providers */
  onboarding_status?: 'NOT_STARTED' | 'INITIATED' | 'INCOMPLETE' | 'PENDING' | 'PROCESSING' | 'IN_REVIEW' | 'DOCUMENT_REQUIRED' | 'DOCUMENT_PENDING' | 'DOCUMENT_APPROVED' | 'AWAITING_CONFIRMATION' | 'APPROVED' | 'REJECTED'
  /** Of a customer of the bank */
  banking_status?: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** Of a wallet: `authorized` counts now */
  wallet_status?: 'verified' | 'unverified' | 'authorized'
  /** Of an account that it holds */
  account_status?: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** Of an application */
  application_status?: 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | 'PROCESSING' | 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** Of a payout */
  payout_status?: 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled'
  /** Of a payment intent */
  payment_intent_status?: 'CREATED' | 'AUTHORIZED' | 'CAPTURING' | 'CAPTURED' | 'PARTIALLY_REFUNDED' | 'SETTLED' | 'DISPUTED' | 'DISPUTE_RESOLVED' | 'DISPUTE_LOST' | 'REFUNDED' | 'CANCELLED' | 'EXPIRED' | 'CAPTURE_FAILED' | 'PAST_DUE'
  /** Of an invoice */
  invoice_status?: 'DRAFT' | 'OPEN' | 'PAID' | 'PAST_DUE' | 'VOID' | 'UNCOLLECTIBLE'
  /** Of a subscription */
  subscription_status?: 'CREATED' | 'TRIALING' | 'ACTIVE' | 'PAST_DUE' | 'PAUSED' | 'CANCELLED'
  /** Names with their values; one that is not text is compared as JSON */
  metadata?: Record<string, string>
  /** Created at this moment or later, RFC 3339 */
  created_from?: string
  /** Created before this moment, RFC 3339 */
  created_to?: string
  /** Beginnings of words in name, e-mail and external id; needs `platform:read` */
  q?: string
  /** Which facets stand beside each record, with commas between them; none when it is left out: registrations, wallets, bank_accounts, payouts, accounts, individuals, files, activity */
  include?: string
  /** How many entries a page has */
  limit?: number
  /** `next_cursor` of the page before */
  cursor?: string
}

/** Answered by an operation. */
export interface EligibilityReason {
  /** The code of the refusal, the same that the operation is refused with */
  code: string
  /** What the operation would say; nothing personal */
  message: string
  /** Which are at fault: of this question, or missing on the record */
  fields: Array<string>
  /** The provider; null where it is about none, or about all */
  provider: 'stripe' | 'bridge' | 'pagar_me' | 'brla' | 'avenia' | 'mercado_pago' | null
  /** The role there; null where it is about none, or about all */
  role: 'customer' | 'connected_account' | 'subaccount' | null
  /** Which bank account, wallet, registration or payment it is about */
  object_id: string | null
  /** Who has to act: the `customer`, the `merchant` who holds the key, an `operator` of the bank, the `provider`. Null: nobody has to, or nobody can */
  who: 'customer' | 'merchant' | 'operator' | 'provider' | null
  next: { what: string; call: string | null; url: string | null }
}

/** Answered by an operation. */
export interface Eligibility {
  /** `payout`: createPayout. `charge`: createPaymentIntent and what takes its money, capturePaymentIntent, activateSubscription or resumeSubscription. `sync`: syncCustomer. `register`: submitRegistration, so that the provider is asked. `open_account`: createAccount */
  action: 'payout' | 'charge' | 'sync' | 'register' | 'open_account'
  /** Whether the operation would succeed now; it decides anew when it is called */
  allowed: boolean
  /** Of `sync` and `register`: where it is allowed */
  targets: Array<{ provider: 'stripe' | 'bridge' | 'pagar_me' | 'brla' | 'avenia' | 'mercado_pago'; role: 'customer' | 'connected_account' | 'subaccount' }>
  /** Everything that stands in the way, in the order in which the operation would refuse it; empty where it is allowed */
  reasons: Array<EligibilityReason>
  /** What no operation refuses, and is likely to be in the way later */
  warnings: Array<EligibilityReason>
}

/** Answered by `GET /customers/{id}/eligibility`. */
export interface EligibilityAnswer {
  /** The customer */
  customer_id: string
  /** When this was so */
  as_of: string
  /** The action that was asked for, or all */
  actions: Array<Eligibility>
}

/** Sent with `PATCH /customers/{id}`. */
export interface CustomerPatch {
  /** What the customer is */
  kind?: 'individual' | 'business'
  /** In full */
  name?: string | null
  /** First name */
  given_name?: string | null
  /** Last name */
  family_name?: string | null
  /** A business's own name */
  company_name?: string | null
  /** E-mail address */
  email?: string | null
  /** Phone number, E.164 */
  phone?: string | null
  /** Proves who it is */
  document?: { type?: string | null; number?: string | null; country?: string | null } | null
  /** Date of birth, `YYYY-MM-DD` */
  date_of_birth?: string | null
  /** Where the customer is */
  address?: { line1?: string | null; line2?: string | null; house_number?: string | null; street_number?: string | null; street_name?: string | null; neighborhood?: string | null; city?: string | null; state?: string | null; subdivision?: string | null; postal_code?: string | null } | null
  /** ISO 3166-1 alpha-2 */
  country?: string | null
  /** Your own reference, unique in the app */
  external_id?: string | null
  /** Free-form, for your own references */
  metadata?: Record<string, unknown> | null
  /** What some forms ask for: `mother_name`, `gender`, `social_name`, `tax_id`, `account_type`, `company_start_date`, `owner_legal_name`, `owner_document_number`, `owner_document_type`, `customer_wallet`, `trading_wallet`, `registration_number`, `trading_name`, `monthly_net_income` */
  background?: Record<string, string | number | null> | null
}

/** Answered by an operation. */
export interface Event {
  /** Customer and version: the same wherever the event is shown */
  id: string
  /** Whom it is about */
  customer_id: string
  /** The customer's version after it */
  version: number
  /** The version before: who has not seen that one missed an event */
  previous_version: number
  /** What happened */
  type: string
  /** Who did it */
  actor: string
  /** When */
  at: string
  /** The values that changed, in the core's names; null once they are erased */
  changes: Record<string, unknown> | null
  /** SHA-256 over the event before and this one, hexadecimal */
  hash: string
}

/** Answered by `GET /customers/{id}/proof`. */
export interface Proof {
  /** Plain UUID: a part of every hash */
  app_id: string
  /** Plain UUID: a part of every hash */
  customer_id: string
  /** Whether the whole chain is whole, up to its head */
  verified: boolean
  /** Null while it is whole */
  broken: { version: number | null; problem: string } | null
  /** What the first of these links follows from; SHA-256, hexadecimal */
  previous_hash: string
  /** Oldest first, at most 1000 */
  links: Array<{ version: number; type: string; actor: string; at: string; changes_hash: string; hash: string }>
  /** Whether links follow: ask with `after_version` */
  has_more: boolean
}

/** Answered by an operation. */
export interface App {
  /** The id of the app */
  id: string
  /** Whose app it is */
  merchant_id: string
  /** Its name */
  name: string
  /** Whether money moves */
  mode: 'test' | 'live'
  /** When it was made */
  created_at: string
}

/** Answered by `DELETE /keys/{id}`. */
export interface Key {
  /** The id of the key */
  id: string
  /** The app that it belongs to */
  app_id: string
  /** What the key is for */
  name: string
  /** How its secret ends */
  last4: string
  /** What it may do */
  scopes: Array<string>
  /** Whether it sees every app of the app's merchant */
  operator: boolean
  /** When it was made */
  created_at: string
  /** When it ends; null: never */
  expires_at: string | null
  /** When it was last used, to about a minute; null: not yet */
  last_used_at: string | null
  /** When it was revoked; null: it was not */
  revoked_at: string | null
  /** Until when the secret before the last rotation works too; null: there is none */
  previous_secret_expires_at: string | null
}

/** Sent with `POST /keys`. */
export interface NewKey {
  /** What the key is for */
  name: string
  /** What it may do: `accounts:read`, `accounts:write`, `applications:read`, `applications:write`, `banking:read`, `banking:write`, `crypto:read`, `crypto:write`, `customers:read`, `customers:write`, `orchestration:read`, `orchestration:write`, `payouts:read`, `payouts:write`, `platform:read`, `platform:read_masked`, `platform:write`, `*` */
  scopes: Array<string>
  /** When it is to end, by RFC 3339; null or left out: never */
  expires_at?: string | null
  /** Whether it sees every app of the app's merchant; operator keys give it */
  operator?: boolean
}

/** Answered by `POST /keys` and others. */
export interface KeyWithSecret {
  /** The id of the key */
  id: string
  /** The app that it belongs to */
  app_id: string
  /** What the key is for */
  name: string
  /** How its secret ends */
  last4: string
  /** What it may do */
  scopes: Array<string>
  /** Whether it sees every app of the app's merchant */
  operator: boolean
  /** When it was made */
  created_at: string
  /** When it ends; null: never */
  expires_at: string | null
  /** When it was last used, to about a minute; null: not yet */
  last_used_at: string | null
  /** When it was revoked; null: it was not */
  revoked_at: string | null
  /** Until when the secret before the last rotation works too; null: there is none */
  previous_secret_expires_at: string | null
  /** The secret: this answer alone shows it */
  secret: string
}

/** Sent with `POST /keys/{id}/rotate`. */
export interface Rotation {
  /** How long the secret before works on; 0 ends it at once */
  overlap_seconds?: number
}

/** Answered by `GET /connections/{provider}` and others. */
export interface Connection {
  /** The id of the connection */
  id: string
  /** A payment provider */
  provider: 'stripe' | 'bridge' | 'pagar_me' | 'brla' | 'avenia' | 'mercado_pago'
  /** Null: the provider's own */
  base_url: string | null
  /** The names of what is saved; the values are never shown */
  credentials: Array<string>
  /** Whether syncing `shipping` may replace a legal address at this provider */
  may_replace_legal_address: boolean
  /** Where the provider's webhooks go, below this server's address */
  webhook_path: string
  /** When the provider last accepted the credentials */
  checked_at: string
  /** When it was first saved */
  created_at: string
  /** When it was last saved */
  updated_at: string
}

/** Sent with `PUT /connections/{provider}`. */
export interface NewConnection {
  /** What the provider asks for, by name */
  credentials: Record<string, string>
  /** In place of the provider's own; https, a public address, no slash at the end */
  base_url?: string | null
  /** Whether syncing `shipping` may replace a legal address at this provider */
  may_replace_legal_address?: boolean
}

/** Answered by `DELETE /connections/{provider}`. */
export interface RemovedConnection {
  id: string
  /** A payment provider */
  provider: 'stripe' | 'bridge' | 'pagar_me' | 'brla' | 'avenia' | 'mercado_pago'
  removed: true
}

/** Sent with `POST /customers/{id}/registrations/{registration_id}/move`. */
export interface RegistrationMove {
  /** What the registration is to become */
  status: 'not_submitted' | 'submitted' | 'awaiting_confirmation' | 'processing' | 'approved' | 'rejected' | 'restricted' | 'cancelled' | 'error'
  /** Why; kept in the history, sealed, and shown where it is a rejection */
  reason: string
}

/** Sent with `POST /customers/{id}/status`. */
export interface StatusMove {
  /** What the customer is to become */
  status: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** Why; kept in the history, sealed */
  reason: string
  /** The status that you decided upon: another one by now refuses the move */
  from?: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
}

/** Answered by `POST /customers/{id}/status`. */
export interface MovedCustomer {
  /** The customer */
  id: string
  /** What it is now */
  status: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** What it may become next */
  moves: Array<'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'>
  /** When the customer last changed */
  updated_at: string
}

/** Answered by `GET /payouts/{id}` and others. */
export interface DecidedPayout {
  /** The payout */
  id: string
  /** What it is now */
  status: 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled'
  /** Whose payout it is; null: nobody of the record */
  customer_id: string | null
  /** Why it failed; null: it did not */
  error_message: string | null
  /** When it was completed; null: it was not */
  completed_at: string | null
  /** Who said what became of it, as in the history; null: its rail, or nobody yet */
  decided_by: string | null
  /** What they said of one that was completed */
  note: string | null
}

/** Sent with `POST /payouts/{id}/outcome`. */
export interface NewPayoutOutcome {
  /** What became of it */
  outcome: 'completed' | 'failed'
  /** Why; a failure has one, and the caller of the payout reads it: nothing personal */
  reason?: string
}

/** Answered by an operation. */
export interface OutcomeLine {
  /** Where it stands in the file */
  line: number
  /** The payout that it names; null: none */
  payout_id: string | null
  /** `unchanged`: it had this outcome before. `unknown`: the database went away meanwhile; send the file again, what is recorded stays as it is */
  result: 'recorded' | 'would_be_recorded' | 'unchanged' | 'refused' | 'unknown'
  /** Why it was refused, for programs */
  code: string | null
  /** Why it was refused, for people */
  detail: string | null
}

/** Answered by `POST /payouts/outcomes`. */
export interface OutcomeReport {
  /** Whether nothing was written */
  dry_run: boolean
  counts: { recorded: number; would_be_recorded: number; unchanged: number; refused: number; unknown: number }
  /** Every line, in the order of the file */
  lines: Array<OutcomeLine>
}

/** Answered by an operation. */
export interface ApplicationListItem {
  /** The application */
  id: string
  /** Who applies */
  kind: 'individual' | 'business'
  /** How far the application is */
  status: 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | 'PROCESSING' | 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** E-mail address */
  email: string
  /** The customer that it names, or that the approval made */
  customer_id: string | null
  /** When it was last submitted */
  submitted_at: string | null
  /** When it was last decided about */
  decided_at: string | null
  /** When it was made */
  created_at: string
  /** When it last changed */
  updated_at: string
}

/** Answered by an operation. */
export interface ApplicationDocument {
  /** The document */
  id: string
  /** What it proves */
  type: 'IDENTITY'
  /** Whether it was uploaded */
  status: 'REQUIRED' | 'UPLOADED'
  /** Whose it is, in a business */
  individual_id: string | null
  file: { name: string; description: string | null; content_type: string; size: number; sha256: string } | null
  /** When the file arrived */
  uploaded_at: string | null
}

/** Answered by `GET /applications/{id}`. */
export interface Application {
  /** The application */
  id: string
  /** Who applies */
  kind: 'individual' | 'business'
  /** How far the application is */
  status: 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | 'PROCESSING' | 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** E-mail address */
  email: string
  /** The customer that it names, or that the approval made */
  customer_id: string | null
  /** When it was last submitted */
  submitted_at: string | null
  /** When it was last decided about */
  decided_at: string | null
  /** When it was made */
  created_at: string
  /** When it last changed */
  updated_at: string
  /** Phone number, E.164 */
  phone: string | null
  /** Null: a business */
  individual: { first_name: string | null; last_name: string | null; date_of_birth: string | null; tax_id: string | null; address: { line1: string | null; line2: string | null; house_number: string | null; street_number: string | null; street_name: string | null; neighborhood: string | null; city: string | null; state: string | null; subdivision: string | null; postal_code: string | null } | null; country: string | null } | null
  /** Null: a person */
  corporation: { legal_name: string | null; trading_name: string | null; registration_number: string | null; tax_id: string | null; address: { line1: string | null; line2: string | null; house_number: string | null; street_number: string | null; street_name: string | null; neighborhood: string | null; city: string | null; state: string | null; subdivision: string | null; postal_code: string | null } | null; country: string | null; has_beneficial_owners: boolean | null } | null
  individuals: Array<{ id: string; role: 'INDIVIDUAL' | 'OFFICER' | 'BENEFICIAL_OWNER' | 'CONTROL_PERSON' | 'AUTHORIZED_PERSON'; ownership_percentage: number | null; email: string | null; phone: string | null; first_name: string | null; last_name: string | null; date_of_birth: string | null; tax_id: string | null; address: { line1: string | null; line2: string | null; house_number: string | null; street_number: string | null; street_name: string | null; neighborhood: string | null; city: string | null; state: string | null; subdivision: string | null; postal_code: string | null } | null; country: string | null }>
  documents: Array<ApplicationDocument>
  /** Of the first account; ISO 4217 */
  account_currency: string
  /** When the terms were accepted */
  terms_accepted_at: string | null
  /** What it lacks; none in what can be decided about */
  missing: Array<{ code: string; field: string | null; message: string }>
  /** Oldest first */
  decisions: Array<{ decision: 'approve' | 'reject' | 'request_changes'; reason: string; actor: string; decided_at: string }>
}

/** Sent with `POST /applications/{id}/decision`. */
export interface NewDecision {
  /** What is decided */
  decision: 'approve' | 'reject' | 'request_changes'
  /** Why */
  reason: string
}

/** Answered by `POST /applications/{id}/decision`. */
export interface DecidedApplication {
  /** The application */
  id: string
  /** How far it is now */
  status: 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | 'PROCESSING' | 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** The customer that it names, or that the approval made */
  customer_id: string | null
  /** What is decided */
  decision: 'approve' | 'reject' | 'request_changes'
  /** Why */
  reason: string
  /** Who decided */
  actor: string
  /** When */
  decided_at: string
}

/** Answered by an operation. */
export interface Permissions {
  read: boolean
  update: boolean
  transact: boolean
}

/** Answered by an operation. */
export interface StatusMachine {
  /** What has these states */
  name: string
  /** What that is */
  description: string
  states: Array<{ status: string; moves: Array<{ to: string; by: 'app' | 'operator' | 'provider' | 'rail' | 'system' }>; permissions: Permissions | null }>
}

/** Sent with `POST /webhook-endpoints`. */
export interface NewWebhookEndpoint {
  /** https, a public address */
  url: string
  /** Types of events; `customer.payout.*` means all that begin so, `*` every one */
  events: Array<string>
}

/** Answered by `POST /webhook-endpoints` and others. */
export interface WebhookEndpointWithSecret {
  /** The id of the endpoint */
  id: string
  /** Where the events are sent */
  url: string
  /** The events that it gets */
  events: Array<string>
  /** Whether anything is sent */
  status: 'enabled' | 'disabled'
  /** Why nothing is sent */
  disabled_reason: string | null
  /** Since when no delivery has arrived */
  failing_since: string | null
  /** Until when the secret before the last rotation signs too */
  previous_secret_expires_at: string | null
  /** When it was made */
  created_at: string
  /** When it was last changed */
  updated_at: string
  /** The secret that signs: this answer alone shows it */
  secret: string
}

/** Answered by `GET /webhook-endpoints/{id}` and others. */
export interface WebhookEndpoint {
  /** The id of the endpoint */
  id: string
  /** Where the events are sent */
  url: string
  /** The events that it gets */
  events: Array<string>
  /** Whether anything is sent */
  status: 'enabled' | 'disabled'
  /** Why nothing is sent */
  disabled_reason: string | null
  /** Since when no delivery has arrived */
  failing_since: string | null
  /** Until when the secret before the last rotation signs too */
  previous_secret_expires_at: string | null
  /** When it was made */
  created_at: string
  /** When it was last changed */
  updated_at: string
}

/** Sent with `PATCH /webhook-endpoints/{id}`. */
export interface WebhookEndpointChange {
  /** https, a public address */
  url?: string
  /** Types of events; `customer.payout.*` means all that begin so, `*` every one */
  events?: Array<string>
  /** Whether anything is to be sent */
  status?: 'enabled' | 'disabled'
}

/** Answered by `POST /webhook-endpoints/{id}/test` and others. */
export interface Delivery {
  /** The id of the delivery */
  id: string
  /** The event; null: a test message */
  event_id: string | null
  /** The type of the event */
  type: string
  /** Whether it has arrived */
  status: 'waiting' | 'delivered' | 'failed'
  /** How often it was tried */
  attempts: number
  /** When it is tried next */
  next_attempt_at: string | null
  /** When it was last tried */
  last_attempt_at: string | null
  /** Of the last answer */
  response_status: number | null
  /** Why the last try failed */
  reason: string | null
  /** When it was made */
  created_at: string
  /** When it arrived */
  delivered_at: string | null
}

/** Sent with `POST /webhook-endpoints/{id}/replay`. */
export interface Replay {
  /** What was handed out, or happened, from this moment on, by RFC 3339 */
  from: string
  /** And before this one; left out: up to now */
  to?: string
  /** Those that have arrived too */
  with_delivered?: boolean
  /** `next_cursor` of the call before, with the same range */
  cursor?: string
}

/** Answered by `POST /webhook-endpoints/{id}/replay`. */
export interface Replayed {
  /** How many deliveries are sent, by this call */
  replayed: number
  /** Whether the range has events that were not looked at */
  has_more: boolean
  /** To be given to the next call */
  next_cursor: string | null
}

/** The query of `GET /customers`. */
export interface ListCustomersQuery {
  /** E-mail address, in any case */
  email?: string
  /** Phone number, E.164 */
  phone?: string
  /** Number of the document; punctuation does not matter */
  document?: string
  /** What kind of document */
  document_type?: string
  /** Which country issued it; with `document` only */
  document_country?: string
  /** Address of a wallet */
  wallet?: string
  /** Number of a bank account, as a CBU or CVU */
  bank_account?: string
  /** Your own reference */
  external_id?: string
  /** A payment provider */
  provider?: 'stripe' | 'bridge' | 'pagar_me' | 'brla' | 'avenia' | 'mercado_pago'
  /** The provider's id of the customer */
  provider_customer_id?: string
  /** How far a registration is */
  registration_status?: 'not_submitted' | 'submitted' | 'awaiting_confirmation' | 'processing' | 'approved' | 'rejected' | 'restricted' | 'cancelled' | 'error'
  /** What the customer is */
  kind?: 'individual' | 'business'
  /** ISO 3166-1 alpha-2 */
  country?: string
  /** How far the customer is at the providers */
  onboarding_status?: 'NOT_STARTED' | 'INITIATED' | 'INCOMPLETE' | 'PENDING' | 'PROCESSING' | 'IN_REVIEW' | 'DOCUMENT_REQUIRED' | 'DOCUMENT_PENDING' | 'DOCUMENT_APPROVED' | 'AWAITING_CONFIRMATION' | 'APPROVED' | 'REJECTED'
  /** Of a customer of the bank */
  banking_status?: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** Of a wallet: `authorized` counts now */
  wallet_status?: 'verified' | 'unverified' | 'authorized'
  /** Of an account that it holds */
  account_status?: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** Of an application */
  application_status?: 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | 'PROCESSING' | 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** Of a payout */
  payout_status?: 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled'
  /** Of a payment intent */
  payment_intent_status?: 'CREATED' | 'AUTHORIZED' | 'CAPTURING' | 'CAPTURED' | 'PARTIALLY_REFUNDED' | 'SETTLED' | 'DISPUTED' | 'DISPUTE_RESOLVED' | 'DISPUTE_LOST' | 'REFUNDED' | 'CANCELLED' | 'EXPIRED' | 'CAPTURE_FAILED' | 'PAST_DUE'
  /** Of an invoice */
  invoice_status?: 'DRAFT' | 'OPEN' | 'PAID' | 'PAST_DUE' | 'VOID' | 'UNCOLLECTIBLE'
  /** Of a subscription */
  subscription_status?: 'CREATED' | 'TRIALING' | 'ACTIVE' | 'PAST_DUE' | 'PAUSED' | 'CANCELLED'
  /** Names with their values; one that is not text is compared as JSON */
  metadata?: Record<string, string>
  /** Created at this moment or later, RFC 3339 */
  created_from?: string
  /** Created before this moment, RFC 3339 */
  created_to?: string
  /** Beginnings of words in name, e-mail and external id; needs `platform:read` */
  q?: string
  /** Which facets stand beside each record, with commas between them; none when it is left out: registrations, wallets, bank_accounts, payouts, accounts, individuals, files, activity */
  include?: string
  /** How many entries a page has */
  limit?: number
  /** `next_cursor` of the page before */
  cursor?: string
}

/** The query of `GET /customers/{id}`. */
export interface GetCustomerQuery {
  /** Which facets, with commas between them: registrations, wallets, bank_accounts, payouts, accounts, individuals, files, activity */
  include?: string
  /** A version, or a moment by RFC 3339 */
  as_of?: string
}

/** The query of `GET /customers/{id}/eligibility`. */
export interface GetEligibilityQuery {
  /** What the customer is to do; all of them where it is left out */
  action?: 'payout' | 'charge' | 'sync' | 'register' | 'open_account'
  /** Of `payout`, `charge`: a decimal */
  amount?: string
  /** Of `payout`, `charge`, `open_account` */
  currency?: string
  /** Of `payout`: which bank account receives it, in place of the default one */
  bank_account_id?: string
  /** Of `charge`: which wallet pays */
  wallet_id?: string
  /** Of `charge`: capturing this payment intent, in place of making one */
  payment_intent_id?: string
  /** Of `charge`: activating this subscription, or resuming it where it is paused */
  subscription_id?: string
  /** Of `sync`, `register`: where; any will do where it is left out */
  provider?: 'stripe' | 'bridge' | 'pagar_me' | 'brla' | 'avenia' | 'mercado_pago'
  /** Of `sync`, `register`: as what; any will do where it is left out */
  role?: 'customer' | 'connected_account' | 'subaccount'
}

/** The query of `GET /customers/{id}/events`. */
export interface ListCustomerEventsQuery {
  /** How many events a page has */
  limit?: number
  /** `next_cursor` of the page before, or the id of any event of the customer */
  cursor?: string
}

/** The query of `GET /customers/{id}/proof`. */
export interface ProveCustomerQuery {
  /** Links after this version */
  after_version?: number
}

/** The query of `GET /events`. */
export interface ReadEventsQuery {
  /** How many events a page has */
  limit?: number
  /** `next_cursor` of the page before, or the id of any event: what comes after */
  cursor?: string
  /** Without a cursor: everything from this moment on, by RFC 3339. It begins up to a minute before it. */
  since?: string
}

/** The query of `GET /keys`. */
export interface ListKeysQuery {
  /** How many entries a page has */
  limit?: number
  /** `next_cursor` of the page before */
  cursor?: string
}

/** The query of `POST /payouts/outcomes`. */
export interface RecordPayoutOutcomesQuery {
  /** `true` tells what would come of every line, and writes nothing */
  dry_run?: 'true' | 'false'
}

/** The query of `GET /applications`. */
export interface ListApplicationsQuery {
  /** How far the application is */
  status?: 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | 'PROCESSING' | 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** Who applies */
  kind?: 'individual' | 'business'
  /** How many entries a page has */
  limit?: number
  /** `next_cursor` of the page before */
  cursor?: string
}

/** The query of `GET /webhook-endpoints/{id}/deliveries`. */
export interface ListDeliveriesQuery {
  /** How many entries a page has */
  limit?: number
  /** `next_cursor` of the page before */
  cursor?: string
}

/** The body of a refusal. */
export interface Problem {
  /** The page of this refusal */
  type: string
  /** What it is, in general */
  title: string
  /** The status of the answer */
  status: number
  /** Stable, for programs */
  code: string
  /** What happened, and what to do */
  detail: string
  /** As in the Request-Id header */
  request_id: string
  errors?: Array<{ pointer: string; detail: string }>
}

/** What an error answer says in `code`. */
export type PlatformErrorCode =
  | 'app_forbidden'
  | 'application_cursor_unknown'
  | 'application_customer_banks'
  | 'application_not_found'
  | 'application_status_refused'
  | 'bank_account_not_found'
  | 'body_missing'
  | 'body_not_json'
  | 'body_too_deep'
  | 'body_too_large'
  | 'body_unexpected'
  | 'connection_missing'
  | 'connection_mode_differs'
  | 'connection_not_found'
  | 'connection_url_refused'
  | 'customer_cursor_unknown'
  | 'customer_not_banking'
  | 'customer_not_found'
  | 'customer_status_forbids'
  | 'customer_status_refused'
  | 'delivery_cursor_unknown'
  | 'delivery_not_found'
  | 'document_not_found'
  | 'document_not_uploaded'
  | 'event_cursor_unknown'
  | 'external_id_taken'
  | 'field_invalid'
  | 'idempotency_key_busy'
  | 'idempotency_key_malformed'
  | 'idempotency_key_reused'
  | 'internal_error'
  | 'key_cursor_unknown'
  | 'key_ended'
  | 'key_missing'
  | 'key_not_found'
  | 'key_unknown'
  | 'media_type_unsupported'
  | 'operator_name_malformed'
  | 'operator_required'
  | 'payment_intent_not_found'
  | 'payout_file_malformed'
  | 'payout_file_too_long'
  | 'payout_not_found'
  | 'payout_reason_missing'
  | 'payout_status_refused'
  | 'provider_credentials_refused'
  | 'provider_limited'
  | 'provider_rejected'
  | 'provider_timeout'
  | 'provider_unavailable'
  | 'query_invalid'
  | 'registration_move_refused'
  | 'registration_not_found'
  | 'request_malformed'
  | 'scope_missing'
  | 'scope_unknown'
  | 'subscription_not_found'
  | 'temporarily_unavailable'
  | 'token_refused'
  | 'too_many_requests'
  | 'upload_file_missing'
  | 'upload_file_too_large'
  | 'upload_files_too_many'
  | 'upload_malformed'
  | 'upload_not_multipart'
  | 'upload_part_unknown'
  | 'upload_too_large'
  | 'version_missing'
  | 'version_not_found'
  | 'version_stale'
  | 'wallet_not_found'
  | 'webhook_endpoint_disabled'
  | 'webhook_endpoint_not_found'
  | 'webhook_endpoints_full'
  | 'webhook_url_refused'
