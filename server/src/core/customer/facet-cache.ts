// Owns keeping what hangs on a customer in memory beside its record, never stale: whatever changes
// a facet makes a new version of its customer, and an entry counts at its own version only.
import type { Context } from '../context.ts'
import type { Customer } from './customer.ts'

type Version = Pick<Customer, 'id' | 'version'>

interface Known<T> {
  facet: string
  version: number
  entries: T[]
}

/**
 * The entries of a facet by customer, for records that were just read: of the same moment or later.
 * `read` is asked for those that are not in memory, all at once.
 */
export async function readFacet<T>(
  context: Context,
  facet: string,
  customers: readonly Version[],
  read: (customerIds: string[]) => Promise<ReadonlyMap<string, T[]>>,
): Promise<ReadonlyMap<string, T[]>> {
  const isInTransaction = context.db !== context.database.reader
  const found = new Map<string, T[]>()
  const missing: Version[] = []
  for (const customer of customers) {
    const known = isInTransaction ? null : find<T>(context, facet, customer)
    if (known) found.set(customer.id, known)
    else missing.push(customer)
  }
  if (missing.length === 0) return found
  const entriesOf = await read(missing.map(({ id }) => id))
  for (const { id, version } of missing) {
    const entries = entriesOf.get(id) ?? []
    found.set(id, entries)
    if (isInTransaction) continue
    context.cache.set(nameOf(context, facet, id), { facet, version, entries } satisfies Known<T>)
  }
  return found
}

function find<T>(context: Context, facet: string, { id, version }: Version): T[] | null {
  // Under this name stands nothing but what was put there above.
  const known = context.cache.get(nameOf(context, facet, id)) as Known<T> | undefined
  return known?.version === version ? known.entries : null
}

/** The app is part of the name: another app's entry is not found under it. */
function nameOf(context: Context, facet: string, customerId: string): string {
  return `${context.app.id}/${facet}/${customerId}`
}
