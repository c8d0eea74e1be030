// Owns the customers of the platform client: the record, its history, and operators' acts on it.
import { ArgumentError } from './errors.ts'
import type { FeedEvent } from './events.ts'
import type { CallOptions } from './options.ts'
import type { PlatformCalls, PlatformList } from './platform-calls.ts'
import type {
  Customer,
  CustomerPatch,
  CustomerRecord,
  EligibilityAnswer,
  GetCustomerQuery,
  GetEligibilityQuery,
  ListCustomerEventsQuery,
  MovedCustomer,
  NewCustomer,
  Proof,
  ProveCustomerQuery,
  Registration,
  RegistrationMove,
  StatusMove,
  CustomerSearch as WireCustomerSearch,
} from './platform-types.generated.ts'
import { failure, type Result } from './result.ts'

/** What stands beside the record of a customer: `wallets`, `payouts`, …. */
export type Facet = Exclude<keyof Customer, keyof CustomerRecord>

export interface RetrieveCustomerQuery extends Omit<GetCustomerQuery, 'include'> {
  /** Every facet by default; `[]` is the record alone. */
  include?: readonly Facet[]
}

/** What customers are looked for by: all of it together. */
export interface CustomerSearch extends Omit<WireCustomerSearch, 'include'> {
  /** Facets that stand beside each record; none by default. */
  include?: readonly Facet[]
}

export interface UpdateCustomerOptions extends CallOptions {
  /**
   * The `version` of the record that you decided upon, or the `ETag` of its answer; `*` is whatever
   * stands.
   */
  ifMatch: number | string
}

/** The whole record, whichever surface wrote it. Each call with an id: `customer_not_found`. */
export interface PlatformCustomers {
  /** Errors: `field_invalid` (422) with `issues`; `external_id_taken` (409). */
  create(customer: NewCustomer, options?: CallOptions): Promise<Result<CustomerRecord>>
  /**
   * The record with its facets, or as it was (`as_of`).
   *
   * Errors: `version_not_found` (404) for an `as_of` before its time.
   */
  retrieve(
    id: string,
    query?: RetrieveCustomerQuery,
    options?: CallOptions,
  ): Promise<Result<Customer>>
  /**
   * A merge patch: what is left out stays, `null` clears, objects are merged.
   *
   * Errors: `version_stale` (412) when it changed meanwhile, with each field that did in `issues`;
   * `customer_status_forbids` (409);
   * otherwise as `create`.
   */
  update(
    id: string,
    patch: CustomerPatch,
    options: UpdateCustomerOptions,
  ): Promise<Result<CustomerRecord>>
  /**
   * Newest first. What was just written is found. The filters stand in the URL: `search` is for
   * those that are personal.
   *
   * Errors: `field_invalid` (400), `customer_cursor_unknown` (400).
   */
  list(query?: CustomerSearch, options?: CallOptions): PlatformList<Customer>
  /** The same, with the filters in the body. Errors: `field_invalid` (422); as `list`. */
  search(search?: CustomerSearch, options?: CallOptions): PlatformList<Customer>
  /**
   * What it may do now; if not, everything in the way, and who must act. Told by the rules that the
   * operations themselves enforce.
   */
  eligibility(
    id: string,
    query?: GetEligibilityQuery,
    options?: CallOptions,
  ): Promise<Result<EligibilityAnswer>>
  /** Its history, oldest first, without a gap. */
  events(
    id: string,
    query?: ListCustomerEventsQuery,
    options?: CallOptions,
  ): PlatformList<FeedEvent>
  /** Whether its history is whole, and the hashes that say so. */
  proof(id: string, query?: ProveCustomerQuery, options?: CallOptions): Promise<Result<Proof>>
  /** At most one a provider and role. */
  registrations(id: string, options?: CallOptions): PlatformList<Registration>
  /**
   * Moves a registration by hand.
   *
   * Errors: `registration_not_found` (404); `registration_move_refused` (409).
   */
  moveRegistration(
    id: string,
    registrationId: string,
    move: RegistrationMove,
    options?: CallOptions,
  ): Promise<Result<Registration>>
  /**
   * Freezes, closes, thaws: the banking status, which holds on every surface at once.
   *
   * Errors: `customer_not_banking`, `customer_status_refused` (409).
   */
  moveStatus(id: string, move: StatusMove, options?: CallOptions): Promise<Result<MovedCustomer>>
}

const root = 'customers'

export function createCustomers(calls: PlatformCalls): PlatformCustomers {
  return {
    create: (customer, options) => calls.send('POST', [root], { body: customer }, options),
    retrieve: (id, query, options) => calls.get([root, { id }], query, options),
    async update(id, patch, options) {
      const { ifMatch } = options ?? {}
      if (ifMatch !== undefined && !isCondition(ifMatch)) {
        return failure(new ArgumentError('options.ifMatch', 'is neither a version nor an ETag'))
      }
      const headers = headersOf(ifMatch)
      return calls.send('PATCH', [root, { id }], { body: patch, headers }, options)
    },
    list: (query, options) => calls.list([root], toWireSearch(query), options),
    search: (search, options) => calls.search([root, 'search'], toWireSearch(search), options),
    eligibility: (id, query, options) => calls.get([root, { id }, 'eligibility'], query, options),
    events: (id, query, options) => calls.list([root, { id }, 'events'], query, options),
    proof: (id, query, options) => calls.get([root, { id }, 'proof'], query, options),
    registrations: (id, options) => calls.list([root, { id }, 'registrations'], undefined, options),
    moveRegistration: (id, registrationId, move, options) => {
      const path = [root, { id }, 'registrations', { registrationId }, 'move']
      return calls.send('POST', path, { body: move }, options)
    },
    moveStatus: (id, move, options) =>
      calls.send('POST', [root, { id }, 'status'], { body: move }, options),
  }
}

/** In a body the names of facets are one text, as in a query. */
function toWireSearch(search: CustomerSearch | undefined): WireCustomerSearch {
  const { include, ...filters } = search ?? {}
  return include === undefined ? filters : { ...filters, include: include.join(',') }
}

function isCondition(ifMatch: unknown): boolean {
  if (typeof ifMatch === 'number') return Number.isSafeInteger(ifMatch)
  return typeof ifMatch === 'string' && /^[\x20-\x7e]{1,200}$/.test(ifMatch)
}

/** Left out by who has no compiler: the server says what is missing. */
function headersOf(ifMatch: number | string | undefined): Record<string, string> {
  if (ifMatch === undefined) return {}
  return { 'if-match': typeof ifMatch === 'number' ? `"${ifMatch}"` : ifMatch }
}
