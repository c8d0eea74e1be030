// Owns the types of the payouts surface. Generated from its operations: change those
// and run `npm run generate`.

/** Sent with `POST /customers`. */
export interface NewCustomer {
  /** `individual` or `business` */
  type: 'individual' | 'business'
  /** Full name or business name */
  name: string
  /** ISO 3166-1 alpha-2 (e.g. `AR`) */
  country: string
  /** Contact email */
  email?: string | null
  /** Free-form key-value pairs for your internal references */
  metadata?: Record<string, string> | null
}

/** Answered by `POST /customers` and others. */
export interface Customer {
  /** The id of the customer */
  customerId: string
  /** `individual` or `business` */
  type: 'individual' | 'business'
  /** Full name or business name */
  name: string
  /** Contact email */
  email: string | null
  /** ISO 3166-1 alpha-2 */
  country: string | null
  /** The bank account that stands in for a destination */
  defaultBankAccountId: string | null
  /** Free-form key-value pairs for your internal references */
  metadata: Record<string, string>
  /** When the customer was created */
  createdAt: string
  /** When the latest payout to the customer was accepted */
  last_out: string | null
}

/** Sent with `POST /customers/{customerId}/bank-accounts`. */
export interface NewBankAccount {
  /** `AR` for Argentina */
  country: string
  /** `ARS` */
  currency: string
  /** Use `OTHER` for CBU/CVU transfers */
  rail: string
  /** `checking` or `savings` */
  accountType: 'checking' | 'savings'
  /** Account holder name */
  holderName: string
  /** 22-digit CBU or CVU */
  accountNumber?: string | null
  /** Free-form key-value pairs for your internal references */
  metadata?: Record<string, string> | null
}

/** Answered by `POST /customers/{customerId}/bank-accounts` and others. */
export interface BankAccount {
  /** The id of the bank account */
  bankAccountId: string
  /** The customer that holds it */
  customerId: string
  /** ISO 3166-1 alpha-2 */
  country: string
  /** ISO 4217 */
  currency: string
  /** How money reaches it */
  rail: string
  /** The last four digits; the full number is never returned */
  accountNumberLast4: string | null
  /** `checking` or `savings` */
  accountType: 'checking' | 'savings'
  /** Account holder name */
  holderName: string
  /** Free-form key-value pairs for your internal references */
  metadata: Record<string, string>
  /** When the bank account was added */
  createdAt: string
}

/** Sent with `PUT /customers/{customerId}/default-bank-account`. */
export interface DefaultBankAccount {
  /** One of the bank accounts of the customer */
  bankAccountId: string
}

/** Answered by `GET /customers/{customerId}/payouts` and others. */
export interface Payout {
  /** The id of the payout */
  id: string
  /** The merchant that pays */
  merchantId: string
  /** The saved recipient */
  customerId: string | null
  /** The recipient's bank account, where the number is one of theirs */
  bankAccountId: string | null
  /** Decimal text with two places */
  amount: string
  /** ISO 4217 */
  currency: string
  /** As you gave it; null when the default bank account stood in */
  destinationCbu: string | null
  /** As you gave it */
  destinationName: string | null
  /** As you gave it */
  destinationCuit: string | null
  /** Its state */
  status: 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled'
  /** Tries that the rail has answered */
  attempts: number
  /** When it was handed to the rail */
  submittedAt: string | null
  /** When the rail completed it */
  completedAt: string | null
  /** Why the last try failed */
  errorMessage: string | null
  /** When it was accepted */
  createdAt: string
}

/** Sent with `POST /payouts`. */
export interface NewPayout {
  /** Decimal text above zero with at most two places */
  amount: string
  /** `ARS` */
  currency: string
  /** 22-digit CBU or CVU */
  destinationCbu?: string | null
  /** Name of the receiver */
  destinationName?: string | null
  /** CUIT or CUIL, 11 digits */
  destinationCuit?: string | null
  /** The saved recipient */
  customerId?: string | null
}

/** The query of `GET /customers`. */
export interface ListCustomersQuery {
  /** Max results (1–200, default 50) */
  limit?: number
  /** The id of the last entry of the page before */
  startingAfter?: string
}

/** The query of `GET /customers/{customerId}/bank-accounts`. */
export interface ListBankAccountsQuery {
  /** Max results (1–200, default 50) */
  limit?: number
  /** The id of the last entry of the page before */
  startingAfter?: string
}

/** The query of `GET /customers/{customerId}/payouts`. */
export interface ListCustomerPayoutsQuery {
  /** Max results (1–200, default 50) */
  limit?: number
  /** The id of the last entry of the page before */
  startingAfter?: string
}

/** The query of `GET /payouts`. */
export interface ListPayoutsQuery {
  status?: 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled'
  customerId?: string
  /** Max results (1–200, default 50) */
  limit?: number
  /** The id of the last entry of the page before */
  startingAfter?: string
}

/** What an error answer says in `code`. */
export type PayoutsErrorCode =
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'idempotency_key_reused'
  | 'validation_failed'
  | 'rate_limited'
  | 'internal_error'
  | 'temporarily_unavailable'
