// Owns what the package exports.
export {
  AbortError,
  ApiError,
  ArgumentError,
  ClienteleError,
  NetworkError,
  ParseError,
  TimeoutError,
} from './errors.ts'
export type { CallOptions, ClientOptions } from './options.ts'
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
