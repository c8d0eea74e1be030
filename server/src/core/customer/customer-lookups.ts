// Owns keeping the blind indexes of a customer in step with its sealed fields.
import type { Kysely } from 'kysely'
import { type Insert, toWrite } from '../../storage/insert-together.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { Context } from '../context.ts'
import type { CustomerProfile, LookupField } from './customer.ts'
import { normalForms } from './customer-rules.ts'
import { deleteLookup, insertLookup, type Lookup } from './customer-store.ts'

const lookupFields = ['email', 'phone', 'document'] as const

export function insertsOfLookups(context: Context, id: string, profile: CustomerProfile): Insert[] {
  return lookupsOf(context, profile).map((lookup) => insertLookup(lookup, id))
}

export function moveLookups(
  context: Context,
  move: { id: string; before: CustomerProfile; after: CustomerProfile },
): (db: Kysely<Tables>) => Write[] {
  const before = normalForms(move.before)
  const after = normalForms(move.after)
  if (lookupFields.every((field) => before[field] === after[field])) return () => []
  const isMoved = ({ field }: Lookup) => before[field] !== after[field]
  const gone = lookupsOf(context, move.before).filter(isMoved)
  const come = lookupsOf(context, move.after).filter(isMoved)
  return (db) => [
    ...gone.map((lookup) => deleteLookup(db, lookup, move.id)),
    ...come.map((lookup) => toWrite(db, insertLookup(lookup, move.id))),
  ]
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
