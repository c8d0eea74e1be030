// Owns keeping opened records in memory, never stale.
//
// Where this process is the only writer (the embedded engine), a record leaves in the instant of
// the commit that changes it, and one that was read before a commit does not enter after it. Where
// other processes write too (PostgreSQL), a record is used only at the version that the database
// names in the same read: every change of a customer makes a new version.
import { present } from '../../lib/assert.ts'
import type { Context } from '../context.ts'
import type { Customer } from './customer.ts'

/** A customer's id with its version; without one where no other process can have changed it. */
export interface CustomerHead {
  id: string
  version?: number
}

/** The record from memory, or from `read`, which throws when there is none. */
export async function readThrough(
  context: Context,
  id: string,
  from: { head: () => Promise<CustomerHead | null>; read: () => Promise<Customer> },
): Promise<Customer> {
  if (isInTransaction(context)) return from.read()
  const known = find(context, id)
  if (known) {
    const head = isOnlyWriter(context) ? { id } : await from.head()
    if (head && isCurrent(known, head)) return known
  }
  const commits = context.database.commits()
  const customer = await from.read()
  keep(context, customer, commits)
  return customer
}

/** A page whose order the database says, and whose records come from memory where they are. */
export async function readPage(
  context: Context,
  from: {
    heads: (withVersion: boolean) => Promise<CustomerHead[]>
    byIds: (ids: string[]) => Promise<Customer[]>
    whole: () => Promise<Customer[]>
  },
): Promise<Customer[]> {
  if (isInTransaction(context)) return from.whole()
  const commits = context.database.commits()
  const heads = await from.heads(!isOnlyWriter(context))
  const found = new Map<string, Customer>()
  const missing: string[] = []
  for (const head of heads) {
    const known = find(context, head.id)
    if (known && isCurrent(known, head)) found.set(head.id, known)
    else missing.push(head.id)
  }
  for (const customer of missing.length === 0 ? [] : await from.byIds(missing)) {
    found.set(customer.id, customer)
    keep(context, customer, commits)
  }
  return heads.map(({ id }) => present(found.get(id), 'a record that was listed is there'))
}

/** Inside the transaction that changes the record. */
export function forgetAfterCommit(context: Context, id: string): void {
  const name = nameOf(context, id)
  context.database.afterCommit?.(() => context.cache.delete(name))
}

/** A transaction reads its own writes, which nobody else may see. */
function isInTransaction(context: Context): boolean {
  return context.db !== context.database.reader
}

function isOnlyWriter(context: Context): boolean {
  return context.database.afterCommit !== null
}

function isCurrent(customer: Customer, head: CustomerHead): boolean {
  return head.version === undefined || head.version === customer.version
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
