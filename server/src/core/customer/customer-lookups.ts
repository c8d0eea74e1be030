// Owns keeping the blind indexes of a customer in step with its sealed fields.
import type { Context } from '../context.ts'
import type { CustomerProfile, LookupField } from './customer.ts'
import { normalForms } from './customer-rules.ts'
import { deleteLookup, insertLookup, type Lookup } from './customer-store.ts'

const lookupFields = ['email', 'phone', 'document'] as const

export function insertLookups(
  context: Context,
  id: string,
  profile: CustomerProfile,
): Promise<void>[] {
  return lookupsOf(context, profile).map((lookup) => insertLookup(context.db, lookup, id))
}

export function moveLookups(
  context: Context,
  move: { id: string; before: CustomerProfile; after: CustomerProfile },
): Promise<void>[] {
  const before = normalForms(move.before)
  const after = normalForms(move.after)
  if (lookupFields.every((field) => before[field] === after[field])) return []
  const gone = lookupsOf(context, move.before)
    .filter(({ field }) => before[field] !== after[field])
    .map((lookup) => deleteLookup(context.db, lookup, move.id))
  const come = lookupsOf(context, move.after)
    .filter(({ field }) => before[field] !== after[field])
    .map((lookup) => insertLookup(context.db, lookup, move.id))
  return [...gone, ...come]
}

export function lookupOf(context: Context, field: LookupField, normalForm: string): Lookup {
  const appId = context.app.id
  const token = context.vault.blindIndex(appId, `customer.${field}`, normalForm)
  return { appId, field, token }
}

function lookupsOf(context: Context, profile: CustomerProfile): Lookup[] {
  const forms = normalForms(profile)
  return lookupFields.flatMap((field) => {
    const normalForm = forms[field]
    return normalForm === null ? [] : [lookupOf(context, field, normalForm)]
  })
}
