// Owns the types of the orchestration surface, in the names of its wire.

/** The states of a customer's onboarding. With several registrations the most advanced decides. */
export type CustomerStatus =
  | 'NOT_STARTED'
  | 'INITIATED'
  | 'INCOMPLETE'
  | 'PENDING'
  | 'PROCESSING'
  | 'IN_REVIEW'
  | 'DOCUMENT_REQUIRED'
  | 'DOCUMENT_PENDING'
  | 'DOCUMENT_APPROVED'
  | 'AWAITING_CONFIRMATION'
  | 'APPROVED'
  | 'REJECTED'

export type Provider = 'stripe' | 'bridge' | 'pagar_me' | 'brla' | 'avenia' | 'mercado_pago'

/** What a customer is at a provider. */
export type TargetRole = 'customer' | 'connected_account' | 'subaccount'

/** A field that can be pushed to a provider; `shipping` is the address. */
export type SyncField = 'shipping' | 'email' | 'first_name' | 'last_name'

export type DocumentType =
  | 'personal_tax_id'
  | 'company_tax_id'
  | 'cpf'
  | 'cnpj'
  | 'ssn'
  | 'itin'
  | 'passport'
  | 'cc'
  | 'curp'

/** What requests say of a customer and answers repeat; `null` clears, or was never set. */
interface CustomerFields {
  first_name: string | null
  last_name: string | null
  /** Tax id or document number; its check digits are checked where the country has them. */
  document_number: string | null
  /** Date of birth, `YYYY-MM-DD`. */
  dob: string | null
  phone_country_code: string | null
  phone_area_code: string | null
  phone_number: string | null
  /** ISO 3166-1 alpha-2. */
  country_code: string | null
  company_name: string | null
  house_number: string | null
  street_number: string | null
  street_name: string | null
  postal_code: string | null
  city: string | null
  state: string | null
  subdivision: string | null
  neighborhood: string | null
  mother_name: string | null
  monthly_net_income: number | null
  gender: string | null
  owner_legal_name: string | null
  owner_document_number: string | null
  owner_document_type: string | null
  company_start_date: string | null
  social_name: string | null
  tax_id: string | null
  account_type: string | null
  /** Your own data, kept as given. */
  additional_info: Record<string, unknown> | null
  customer_wallet: string | null
  trading_wallet: string | null
}

/** Sent with `POST /api/v1/customers`: `email` and whatever else is known. */
export interface NewCustomer extends Partial<CustomerFields> {
  email: string
  document_type?: DocumentType | null
}

/** Sent with `PUT /api/v1/customers/{id}`: what is left out stays as it is. */
export interface CustomerChanges extends Partial<CustomerFields> {
  email?: string | null
  document_type?: DocumentType | null
}

/** A customer: `null` where nothing is known. */
export interface Customer extends CustomerFields {
  id: string
  /** The same as `id`. */
  customer_id: string
  /** `null` where another surface saved the customer without one. */
  email: string | null
  /** A {@link DocumentType}, or a type that another surface knows. */
  document_type: string | null
  status: CustomerStatus
  /** `false` after a change that a registration has not received yet. */
  synced: boolean
  /** When every registration had received everything, ISO 8601. */
  synced_at: string | null
  /** The roles that the customer has at providers. */
  roles: TargetRole[]
  created_at: string
  updated_at: string
}

/**
 * Filters take several values with commas between them, and all but `email` ignore case.
 * `provider`, `provider_registration_status` and `target_role` must hold for one registration.
 */
export interface ListCustomersQuery {
  /** 1 to 100, 10 by default. */
  limit?: number
  /** Customers to skip, 0 by default. */
  offset?: number
  email?: string
  country_code?: string
  document_type?: string
  provider?: string
  provider_registration_status?: string
  target_role?: string
}

export interface CustomerList {
  /** All that match, on whatever page they are. */
  count: number
  /** Newest first. */
  customer_list: Customer[]
}

/** Sent with `POST /api/v1/customers/{id}/sync`. */
export interface SyncRequest {
  /** Exactly one. */
  providers: [Provider]
  /** At least one. */
  fields: SyncField[]
}

export interface Sync {
  sync_id: string
  provider: Provider
  fields: SyncField[]
  status: 'scheduled'
}

export interface GetBalancesQuery {
  provider: Provider
  role: TargetRole
}

export interface Balances {
  as_of: string
  filters: { customer_id: string; provider: Provider; role: TargetRole }
  balances: Balance[]
}

/** What one account at a provider holds. */
export interface Balance {
  account_id: string
  provider: Provider
  customer: { id: string; role: TargetRole }
  as_of: string
  totals: BalanceTotal[]
}

/** Whole numbers in the currency's minor unit, as cents. */
export interface BalanceTotal {
  /** ISO 4217. */
  currency: string
  /** The same as `available`. */
  amount: number
  available: number
  pending: number
  reserved: number
  instant_payouts: number
}

export type FileType =
  | 'SSN_FRONT'
  | 'SSN_BACK'
  | 'CPF_DOCUMENT'
  | 'PASSPORT'
  | 'ADDRESS_PROOF'
  | 'OTHER'

/** A file of a customer. */
export interface FileEntry {
  id: string
  name: string
  file_type: FileType
  /** Judged by the file's first bytes, not by its name. */
  content_type: string
  /** Bytes. */
  size: number
  created_at: string
}

export type RegistrationStatus =
  | 'not_submitted'
  | 'submitted'
  | 'awaiting_confirmation'
  | 'processing'
  | 'approved'
  | 'rejected'
  | 'restricted'
  | 'cancelled'
  | 'error'

/** Sent with `POST /api/v1/customers/{id}/platforms`; nothing refreshes every registration. */
export interface Platform {
  provider?: Provider
  target_role?: TargetRole
}

/** A customer at a provider, in one role. */
export interface Registration {
  provider: Provider
  target_role: TargetRole
  status: RegistrationStatus
  /** What you gave for this provider. */
  provider_data: Record<string, unknown>
  /** What the provider said: ids and capabilities. */
  provider_response: Record<string, unknown>
  rejection_reason: string | null
  /** The fields of the customer that the provider asks for and that are not known yet. */
  readiness: { missing: string[] }
  failure_reasons: string[]
  /** What the customer has to do next, and where. */
  action_required: string | null
  action_url: string | null
  created_at: string
  updated_at: string
}
