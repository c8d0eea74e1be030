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
  NetworkError,
  ParseError,
  TimeoutError,
} from './errors.ts'
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
export type { Failure, Result, Success } from './result.ts'
export type { RetryOptions } from './retry.ts'
export { verifyWebhook, type WebhookEvent, type WebhookToVerify } from './webhooks.ts'
