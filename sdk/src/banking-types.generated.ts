// Owns the types of the banking surface. Generated from its operations: change those
// and run `npm run generate`.

/** Sent with `POST /oauth2/token`. */
export interface TokenRequest {
  /** Always the same */
  grant_type: 'client_credentials'
  /** With spaces between, of: customers:read, customers:write, applications:read, applications:write, accounts:read, accounts:write. Left out: all of them that the key has */
  scope?: string
}

/** Answered by `POST /oauth2/token`. */
export interface Token {
  /** To be sent as a bearer */
  access_token: string
  token_type: 'Bearer'
  /** Seconds */
  expires_in: number
  /** What the token may do */
  scope: string
}

/** Answered by an operation. */
export interface CustomerListItem {
  /** The id of the customer */
  id: string
  /** `INDIVIDUAL` or `CORPORATION` */
  type: 'INDIVIDUAL' | 'CORPORATION'
  /** What the bank permits: see the table of statuses */
  status: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** Email address */
  email: string | null
  /** When the customer was created */
  created_at: string
}

/** Answered by an operation. */
export interface Pagination {
  /** Whether another page follows */
  has_more: boolean
  /** To be passed as `cursor`; null on the last page */
  next_cursor: string | null
}

/** Answered by an operation. */
export interface Address {
  /** Street and number */
  line1: string | null
  /** What the first line leaves out */
  line2?: string
  /** City */
  city: string | null
  /** State or province */
  state: string | null
  /** Postal code */
  postal_code: string | null
  /** ISO 3166-1 alpha-2 */
  country: string | null
}

/** Answered by an operation. */
export interface Person {
  /** First name */
  first_name: string | null
  /** Last name */
  last_name: string | null
  /** `YYYY-MM-DD` */
  date_of_birth: string | null
  address: Address | null
}

/** Answered by an operation. */
export interface Corporation {
  /** Legal name */
  legal_name: string | null
  /** Name it trades under */
  trading_name: string | null
  /** Number in the register of companies */
  registration_number: string | null
  /** Tax number */
  tax_id: string | null
  address: Address | null
}

/** Answered by an operation. */
export interface CustomerIndividual {
  /** The id of the individual */
  id: string
  /** What the person is in the company */
  role: 'INDIVIDUAL' | 'OFFICER' | 'BENEFICIAL_OWNER' | 'CONTROL_PERSON' | 'AUTHORIZED_PERSON'
}

/** Answered by an operation. */
export interface CustomerAccount {
  /** The id of the account */
  id: string
  /** ISO 4217 */
  currency: string
  /** What the bank permits: see the table of statuses */
  status: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
}

/** Answered by `GET /v1/customers/{id}`. */
export interface Customer {
  /** The id of the customer */
  id: string
  /** `INDIVIDUAL` or `CORPORATION` */
  type: 'INDIVIDUAL' | 'CORPORATION'
  /** What the bank permits: see the table of statuses */
  status: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** Email address */
  email: string | null
  /** Phone number in E.164 */
  phone: string | null
  individual?: Person
  corporation?: Corporation
  individuals?: Array<CustomerIndividual>
  accounts: Array<CustomerAccount>
  /** When the customer was created */
  created_at: string
  /** When the customer last changed */
  updated_at: string
}

/** Answered by an operation. */
export interface GivenAddress {
  /** Street and number */
  line1?: string
  /** What the first line leaves out */
  line2?: string
  /** City */
  city?: string
  /** State or province */
  state?: string
  /** Postal code */
  postal_code?: string
  /** ISO 3166-1 alpha-2 */
  country?: string
}

/** Sent with `PATCH /v1/customers/{id}`. */
export interface ContactUpdate {
  /** Updated email address */
  email?: string
  /** Updated phone number */
  phone?: string
  address?: GivenAddress
}

/** Answered by `PATCH /v1/customers/{id}`. */
export interface UpdatedCustomer {
  /** The id of the customer */
  id: string
  /** Email address */
  email?: string | null
  /** Phone number in E.164 */
  phone?: string | null
  address?: Address | null
  /** When the customer last changed */
  updated_at: string
}

/** Answered by `GET /v1/customers/{id}/individuals/{individual_id}`. */
export interface CorporateIndividual {
  /** The id of the individual */
  id: string
  /** The corporate customer */
  customer_id: string
  /** What the person is in the company */
  role: 'INDIVIDUAL' | 'OFFICER' | 'BENEFICIAL_OWNER' | 'CONTROL_PERSON' | 'AUTHORIZED_PERSON'
  /** First name */
  first_name: string | null
  /** Last name */
  last_name: string | null
  /** Email address */
  email: string | null
  /** Phone number in E.164 */
  phone?: string
  /** Percent of the company, of owners */
  ownership_percentage: number | null
  address: Address | null
  /** When the individual was added */
  created_at: string
}

/** Answered by `PATCH /v1/customers/{id}/individuals/{individual_id}`. */
export interface UpdatedIndividual {
  /** The id of the individual */
  id: string
  /** When the individual last changed */
  updated_at: string
}

/** Answered by an operation. */
export interface GivenPerson {
  /** First name */
  first_name?: string | null
  /** Last name */
  last_name?: string | null
  /** `YYYY-MM-DD`; 18 years ago or more */
  date_of_birth?: string | null
  /** Tax number */
  tax_id?: string | null
  address?: GivenAddress | null
}

/** Answered by an operation. */
export interface GivenCorporation {
  /** Legal name */
  legal_name?: string | null
  /** Name it trades under */
  trading_name?: string | null
  /** Number in the register of companies */
  registration_number?: string | null
  /** Tax number */
  tax_id?: string | null
  address?: GivenAddress | null
  /** False: the control person declares that nobody owns 25 % or more */
  has_beneficial_owners?: boolean | null
}

/** Sent with `POST /v1/applications`. */
export interface NewApplication {
  /** `INDIVIDUAL` or `CORPORATION` */
  type: 'INDIVIDUAL' | 'CORPORATION'
  /** Email address */
  email: string
  /** Phone number in E.164 */
  phone?: string | null
  individual?: GivenPerson
  corporation?: GivenCorporation
  /** Of the first account; ISO 4217 */
  account_currency?: string
  /** Whether the applicant accepts them */
  terms_and_conditions_accepted?: boolean
  /** A record made on another surface, which becomes a customer of the bank */
  customer_id?: string
}

/** Answered by an operation. */
export interface StatedPerson {
  /** First name */
  first_name: string | null
  /** Last name */
  last_name: string | null
  /** `YYYY-MM-DD` */
  date_of_birth: string | null
  /** Tax number */
  tax_id: string | null
  address: Address | null
}

/** Answered by an operation. */
export interface StatedCorporation {
  /** Legal name */
  legal_name: string | null
  /** Name it trades under */
  trading_name: string | null
  /** Number in the register of companies */
  registration_number: string | null
  /** Tax number */
  tax_id: string | null
  address: Address | null
  /** Null: nothing was declared */
  has_beneficial_owners: boolean | null
}

/** Answered by `POST /v1/applications/{id}/individuals` and others. */
export interface ApplicationIndividual {
  /** The id of the individual */
  id: string
  /** The application */
  application_id: string
  /** What the person is in the company */
  role: 'INDIVIDUAL' | 'OFFICER' | 'BENEFICIAL_OWNER' | 'CONTROL_PERSON' | 'AUTHORIZED_PERSON'
  /** Percent of the company, to two decimals; of owners, together at most 100 */
  ownership_percentage: number | null
  /** Email address */
  email: string | null
  /** Phone number in E.164 */
  phone: string | null
  /** First name */
  first_name: string | null
  /** Last name */
  last_name: string | null
  /** `YYYY-MM-DD` */
  date_of_birth: string | null
  /** Tax number */
  tax_id: string | null
  address: Address | null
  /** When the individual was added */
  created_at: string
  /** When the individual last changed */
  updated_at: string
}

/** Answered by an operation. */
export interface DocumentFile {
  /** Name of the file, made safe */
  name: string
  /** As it was given */
  description: string | null
  /** By its content */
  content_type: string
  /** Bytes */
  size: number
}

/** Answered by `POST /v1/documents/{id}/upload`. */
export interface Document {
  /** The id of the document */
  id: string
  /** What it proves */
  type: 'IDENTITY'
  /** Whether it was uploaded */
  status: 'REQUIRED' | 'UPLOADED'
  /** Whose it is, in a corporation */
  individual_id: string | null
  file: DocumentFile | null
  /** When the file arrived */
  uploaded_at: string | null
}

/** Answered by an operation. */
export interface Decision {
  /** What was decided last */
  decision: 'approve' | 'reject' | 'request_changes'
  /** Why */
  reason: string
  /** When it was decided */
  decided_at: string
}

/** Answered by `POST /v1/applications` and others. */
export interface Application {
  /** The id of the application */
  id: string
  /** `INDIVIDUAL` or `CORPORATION` */
  type: 'INDIVIDUAL' | 'CORPORATION'
  /** How far the application is */
  status: 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | 'PROCESSING' | 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** Email address */
  email: string
  /** The customer: named by you, or made by the approval */
  customer_id: string | null
  /** Phone number in E.164 */
  phone: string | null
  individual?: StatedPerson
  corporation?: StatedCorporation
  individuals?: Array<ApplicationIndividual>
  documents: Array<Document>
  /** Of the first account; ISO 4217 */
  account_currency: string
  /** Whether they were accepted */
  terms_and_conditions_accepted: boolean
  decision: Decision | null
  /** When it was last submitted */
  submitted_at: string | null
  /** When the application was made */
  created_at: string
  /** When it last changed */
  updated_at: string
}

/** Answered by an operation. */
export interface ApplicationListItem {
  /** The id of the application */
  id: string
  /** `INDIVIDUAL` or `CORPORATION` */
  type: 'INDIVIDUAL' | 'CORPORATION'
  /** How far the application is */
  status: 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | 'PROCESSING' | 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** Email address */
  email: string
  /** The customer: named by you, or made by the approval */
  customer_id: string | null
  /** When the application was made */
  created_at: string
  /** When it last changed */
  updated_at: string
}

/** Sent with `PATCH /v1/applications/{id}`. */
export interface ApplicationUpdate {
  /** Email address */
  email?: string
  /** Phone number in E.164 */
  phone?: string | null
  individual?: GivenPerson
  corporation?: GivenCorporation
  /** Of the first account; ISO 4217 */
  account_currency?: string
  /** Whether the applicant accepts them */
  terms_and_conditions_accepted?: boolean
}

/** Answered by an operation. */
export interface ValidationError {
  /** The field; of an individual, with its id */
  field: string
  /** What is wrong with it */
  message: string
}

/** Answered by `GET /v1/applications/{id}/status`. */
export interface ApplicationStatus {
  /** How far the application is */
  status: 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | 'PROCESSING' | 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** What the application as a whole lacks */
  application_errors: Array<'MISSING_CONTROL_PERSON' | 'MISSING_BENEFICIAL_OWNER' | 'MISSING_DOCUMENT' | 'TERMS_AND_CONDITIONS_NOT_ACCEPTED'>
  validation_errors: Array<ValidationError>
  /** Needed, uploaded or not */
  documents: Array<Document>
}

/** Sent with `POST /v1/applications/{id}/individuals`. */
export interface NewIndividual {
  /** What the person is in the company */
  role: 'INDIVIDUAL' | 'OFFICER' | 'BENEFICIAL_OWNER' | 'CONTROL_PERSON' | 'AUTHORIZED_PERSON'
  /** Percent of the company, to two decimals; of owners, together at most 100 */
  ownership_percentage?: number | null
  /** Email address */
  email?: string | null
  /** Phone number in E.164 */
  phone?: string | null
  /** First name */
  first_name?: string | null
  /** Last name */
  last_name?: string | null
  /** `YYYY-MM-DD`; 18 years ago or more */
  date_of_birth?: string | null
  /** Tax number */
  tax_id?: string | null
  address?: GivenAddress | null
}

/** Sent with `PATCH /v1/applications/{id}/individuals/{individual_id}`. */
export interface IndividualUpdate {
  /** What the person is in the company */
  role?: 'INDIVIDUAL' | 'OFFICER' | 'BENEFICIAL_OWNER' | 'CONTROL_PERSON' | 'AUTHORIZED_PERSON'
  /** Percent of the company, to two decimals; of owners, together at most 100 */
  ownership_percentage?: number | null
  /** Email address */
  email?: string | null
  /** Phone number in E.164 */
  phone?: string | null
  /** First name */
  first_name?: string | null
  /** Last name */
  last_name?: string | null
  /** `YYYY-MM-DD`; 18 years ago or more */
  date_of_birth?: string | null
  /** Tax number */
  tax_id?: string | null
  address?: GivenAddress | null
}

/** Sent with `POST /v1/accounts`. */
export interface NewAccount {
  /** The customer that holds it */
  customer_id: string
  /** Always the same */
  type: 'DEPOSIT'
  /** ISO 4217 */
  currency: string
  /** Your own name for it */
  nickname?: string | null
}

/** Answered by `POST /v1/accounts` and others. */
export interface Account {
  /** The id of the account */
  id: string
  /** The customer that holds it */
  customer_id: string
  /** Always the same */
  type: 'DEPOSIT'
  /** ISO 4217 */
  currency: string
  /** What the bank permits: see the table of statuses */
  status: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** Your own name for it */
  nickname: string | null
  /** When the account was opened */
  created_at: string
}

/** Sent with `PATCH /v1/accounts/{id}`. */
export interface AccountUpdate {
  /** Your own name for it */
  nickname?: string | null
}

/** The query of `GET /v1/customers`. */
export interface ListCustomersQuery {
  /** `INDIVIDUAL` or `CORPORATION` */
  type?: 'INDIVIDUAL' | 'CORPORATION'
  /** What the bank permits: see the table of statuses */
  status?: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** How many entries a page has */
  limit?: number
  /** `next_cursor` of the page before */
  cursor?: string
}

/** The query of `GET /v1/applications`. */
export interface ListApplicationsQuery {
  /** How far the application is */
  status?: 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | 'PROCESSING' | 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** `INDIVIDUAL` or `CORPORATION` */
  type?: 'INDIVIDUAL' | 'CORPORATION'
  /** How many entries a page has */
  limit?: number
  /** `next_cursor` of the page before */
  cursor?: string
}

/** The query of `GET /v1/accounts`. */
export interface ListAccountsQuery {
  /** The customer that holds them */
  customer_id?: string
  /** What the bank permits: see the table of statuses */
  status?: 'ACTIVE' | 'PENDING' | 'EDD' | 'FROZEN' | 'DORMANT' | 'CLOSED'
  /** ISO 4217 */
  currency?: string
  /** How many entries a page has */
  limit?: number
  /** `next_cursor` of the page before */
  cursor?: string
}

/** What an error answer says in `code`. */
export type BankingErrorCode =
  | 'INVALID_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'INTERNAL_ERROR'
