// Owns what the package exports.
export {
  type BankingAccounts,
  type BankingClient,
  type BankingClientOptions,
  type BankingCustomers,
  type BankingIndividuals,
  createBankingClient,
} from './banking.ts'
export type { BankingApplications } from './banking-applications.ts'
export type { BankingList, BankingPage } from './banking-list.ts'
// A name of its own: each surface has its Customer.
export type * as Banking from './banking-types.generated.ts'
export {
  type CryptoClient,
  type CryptoClientOptions,
  type CryptoCustomers,
  type CryptoList,
  type CryptoPage,
  createCryptoClient,
} from './crypto.ts'
export type {
  CryptoActivity,
  CryptoInvoices,
  CryptoPaymentIntents,
  CryptoSubscriptions,
} from './crypto-activity.ts'
export type * as Crypto from './crypto-wire.ts'
export { type CustomerService, createCustomerService } from './customer-service.ts'
export {
  AbortError,
  ApiError,
  ArgumentError,
  ClienteleError,
  // The same class under the name that code written for the orchestration product looks for.
  ClienteleError as OakError,
  type Issue,
  NetworkError,
  ParseError,
  TimeoutError,
} from './errors.ts'
export type { EventType } from './event-types.generated.ts'
export type { ClienteleEvent, EventData, FeedEvent, WebhookEvent } from './events.ts'
export {
  createOakClient,
  type Envelope,
  type OakClient,
  type OakClientOptions,
} from './oak-client.ts'
export type { CallOptions, ClientOptions } from './options.ts'
export type * as Oak from './orchestration-wire.ts'
export type { PagedList } from './paged-list.ts'
export type { List } from './pages.ts'
export {
  createPayoutsClient,
  type PayoutsBankAccounts,
  type PayoutsClient,
  type PayoutsCustomers,
  type PayoutsPayouts,
} from './payouts.ts'
export type {
  BankAccount,
  Customer,
  DefaultBankAccount,
  ListBankAccountsQuery,
  ListCustomerPayoutsQuery,
  ListCustomersQuery,
  ListPayoutsQuery,
  NewBankAccount,
  NewCustomer,
  NewPayout,
  Payout,
  PayoutsErrorCode,
} from './payouts-types.generated.ts'
export {
  createPlatformClient,
  type PlatformClient,
  type PlatformClientOptions,
} from './platform.ts'
export type {
  PlatformApps,
  PlatformConnections,
  PlatformKeys,
  Provider,
} from './platform-access.ts'
export type { PlatformList, PlatformPage } from './platform-calls.ts'
export type {
  CustomerSearch,
  Facet,
  PlatformCustomers,
  RetrieveCustomerQuery,
  UpdateCustomerOptions,
} from './platform-customers.ts'
export type {
  PlatformApplications,
  PlatformPayouts,
  PlatformStatusMachines,
  RecordOutcomesQuery,
} from './platform-decisions.ts'
export type { PlatformEvents, ReadEventsOptions } from './platform-events.ts'
export type * as Platform from './platform-types.generated.ts'
export type { PlatformWebhookEndpoints } from './platform-webhooks.ts'
export type { Failure, Result, Success } from './result.ts'
export type { RetryOptions } from './retry.ts'
export { verifyWebhook, type WebhookToVerify } from './webhooks.ts'
