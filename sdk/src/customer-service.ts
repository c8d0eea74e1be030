// Owns the customers of the orchestration surface: which call is which request. It decides nothing.
import { ArgumentError } from './errors.ts'
import type { Envelope, OakClient } from './oak-client.ts'
import type { CallOptions } from './options.ts'
import type {
  Balances,
  Customer,
  CustomerChanges,
  CustomerList,
  FileEntry,
  GetBalancesQuery,
  ListCustomersQuery,
  NewCustomer,
  Platform,
  Registration,
  Sync,
  SyncRequest,
} from './orchestration-wire.ts'
import { failure, type Result } from './result.ts'

/** People and businesses that are registered at payment providers. */
export interface CustomerService {
  /**
   * Saves a customer. An e-mail may be on several.
   *
   * Errors: 400 names the field in `param`.
   */
  create(customer: NewCustomer, options?: CallOptions): Promise<Result<Envelope<Customer>>>
  /**
   * One customer.
   *
   * Errors: 404, also for an id of another app.
   */
  get(id: string, options?: CallOptions): Promise<Result<Envelope<Customer>>>
  /**
   * A page of customers, newest first, with the count of all that match.
   *
   * Errors: 400 for a parameter out of range.
   */
  list(query?: ListCustomersQuery, options?: CallOptions): Promise<Result<Envelope<CustomerList>>>
  /**
   * Changes what is given; `null` clears.
   *
   * Errors: 404; 400 names the field in `param`.
   */
  update(
    id: string,
    customer: CustomerChanges,
    options?: CallOptions,
  ): Promise<Result<Envelope<Customer>>>
  /**
   * Schedules a push of fields to one provider; `synced` of the customer tells when it is done.
   *
   * Errors: 404; 400 for other than one provider, no field or an unknown one.
   */
  sync(id: string, sync: SyncRequest, options?: CallOptions): Promise<Result<Envelope<Sync>>>
  /**
   * What the customer's accounts at a provider hold now, asked of the provider.
   *
   * Errors: 404 without a registration there in that role; 502 or 504 when the provider fails.
   */
  balance(
    customerId: string,
    filter: GetBalancesQuery,
    options?: CallOptions,
  ): Promise<Result<Envelope<Balances>>>
  /**
   * Adds 1 to 10 files, the parts `file` of the form, each PDF, PNG or JPEG of up to 10 MiB; a part
   * `file_type` says what they are.
   *
   * Errors: 404; 400 or 415 for another type of file; 413 for a larger one.
   */
  uploadFiles(
    customerId: string,
    files: FormData,
    options?: CallOptions,
  ): Promise<Result<Envelope<FileEntry[]>>>
  /**
   * The customer's files.
   *
   * Errors: 404.
   */
  getFiles(customerId: string, options?: CallOptions): Promise<Result<Envelope<FileEntry[]>>>
  /**
   * Opens the registration of a provider and role, submits it once nothing is missing, and resolves
   * to all registrations. Without a target it refreshes those that there are.
   *
   * Errors: 404; 400 for an unknown provider or role.
   */
  populatePlatform(
    customerId: string,
    target?: Platform,
    options?: CallOptions,
  ): Promise<Result<Envelope<Registration[]>>>
}

const root = 'api/v1/customers'

/**
 * The customers that a client reaches. Every call resolves to a {@link Result} and never throws.
 *
 * @example
 * const customers = createCustomerService(client)
 * const result = await customers.get('cus_01h455vb4pex5vsknk084sn02q')
 * if (result.ok) console.log(result.value.data.status)
 */
export function createCustomerService(client: OakClient): CustomerService {
  const { call, postMultipart } = isOakClient(client) ? client : noClient
  const answers = 'object'
  return {
    create: (body, options) => call({ method: 'POST', path: [root], body, answers }, options),
    get: (id, options) => call({ method: 'GET', path: [root, { id }], answers }, options),
    list: (query, options) => call({ method: 'GET', path: [root], query, answers }, options),
    update: (id, body, options) =>
      call({ method: 'PUT', path: [root, { id }], body, answers }, options),
    sync: (id, body, options) =>
      call({ method: 'POST', path: [root, { id }, 'sync'], body, answers }, options),
    balance: (customerId, query, options) => {
      const path = [root, { customerId }, 'balances']
      return call({ method: 'GET', path, query, answers }, options)
    },
    uploadFiles: (customerId, form, options) =>
      postMultipart({ path: [root, { customerId }, 'files'], form, answers: 'array' }, options),
    getFiles: (customerId, options) => {
      const path = [root, { customerId }, 'files']
      return call({ method: 'GET', path, answers: 'array' }, options)
    },
    populatePlatform: (customerId, target, options) => {
      const path = [root, { customerId }, 'platforms']
      return call({ method: 'POST', path, body: target ?? {}, answers: 'array' }, options)
    },
  }
}

function isOakClient(client: OakClient | undefined): boolean {
  return typeof client?.call === 'function' && typeof client.postMultipart === 'function'
}

const notAClient = async () =>
  failure(new ArgumentError('client', 'is not what createOakClient returns'))

/** Stands in for what is no client, so that each call says so in its result. */
const noClient: OakClient = { call: notAClient, postMultipart: notAClient }
