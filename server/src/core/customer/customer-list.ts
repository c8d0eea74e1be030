// Owns reading many customers: pages, by their ids, and by an exact value of a sealed field.
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { type Customer, customerErrors, type LookupField } from './customer.ts'
import { readPage } from './customer-cache.ts'
import { lookupOf } from './customer-lookups.ts'
import { normalForms, normalizeLookup } from './customer-rules.ts'
import { openCustomers } from './customer-seal.ts'
import {
  selectCustomerHead,
  selectCustomerHeads,
  selectCustomers,
  selectCustomersByIds,
  selectCustomersByLookup,
  selectHeadsByIds,
} from './customer-store.ts'

/**
 * Newest first. `startingAfter` is the id of the last customer seen: a page never skips or repeats
 * one because others were created meanwhile. Errors: `customer_cursor_unknown`.
 */
export async function listCustomers(
  context: Context,
  page: { limit: number; startingAfter: string | null },
): Promise<Customer[]> {
  const appId = context.app.id
  if (page.startingAfter !== null) {
    await requireCursor(context, page.startingAfter, 'startingAfter')
  }
  const { limit, startingAfter } = page
  return readCustomers(context, { appId, below: startingAfter, limit })
}

/** Error: `customer_cursor_unknown`, for an id of no customer of the app. */
export async function requireCursor(context: Context, id: string, param: string): Promise<void> {
  if (await selectCustomerHead(context.db, { appId: context.app.id, id })) return
  const detail = `${param}: is not the id of a customer.`
  throw new AppError(customerErrors.customer_cursor_unknown, { param, detail })
}

/**
 * Opened, in the order asked for: the newest below an id, or those of the ids that exist. From
 * memory where they are.
 */
export function readCustomers(
  context: Context,
  wanted: { appId: string; below: string | null; limit: number } | { ids: string[] },
): Promise<Customer[]> {
  const appId = context.app.id
  const byIds = async (ids: string[]) =>
    openCustomers(context, await selectCustomersByIds(context.db, { appId, ids }))
  if ('ids' in wanted) {
    const { ids } = wanted
    return readPage(context, {
      heads: (withVersion) => selectHeadsByIds(context.db, { appId, ids, withVersion }),
      byIds,
      whole: () => byIds(ids),
    })
  }
  const page = { appId, beforeId: wanted.below, limit: wanted.limit }
  return readPage(context, {
    heads: (withVersion) => selectCustomerHeads(context.db, { ...page, withVersion }),
    byIds,
    whole: async () => openCustomers(context, await selectCustomers(context.db, page)),
  })
}

/** The blind indexes of these values, for the stores that search by them. */
export function lookupTokens(context: Context, field: LookupField, values: string[]): Uint8Array[] {
  return values.map((value) => lookupOf(context, field, normalizeLookup(field, value)).token)
}

export const lookupMatchesMax = 200

/** Every customer whose field equals `value` in its normal form, newest first. */
export async function findCustomersBy(
  context: Context,
  field: LookupField,
  value: string,
): Promise<Customer[]> {
  const normalForm = normalizeLookup(field, value)
  const lookup = lookupOf(context, field, normalForm)
  const rows = await selectCustomersByLookup(context.db, lookup, lookupMatchesMax)
  const found = openCustomers(context, rows)
  // The token is a part of a hash: what was opened decides.
  return found.filter((customer) => normalForms(customer)[field] === normalForm)
}
