// Owns finding customers by a name in their metadata and its value: the blind index of each pair.
import type { Kysely } from 'kysely'
import { canonicalJson, type Json } from '../../lib/canonical.ts'
import { type Insert, toWrite } from '../../storage/insert-together.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { Context } from '../context.ts'
import type { Metadata } from '../fields.ts'
import { deleteMetadata, insertMetadata } from './customer-metadata-store.ts'

/** Text as it is, anything else as JSON: what stands in a URL finds a number too. */
export function metadataText(value: Json): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}

export function metadataToken(context: Context, name: string, text: string): Uint8Array {
  // No name holds a line break, so no two pairs run together.
  return context.vault.blindIndex(context.app.id, 'customer.metadata', `${name}\n${text}`)
}

/** What is written with a new customer. */
export function insertsOfMetadata(context: Context, id: string, metadata: Metadata): Insert[] {
  const owner = { appId: context.app.id, customerId: id }
  return [...pairsOf(metadata)].map(([name, text]) =>
    insertMetadata(owner, metadataToken(context, name, text)),
  )
}

/** What is written when a customer changes. */
export function moveMetadata(
  context: Context,
  move: { id: string; before: Metadata; after: Metadata },
): (db: Kysely<Tables>) => Write[] {
  if (move.before === move.after) return () => []
  const had = pairsOf(move.before)
  const has = pairsOf(move.after)
  const tokens = (pairs: Pair[]) => pairs.map(([name, text]) => metadataToken(context, name, text))
  const [gone, come] = [tokens(missingFrom(has, had)), tokens(missingFrom(had, has))]
  const owner = { appId: context.app.id, customerId: move.id }
  return (db) => [
    ...(gone.length === 0 ? [] : [deleteMetadata(db, owner, gone)]),
    ...come.map((token) => toWrite(db, insertMetadata(owner, token))),
  ]
}

type Pair = [name: string, text: string]

const pairsOf = (metadata: Metadata) =>
  new Map(Object.entries(metadata).map(([name, value]) => [name, metadataText(value)]))

/** The pairs of `some` that `others` does not have. */
function missingFrom(others: Map<string, string>, some: Map<string, string>): Pair[] {
  return [...some].filter(([name, text]) => others.get(name) !== text)
}
