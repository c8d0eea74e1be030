// Owns the crypto client: where it is, who calls, its customers and their wallets.
import { type Call, type Client, createClient, isObject } from './client.ts'
import { type CryptoActivity, createActivity } from './crypto-activity.ts'
import type {
  Customer,
  CustomerAddWalletParams,
  CustomerCreateParams,
  CustomerListItem,
  CustomerUpdateParams,
  CustomerWalletWithChain,
  CustomerWithHistory,
  ListCustomersQuery,
  Pagination,
  WalletAuthorization,
  WalletAuthorizationParams,
  WalletChallenge,
  WalletOwnershipProof,
} from './crypto-types.generated.ts'
import {
  type CallOptions,
  type ClientOptions,
  readBaseUrl,
  readOptions,
  readSecret,
  readSendOptions,
} from './options.ts'
import { createPagedList, type PagedList } from './paged-list.ts'
import { type Result, success } from './result.ts'

export interface CryptoClientOptions extends ClientOptions {
  /** The key's app; goes into what is created. The server knows it without. */
  appId?: string | undefined
}

/** A page with its place among all. */
export interface CryptoPage<T> {
  data: T[]
  pagination: Pagination
}

export type CryptoList<T> = PagedList<T, CryptoPage<T>>

/** The crypto surface: customers with wallets, and what they pay, owe and subscribe to. */
export interface CryptoClient extends CryptoActivity {
  readonly customers: CryptoCustomers
}

/** The people who pay. */
export interface CryptoCustomers {
  /**
   * Saves a customer; every field may be left out.
   *
   * Errors: `VALIDATION_ERROR` (400) with `details`; `CONFLICT` (409) when another customer has the
   * `externalId`; `AUTHORIZATION_ERROR` (403) for the `appId` of another app.
   */
  create(params: CustomerCreateParams, options?: CallOptions): Promise<Result<Customer>>
  /**
   * One customer with the app, wallets and chains, and the last 50 intents and invoices.
   *
   * Errors: `NOT_FOUND` (404), also for an id of another app.
   */
  retrieve(id: string, options?: CallOptions): Promise<Result<CustomerWithHistory>>
  /**
   * Customers, newest first, or those that `search` finds.
   *
   * Errors: `VALIDATION_ERROR` (400) for a `page` or `pageSize` out of range.
   */
  list(params?: ListCustomersQuery, options?: CallOptions): CryptoList<CustomerListItem>
  /**
   * Changes what is given; `null` clears, `metadata` is replaced whole.
   *
   * Errors: as `create`, and `NOT_FOUND` (404).
   */
  update(id: string, params: CustomerUpdateParams, options?: CallOptions): Promise<Result<Customer>>
  /**
   * Links a wallet.
   *
   * Errors: `VALIDATION_ERROR` (400) for an address or a chain that does not exist; `CONFLICT`
   * (409) when the customer has it; `NOT_FOUND` (404).
   */
  addWallet(
    customerId: string,
    params: CustomerAddWalletParams,
    options?: CallOptions,
  ): Promise<Result<CustomerWalletWithChain>>
  /**
   * Takes a wallet off, with its authorizations; the value is `null`.
   *
   * Errors: `NOT_FOUND` (404).
   */
  removeWallet(customerId: string, walletId: string, options?: CallOptions): Promise<Result<null>>
  /**
   * A message for the wallet's owner to sign (EIP-4361).
   *
   * Errors: `NOT_FOUND` (404); `VALIDATION_ERROR` (400) for a chain that has no such message.
   */
  challengeWallet(
    customerId: string,
    walletId: string,
    options?: CallOptions,
  ): Promise<Result<WalletChallenge>>
  /**
   * Hands in the signed message.
   *
   * Errors: `VALIDATION_ERROR` (400) when it proves nothing; `CONFLICT` (409) when it was used.
   */
  proveWalletOwnership(
    customerId: string,
    walletId: string,
    proof: WalletOwnershipProof,
    options?: CallOptions,
  ): Promise<Result<CustomerWalletWithChain>>
  /**
   * Records a permit or an approval on chain.
   *
   * Errors: `VALIDATION_ERROR` (400) when it does not prove what it says; `CONFLICT` (409) when it
   * was given before, or the customer's status forbids it.
   */
  authorizeWallet(
    customerId: string,
    walletId: string,
    authorization: WalletAuthorizationParams,
    options?: CallOptions,
  ): Promise<Result<WalletAuthorization>>
  /** The wallet's authorizations, newest first. Errors: `NOT_FOUND` (404). */
  listWalletAuthorizations(
    customerId: string,
    walletId: string,
    options?: CallOptions,
  ): Promise<Result<WalletAuthorization[]>>
  /** Ends an authorization; the value is `null`. Errors: `NOT_FOUND` (404), `CONFLICT` (409). */
  revokeWalletAuthorization(
    customerId: string,
    walletId: string,
    authorizationId: string,
    options?: CallOptions,
  ): Promise<Result<null>>
}

/**
 * A client of the crypto surface. It holds no connection of its own and need not be closed. Every
 * call resolves to a {@link Result} and never throws; `value` is what stands in `data`.
 *
 * @example
 * const client = createCryptoClient({ apiKey, baseUrl: 'http://127.0.0.1:4000/crypto' })
 * const created = await client.customers.create({ email: 'ada@example.com', name: 'Ada' })
 */
export function createCryptoClient(options: CryptoClientOptions): CryptoClient {
  const client = createUnwrapping(
    createClient(
      readOptions(() => {
        const apiKey = readSecret('apiKey', options.apiKey)
        return {
          credential: { bearer: () => apiKey, header: 'x-api-key', secrets: [] },
          baseUrl: readBaseUrl('baseUrl', options.baseUrl),
          ...readSendOptions(options),
        }
      }),
    ),
  )
  return { customers: createCustomers(client, options?.appId), ...createActivity(client) }
}

function createCustomers(client: CryptoCalls, appId: string | undefined): CryptoCustomers {
  const root = 'customers'
  const own = appId === undefined ? {} : { appId }
  const wallet = (customerId: string, walletId: string) => [
    root,
    { customerId },
    'wallets',
    { walletId },
  ]
  return {
    create: (params, options) => client.send('POST', [root], { ...own, ...params }, options),
    retrieve: (id, options) => client.get([root, { id }], options),
    list: (params, options) => client.list([root], params, options),
    update: (id, params, options) => client.send('PUT', [root, { id }], params, options),
    addWallet: (customerId, params, options) =>
      client.send('POST', [root, { customerId }, 'wallets'], params, options),
    removeWallet: (customerId, walletId, options) =>
      client.remove(wallet(customerId, walletId), options),
    challengeWallet: (customerId, walletId, options) =>
      client.send('POST', [...wallet(customerId, walletId), 'challenge'], {}, options),
    proveWalletOwnership: (customerId, walletId, proof, options) =>
      client.send('POST', [...wallet(customerId, walletId), 'ownership'], proof, options),
    authorizeWallet: (customerId, walletId, authorization, options) => {
      const path = [...wallet(customerId, walletId), 'authorizations']
      return client.send('POST', path, authorization, options)
    },
    listWalletAuthorizations: (customerId, walletId, options) =>
      client.get([...wallet(customerId, walletId), 'authorizations'], options),
    revokeWalletAuthorization: (customerId, walletId, authorizationId, options) => {
      const path = [...wallet(customerId, walletId), 'authorizations', { authorizationId }]
      return client.remove(path, options)
    },
  }
}

type Path = Call['path']

/** Calls whose answers are taken out of `{success, data}`. */
export interface CryptoCalls {
  get<T extends object>(path: Path, options: CallOptions | undefined): Promise<Result<T>>
  send<T extends object>(
    method: 'POST' | 'PUT',
    path: Path,
    body: object,
    options: CallOptions | undefined,
  ): Promise<Result<T>>
  remove(path: Path, options: CallOptions | undefined): Promise<Result<null>>
  list<T extends object>(
    path: Path,
    query: { page?: number | null; pageSize?: number | null } | undefined,
    options: CallOptions | undefined,
  ): CryptoList<T>
}

function createUnwrapping(client: Client): CryptoCalls {
  const unwrap = async <T extends object>(
    call: Omit<Call, 'answers'>,
    options: CallOptions | undefined,
  ): Promise<Result<T>> => {
    const result = await client.call<{ data: T }>({ ...call, answers: isEnveloped }, options)
    return result.ok ? success(result.value.data) : result
  }
  return {
    get: (path, options) => unwrap({ method: 'GET', path }, options),
    send: (method, path, body, options) => unwrap({ method, path, body }, options),
    remove: (path, options) =>
      client.call<null>({ method: 'DELETE', path, answers: 'nothing' }, options),
    list: <T extends object>(
      path: Path,
      query: { page?: number | null; pageSize?: number | null } | undefined,
      options: CallOptions | undefined,
    ) =>
      createPagedList<T, CryptoPage<T>, number>({
        first: query?.page ?? undefined,
        read: async (page) => {
          const asked = { ...query, page }
          const call: Call = { method: 'GET', path, query: asked, answers: isPage }
          const result = await client.call<CryptoPage<T>>(call, options)
          if (!result.ok) return result
          const { data, pagination } = result.value
          return success({ data, pagination })
        },
        next: ({ data, pagination: { page, totalPages } }) =>
          data.length > 0 && page < totalPages ? page + 1 : undefined,
      }),
  }
}

function isEnveloped(json: unknown): boolean {
  if (!isObject(json) || json['success'] !== true) return false
  return typeof json['data'] === 'object' && json['data'] !== null
}

function isPage(json: unknown): boolean {
  if (!isEnveloped(json) || !isObject(json)) return false
  const { data, pagination } = json
  if (!Array.isArray(data) || !data.every(isObject) || !isObject(pagination)) return false
  return Number.isInteger(pagination['page']) && Number.isInteger(pagination['totalPages'])
}
