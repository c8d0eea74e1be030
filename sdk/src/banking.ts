// Owns the banking client: where it is, who calls, its customers, people and accounts.
import { createAccessToken } from './access-token.ts'
import { type BankingApplications, createApplications } from './banking-applications.ts'
import { type BankingList, listOf } from './banking-list.ts'
import type {
  Account,
  AccountUpdate,
  ContactUpdate,
  CorporateIndividual,
  Customer,
  CustomerListItem,
  ListAccountsQuery,
  ListCustomersQuery,
  NewAccount,
  UpdatedCustomer,
  UpdatedIndividual,
} from './banking-types.generated.ts'
import { basicOf, type Client, createClient } from './client.ts'
import {
  type CallOptions,
  readBaseUrl,
  readFunction,
  readOptions,
  readSecret,
  readSendOptions,
  type SendOptions,
  type Settings,
} from './options.ts'
import { type Result, success } from './result.ts'

/** An option that cannot be used shows in each call's `Result`. */
export interface BankingClientOptions extends SendOptions {
  /** The id of one app's key. */
  clientId: string
  /** The secret of that key, `sk_test_…` or `sk_live_…`. */
  clientSecret: string
  /** The surface's address, such as `http://127.0.0.1:4000/banking`. */
  baseUrl: string
  /** Scopes with spaces between; all that the key has by default. */
  scope?: string | undefined
  /** Milliseconds, by which a token's age is told; `Date.now` by default. Replace it in tests. */
  now?: (() => number) | undefined
}

/** The banking surface: applications, and the customers and accounts that arise from them. */
export interface BankingClient {
  readonly customers: BankingCustomers
  readonly individuals: BankingIndividuals
  readonly applications: BankingApplications
  readonly accounts: BankingAccounts
}

/**
 * Customers arise from approved applications: there is no `create`.
 *
 * Beside the errors named at each call: `FORBIDDEN` (403) when the key or the token lacks a scope.
 */
export interface BankingCustomers {
  /** Newest first. Errors: `INVALID_REQUEST` (400). */
  list(query?: ListCustomersQuery, options?: CallOptions): BankingList<CustomerListItem>
  /** One customer with its accounts. Errors: `NOT_FOUND` (404). */
  retrieve(id: string, options?: CallOptions): Promise<Result<Customer>>
  /**
   * Changes contact details; anything else needs a new application.
   *
   * Errors: `INVALID_REQUEST` (400) names the field; `NOT_FOUND` (404); `CONFLICT` (409) once the
   * customer is closed.
   */
  update(
    id: string,
    changes: ContactUpdate,
    options?: CallOptions,
  ): Promise<Result<UpdatedCustomer>>
}

/** The people behind a corporate customer. */
export interface BankingIndividuals {
  /** Errors: `NOT_FOUND` (404), also for a customer that is a person. */
  retrieve(
    customerId: string,
    individualId: string,
    options?: CallOptions,
  ): Promise<Result<CorporateIndividual>>
  /** Errors: as `retrieve`; `INVALID_REQUEST` (400); `CONFLICT` (409) of a closed customer. */
  update(
    customerId: string,
    individualId: string,
    changes: ContactUpdate,
    options?: CallOptions,
  ): Promise<Result<UpdatedIndividual>>
}

/** The register of accounts. */
export interface BankingAccounts {
  /**
   * Opens an account.
   *
   * Errors: `INVALID_REQUEST` (400); `NOT_FOUND` (404) for the customer; `CONFLICT` (409) when its
   * status forbids it.
   */
  create(account: NewAccount, options?: CallOptions): Promise<Result<Account>>
  /** Errors: `NOT_FOUND` (404). */
  retrieve(id: string, options?: CallOptions): Promise<Result<Account>>
  /** Newest first. Errors: `INVALID_REQUEST` (400). */
  list(query?: ListAccountsQuery, options?: CallOptions): BankingList<Account>
  /** Errors: `NOT_FOUND` (404); `CONFLICT` (409) once it is closed. */
  update(id: string, changes: AccountUpdate, options?: CallOptions): Promise<Result<Account>>
}

/**
 * A client of the banking surface. It takes an access token when the first call needs one, shares
 * it between all calls, and renews it in time. Every call resolves to a {@link Result}.
 *
 * @example
 * const client = createBankingClient({ clientId, clientSecret, baseUrl })
 * for await (const { id } of client.customers.list({ status: 'ACTIVE' })) console.log(id)
 */
export function createBankingClient(options: BankingClientOptions): BankingClient {
  const client = createClient(readOptions(() => readSettings(options)))
  return {
    customers: createCustomers(client),
    individuals: createIndividuals(client),
    applications: createApplications(client),
    accounts: createAccounts(client),
  }
}

function readSettings(options: BankingClientOptions): Settings {
  const send = readSendOptions(options)
  const baseUrl = readBaseUrl('baseUrl', options.baseUrl)
  const user = readSecret('clientId', options.clientId)
  const password = readSecret('clientSecret', options.clientSecret)
  const secrets = [password, basicOf({ user, password })]
  const anonymous = { bearer: () => undefined, secrets }
  const { scope } = options
  const credential = createAccessToken({
    client: createClient(success({ ...send, baseUrl, credential: anonymous })),
    grant: {
      method: 'POST',
      path: ['oauth2/token'],
      basic: { user, password },
      fields: { grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) },
    },
    secrets,
    now: readFunction('now', options.now, () => Date.now()),
  })
  return { ...send, baseUrl, credential }
}

function createCustomers(client: Client): BankingCustomers {
  const root = 'v1/customers'
  const answers = 'object'
  return {
    list: (query, options) => listOf(client, [root], query, options),
    retrieve: (id, options) =>
      client.call({ method: 'GET', path: [root, { id }], answers }, options),
    update: (id, body, options) =>
      client.call({ method: 'PATCH', path: [root, { id }], body, answers }, options),
  }
}

function createIndividuals(client: Client): BankingIndividuals {
  const answers = 'object'
  const at = (customerId: string, individualId: string) => [
    'v1/customers',
    { customerId },
    'individuals',
    { individualId },
  ]
  return {
    retrieve: (customerId, individualId, options) =>
      client.call({ method: 'GET', path: at(customerId, individualId), answers }, options),
    update: (customerId, individualId, body, options) =>
      client.call({ method: 'PATCH', path: at(customerId, individualId), body, answers }, options),
  }
}

function createAccounts(client: Client): BankingAccounts {
  const root = 'v1/accounts'
  const answers = 'object'
  return {
    create: (body, options) =>
      client.call({ method: 'POST', path: [root], body, answers }, options),
    retrieve: (id, options) =>
      client.call({ method: 'GET', path: [root, { id }], answers }, options),
    list: (query, options) => listOf(client, [root], query, options),
    update: (id, body, options) =>
      client.call({ method: 'PATCH', path: [root, { id }], body, answers }, options),
  }
}
