// Owns finding customers over all facets: filters, exact counts, pages by position.
import type { Context } from '../context.ts'
import type { Customer } from '../customer/customer.ts'
import { lookupTokens, readCustomers } from '../customer/customer-list.ts'
import { countCustomers, findPosition } from '../customer/customer-tally.ts'
import { countMatches, type DirectoryQuery, selectMatches } from './directory-store.ts'

/** Each list: one of its values. What is left out does not matter. */
export interface DirectoryFilter {
  emails?: string[] | undefined
  countries?: string[] | undefined
  documentTypes?: string[] | undefined
  /** The three below hold for one registration. */
  providers?: string[] | undefined
  statuses?: string[] | undefined
  roles?: string[] | undefined
}

export interface DirectoryPage {
  /** Matches in all, before paging. */
  count: number
  customers: Customer[]
}

/** Newest first. */
export async function listDirectory(
  context: Context,
  filter: DirectoryFilter,
  page: { limit: number; offset: number },
): Promise<DirectoryPage> {
  const isFiltered = Object.values(filter).some((values) => values !== undefined)
  return isFiltered ? listMatches(context, filter, page) : listAll(context, page)
}

async function listAll(
  context: Context,
  page: { limit: number; offset: number },
): Promise<DirectoryPage> {
  const [count, position] = await Promise.all([
    countCustomers(context),
    findPosition(context, page.offset),
  ])
  if (position === 'end') return { count, customers: [] }
  const newest = { appId: context.app.id, below: position, limit: page.limit }
  const customers = await readCustomers(context, newest)
  return { count, customers }
}

async function listMatches(
  context: Context,
  filter: DirectoryFilter,
  page: { limit: number; offset: number },
): Promise<DirectoryPage> {
  const { emails, countries, documentTypes, providers, statuses, roles } = filter
  const query: DirectoryQuery = {
    appId: context.app.id,
    emailTokens: emails && lookupTokens(context, 'email', emails),
    countries,
    documentTypes,
    registration: providers || statuses || roles ? { providers, statuses, roles } : undefined,
  }
  const [count, ids] = await Promise.all([
    countMatches(context.db, query),
    selectMatches(context.db, query, page),
  ])
  const customers = await readCustomers(context, { ids })
  return { count, customers }
}
