// Owns keeping opened records in memory: only where this process is the only writer, never stale.
//
// A record enters as it was committed and leaves in the instant of the commit that changes it. One
// that was read before a commit does not enter after it: it may be the older version. Where other
// processes write too (PostgreSQL) nothing is kept, and each read goes to the database.
import { present } from '../../lib/assert.ts'
import type { Context } from '../context.ts'
import type { Customer } from './customer.ts'

/** The record from memory, or from `read`, which throws when there is none. */
export async function readThrough(
  context: Context,
  id: string,
  read: () => Promise<Customer>,
): Promise<Customer> {
  if (!mayCache(context)) return read()
  const known = find(context, id)
  if (known) return known
  const commits = context.database.commits()
  const customer = await read()
  keep(context, customer, commits)
  return customer
}

/** A page whose order the database says, and whose records come from memory where they are. */
export async function readPage(
  context: Context,
  page: {
    ids: () => Promise<string[]>
    byIds: (ids: string[]) => Promise<Customer[]>
    whole: () => Promise<Customer[]>
  },
): Promise<Customer[]> {
  if (!mayCache(context)) return page.whole()
  const commits = context.database.commits()
  const ids = await page.ids()
  const found = new Map<string, Customer>()
  const missing: string[] = []
  for (const id of ids) {
    const known = find(context, id)
    if (known) found.set(id, known)
    else missing.push(id)
  }
  for (const customer of missing.length === 0 ? [] : await page.byIds(missing)) {
    found.set(customer.id, customer)
    keep(context, customer, commits)
  }
  return ids.map((id) => present(found.get(id), 'a record that was listed is there'))
}

/** Inside the transaction that changes the record. */
export function forgetAfterCommit(context: Context, id: string): void {
  const name = nameOf(context, id)
  context.database.afterCommit?.(() => context.cache.delete(name))
}

/** A transaction reads its own writes, which nobody else may see. */
function mayCache(context: Context): boolean {
  return context.database.afterCommit !== null && context.db === context.database.reader
}

function find(context: Context, id: string): Customer | null {
  const known = context.cache.get(nameOf(context, id))
  return isCustomer(known) ? known : null
}

function keep(context: Context, customer: Customer, commitsBefore: number): void {
  if (context.database.commits() !== commitsBefore) return
  context.cache.set(nameOf(context, customer.id), customer)
}

/** The app is part of the name: another app's record is not found under it. */
function nameOf(context: Context, id: string): string {
  return `${context.app.id}/customer/${id}`
}

function isCustomer(value: unknown): value is Customer {
  return typeof value === 'object' && value !== null && 'kind' in value
}
