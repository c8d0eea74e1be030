// Owns the payouts client: which call is which request. It decides nothing.
import { type Call, type Client, createClient } from './client.ts'
import { type CallOptions, type ClientOptions, readClientOptions } from './options.ts'
import { createList, type List } from './pages.ts'
import type {
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
} from './payouts-types.generated.ts'
import type { Result } from './result.ts'

/** The payouts surface: saved recipients with bank accounts, and payouts to them. */
export interface PayoutsClient {
  readonly customers: PayoutsCustomers
  readonly bankAccounts: PayoutsBankAccounts
  readonly payouts: PayoutsPayouts
}

/** Saved recipients. */
export interface PayoutsCustomers {
  /**
   * Saves a recipient.
   *
   * Errors: `validation_failed` (422) names the field in `param`.
   */
  create(customer: NewCustomer, options?: CallOptions): Promise<Result<Customer>>
  /**
   * One recipient; `last_out` is the time of the latest payout accepted for it.
   *
   * Errors: `not_found` (404), also for an id of another app.
   */
  retrieve(customerId: string, options?: CallOptions): Promise<Result<Customer>>
  /**
   * Recipients, newest first.
   *
   * Errors: `invalid_request` (400) for a `limit` out of range or an unknown `startingAfter`.
   */
  list(query?: ListCustomersQuery, options?: CallOptions): List<Customer>
  /**
   * Chooses the bank account that receives payouts which name the customer and no number.
   *
   * Errors: `not_found` (404) for the customer, or with `param` for the bank account.
   */
  setDefaultBankAccount(
    customerId: string,
    account: DefaultBankAccount,
    options?: CallOptions,
  ): Promise<Result<Customer>>
  /**
   * The payouts of one recipient, newest first.
   *
   * Errors: `not_found` (404); `invalid_request` (400) as in `list`.
   */
  listPayouts(
    customerId: string,
    query?: ListCustomerPayoutsQuery,
    options?: CallOptions,
  ): List<Payout>
}

/** The bank accounts of a recipient. */
export interface PayoutsBankAccounts {
  /**
   * Adds a bank account; the first one becomes the default. The answer shows the last four digits.
   *
   * Errors: `not_found` (404); `conflict` (409) when the customer has that number already;
   * `validation_failed` (422) with `param`, such as `accountNumber` for a wrong check digit.
   */
  create(
    customerId: string,
    account: NewBankAccount,
    options?: CallOptions,
  ): Promise<Result<BankAccount>>
  /**
   * Bank accounts, oldest first.
   *
   * Errors: `not_found` (404); `invalid_request` (400) for a bad `limit` or `startingAfter`.
   */
  list(customerId: string, query?: ListBankAccountsQuery, options?: CallOptions): List<BankAccount>
}

/** Payouts: money on its way to a bank account. */
export interface PayoutsPayouts {
  /**
   * Accepts a payout to `destinationCbu`, or to the default bank account of `customerId`.
   * `amount` is decimal text in the currency's main unit (`'5000.00'`), never a number.
   *
   * Errors: `not_found` (404) for the customer; `conflict` (409) when it may not be paid now;
   * `idempotency_key_reused` (409); `validation_failed` (422) with `param`.
   */
  create(payout: NewPayout, options?: CallOptions): Promise<Result<Payout>>
  /**
   * One payout, with its status.
   *
   * Errors: `not_found` (404).
   */
  retrieve(id: string, options?: CallOptions): Promise<Result<Payout>>
  /**
   * Payouts, newest first, of one `status` or one `customerId` if you give them.
   *
   * Errors: `invalid_request` (400) for a bad parameter; `not_found` (404) for the customer.
   */
  list(query?: ListPayoutsQuery, options?: CallOptions): List<Payout>
  /**
   * Cancels a payout that is still `pending`.
   *
   * Errors: `not_found` (404); `conflict` (409) once it has left `pending`.
   */
  cancel(id: string, options?: CallOptions): Promise<Result<Payout>>
}

/**
 * A client of the payouts surface. It holds no connection of its own and need not be closed.
 *
 * Every call resolves to a {@link Result} and never throws. Beside the errors named at each call:
 * `unauthorized` (401), `forbidden` (403), `rate_limited` (429), `internal_error` (500) and
 * `temporarily_unavailable` (503) as `ApiError.code`, and the other classes of `ClienteleError`.
 *
 * @example
 * const client = createPayoutsClient({ apiKey, baseUrl: 'http://127.0.0.1:4000/payouts' })
 * const created = await client.customers.create({ type: 'individual', name: 'Ada', country: 'AR' })
 */
export function createPayoutsClient(options: ClientOptions): PayoutsClient {
  const client = createClient(readClientOptions(options))
  return {
    customers: createCustomers(client),
    bankAccounts: createBankAccounts(client),
    payouts: createPayouts(client),
  }
}

function createCustomers(client: Client): PayoutsCustomers {
  const at = (customerId: string) => ['customers', { customerId }]
  const idOf = (customer: Customer) => customer.customerId
  return {
    create: (body, options) =>
      client.call({ method: 'POST', path: ['customers'], body, answers: 'object' }, options),
    retrieve: (customerId, options) =>
      client.call({ method: 'GET', path: at(customerId), answers: 'object' }, options),
    list: (query, options) => listOf(client, { path: ['customers'], query, idOf }, options),
    setDefaultBankAccount: (customerId, body, options) => {
      const path = [...at(customerId), 'default-bank-account']
      return client.call({ method: 'PUT', path, body, answers: 'object' }, options)
    },
    listPayouts: (customerId, query, options) => {
      const path = [...at(customerId), 'payouts']
      return listOf(client, { path, query, idOf: payoutIdOf }, options)
    },
  }
}

function createBankAccounts(client: Client): PayoutsBankAccounts {
  const at = (customerId: string) => ['customers', { customerId }, 'bank-accounts']
  const idOf = (account: BankAccount) => account.bankAccountId
  return {
    create: (customerId, body, options) =>
      client.call({ method: 'POST', path: at(customerId), body, answers: 'object' }, options),
    list: (customerId, query, options) =>
      listOf(client, { path: at(customerId), query, idOf }, options),
  }
}

function createPayouts(client: Client): PayoutsPayouts {
  return {
    create: (body, options) =>
      client.call({ method: 'POST', path: ['payouts'], body, answers: 'object' }, options),
    retrieve: (id, options) =>
      client.call({ method: 'GET', path: ['payouts', { id }], answers: 'object' }, options),
    list: (query, options) =>
      listOf(client, { path: ['payouts'], query, idOf: payoutIdOf }, options),
    cancel: (id, options) => {
      const path = ['payouts', { id }, 'cancel']
      return client.call({ method: 'POST', path, answers: 'object' }, options)
    },
  }
}

const payoutIdOf = (payout: Payout): string => payout.id

/** The contract's page size; a walk sends it, because a shorter page is how it sees the end. */
const limitDefault = 50

interface Listed<T> {
  path: Call['path']
  query: ListPayoutsQuery | undefined
  idOf: (entry: T) => string
}

function listOf<T extends object>(
  client: Client,
  { path, query, idOf }: Listed<T>,
  options: CallOptions | undefined,
): List<T> {
  const { limit, startingAfter } = query ?? {}
  return createList({
    limit,
    startingAfter,
    limitDefault,
    idOf,
    read: (page) =>
      client.call({ method: 'GET', path, query: { ...query, ...page }, answers: 'array' }, options),
  })
}
