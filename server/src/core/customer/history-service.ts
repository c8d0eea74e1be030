// Owns a customer's past: the record as it was, what changed since, and a change that rests on it.
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import type { CustomerEvent } from '../events/event.ts'
import { listEvents } from '../events/event-service.ts'
import { type Customer, customerErrors } from './customer.ts'
import { firstRecord, nextRecord } from './customer-facts.ts'
import type { CustomerChanges } from './customer-rules.ts'
import { holdCustomer, requireCustomer, updateCustomer } from './customer-service.ts'

/** Oldest first, at most `limit`. Error: `customer_not_found`. */
export async function listHistory(
  context: Context,
  customerId: string,
  page: { afterVersion: number; limit: number },
): Promise<CustomerEvent[]> {
  const dataKey = await requireCustomer(context, customerId)
  const { afterVersion, limit } = page
  return listEvents(context, { customerId, dataKey, afterVersion, limit })
}

export type Moment = { version: number } | { time: number }

/**
 * The record as it was, made anew from the history. Errors: `customer_not_found`,
 * `version_not_found`.
 */
export async function getCustomerAsOf(
  context: Context,
  customerId: string,
  moment: Moment,
): Promise<Customer> {
  const dataKey = await requireCustomer(context, customerId)
  const isLater = (event: CustomerEvent) =>
    'version' in moment ? event.version > moment.version : event.at > moment.time
  let customer: Customer | null = null
  for (;;) {
    const afterVersion: number = customer?.version ?? 0
    const events = await listEvents(context, { customerId, dataKey, afterVersion })
    // Times of one customer may step back between two servers: only what all came before counts.
    const end = events.findIndex(isLater)
    for (const event of end < 0 ? events : events.slice(0, end)) {
      customer = customer === null ? firstRecord(event) : nextRecord(customer, event)
    }
    if (end >= 0 || events.length === 0) break
  }
  const isThere = customer !== null && !('version' in moment && moment.version > customer.version)
  if (customer === null || !isThere) throw new AppError(customerErrors.version_not_found)
  return customer
}

/** `null`: whatever version stands; else the versions of which one must stand. */
export type ExpectedVersions = number[] | null

/**
 * As `updateCustomer`, but only at an expected version: of many that rest on one, one wins.
 * Error beside its: `version_stale`, which names what changed since.
 */
export function updateCustomerAt(
  context: Context,
  id: string,
  expected: ExpectedVersions,
  changes: CustomerChanges | ((customer: Customer) => CustomerChanges),
): Promise<Customer> {
  return inTransaction(context, async (tx) => {
    const { customer } = await holdCustomer(tx, id)
    if (expected !== null && !expected.includes(customer.version)) {
      throw await staleVersion(tx, customer, expected)
    }
    return updateCustomer(tx, id, changes)
  })
}

/** So many facts are named; the rest is in the history. */
const factsNamedMax = 100

async function staleVersion(
  context: Context,
  { id, version }: Customer,
  expected: number[],
): Promise<AppError> {
  const known = Math.max(0, ...expected.filter((one) => one < version))
  const page = { afterVersion: known, limit: factsNamedMax }
  const since = known === 0 ? [] : await listHistory(context, id, page)
  const issues = since.flatMap((event) =>
    Object.keys(event.changes).map((param) => ({
      param,
      message: `changed with version ${event.version} (${event.type})`,
    })),
  )
  const detail = `If-Match: the customer is at version ${version}.`
  return new AppError(customerErrors.version_stale, { detail, issues })
}
