// Owns keeping opened wallets in memory beside their customers, never stale: every change of a
// wallet makes a new version of its customer, and an entry counts at its own version only.
import type { Context } from '../context.ts'
import type { Customer } from '../customer/customer.ts'
import type { Wallet } from './wallet.ts'
import { walletsOf } from './wallet-service.ts'

interface Known {
  version: number
  wallets: Wallet[]
}

/** As `walletsOf`, for customers that were just read: it may be of the same moment or later. */
export async function walletsOfRecords(
  context: Context,
  customers: Pick<Customer, 'id' | 'version'>[],
): Promise<ReadonlyMap<string, Wallet[]>> {
  if (context.db !== context.database.reader) return walletsOf(context, idsOf(customers))
  const found = new Map<string, Wallet[]>()
  const missing: Pick<Customer, 'id' | 'version'>[] = []
  for (const customer of customers) {
    const known = context.cache.get(nameOf(context, customer.id))
    if (isKnown(known) && known.version === customer.version) found.set(customer.id, known.wallets)
    else missing.push(customer)
  }
  if (missing.length === 0) return found
  const read = await walletsOf(context, idsOf(missing))
  for (const { id, version } of missing) {
    const wallets = read.get(id) ?? []
    found.set(id, wallets)
    context.cache.set(nameOf(context, id), { version, wallets } satisfies Known)
  }
  return found
}

function idsOf(customers: Pick<Customer, 'id'>[]): string[] {
  return customers.map(({ id }) => id)
}

function nameOf(context: Context, customerId: string): string {
  return `${context.app.id}/wallets/${customerId}`
}

function isKnown(value: unknown): value is Known {
  return typeof value === 'object' && value !== null && 'wallets' in value
}
