// Owns how what people wrote in their activity is sealed, and whose key it is under.
import { present } from '../../lib/assert.ts'
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { openDataKeys } from '../customer/customer-service.ts'

export type ActivityNoun = 'payment_intent' | 'invoice' | 'subscription'

/** A row with its details, and the key of its own where no customer lends one. */
export interface SealedRow {
  id: string
  customerId: string | null
  wrappedKey?: Uint8Array | null
  sealedDetails: Uint8Array
}

interface Subject {
  noun: ActivityNoun
  id: string
  customerId: string | null
}

export function sealDetails(
  context: Context,
  subject: Subject & { dataKey: DataKey },
  details: object,
): Buffer {
  const place = detailsPlace(context.app.id, subject)
  return context.vault.seal(subject.dataKey, place, JSON.stringify(details))
}

/** JSON text. */
export function openDetails(
  context: Context,
  subject: Subject & { dataKey: DataKey },
  sealed: Uint8Array,
): string {
  return context.vault.open(subject.dataKey, detailsPlace(context.app.id, subject), sealed)
}

/** One look at the customers' keys, however many rows. */
export async function openKeys(
  context: Context,
  rows: SealedRow[],
): Promise<(row: SealedRow) => DataKey> {
  const ids = new Set(rows.map((row) => row.customerId).filter((id) => id !== null))
  const keys = await openDataKeys(context, [...ids])
  return (row) =>
    row.customerId === null
      ? openOwnKey(context, row)
      : present(keys.get(row.customerId), 'activity names a customer that exists')
}

export function openOwnKey(context: Context, row: SealedRow): DataKey {
  const wrapped = present(row.wrappedKey, 'without a customer the row has a key')
  return context.vault.openDataKey({ appId: context.app.id, ownerId: row.id }, wrapped)
}

function detailsPlace(appId: string, { noun, id, customerId }: Subject): Place {
  return { appId, ownerId: customerId ?? id, field: `${noun}.details:${id}` }
}
