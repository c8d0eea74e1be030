// Owns how a payout's destination is sealed and opened.
import { present } from '../../lib/assert.ts'
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { openDataKeys } from '../customer/customer-service.ts'
import type { DecidedPayout, Payout, PayoutTarget } from './payout.ts'
import type { StoredPayout } from './payout-store.ts'

/** What is sealed: the target as given, and the number that is really paid. */
export interface Destination extends PayoutTarget {
  accountNumber: string
}

export function sealDestination(
  context: Context,
  owner: { id: string; customerId: string | null; dataKey: DataKey },
  destination: Destination,
): Buffer {
  const place = placeOf(context.app.id, owner, 'destination')
  return context.vault.seal(owner.dataKey, place, JSON.stringify(destination))
}

export async function openPayout(context: Context, stored: StoredPayout): Promise<Payout> {
  return present((await openPayouts(context, [stored]))[0], 'one row opens to one payout')
}

/** One look at the customers' keys, however many payouts. */
export async function openPayouts(context: Context, rows: StoredPayout[]): Promise<Payout[]> {
  const destinations = await openDestinations(context, rows)
  return rows.map((stored) => toPayout(stored, present(destinations.get(stored.id), 'opened')))
}

export async function openDestinations(
  context: Context,
  rows: StoredPayout[],
): Promise<ReadonlyMap<string, Destination>> {
  const keys = await openPayoutKeys(context, rows)
  return new Map(
    rows.map((stored) => {
      const { appId, id } = stored
      const place = placeOf(appId, stored, 'destination')
      return [id, JSON.parse(context.vault.open(keyOf(keys, id), place, stored.sealedDestination))]
    }),
  )
}

export async function sealNote(
  context: Context,
  stored: StoredPayout,
  note: string | null,
): Promise<Buffer | null> {
  if (note === null) return null
  const keys = await openPayoutKeys(context, [stored])
  const place = placeOf(stored.appId, stored, 'note')
  return context.vault.seal(keyOf(keys, stored.id), place, note)
}

export async function openDecided(context: Context, stored: StoredPayout): Promise<DecidedPayout> {
  const { appId, id, decidedBy, sealedNote } = stored
  const payout = await openPayout(context, stored)
  if (sealedNote === null) return { ...payout, decidedBy, note: null }
  const keys = await openPayoutKeys(context, [stored])
  const place = placeOf(appId, stored, 'note')
  return { ...payout, decidedBy, note: context.vault.open(keyOf(keys, id), place, sealedNote) }
}

/** By payout: its customer's key, or its own. */
async function openPayoutKeys(
  context: Context,
  rows: StoredPayout[],
): Promise<ReadonlyMap<string, DataKey>> {
  const ids = new Set(rows.map((row) => row.customerId).filter((id) => id !== null))
  const keys = await openDataKeys(context, [...ids])
  return new Map(
    rows.map(({ appId, id, customerId, wrappedKey }) => [
      id,
      customerId === null
        ? context.vault.openDataKey({ appId, ownerId: id }, present(wrappedKey, 'own key'))
        : present(keys.get(customerId), 'a payout names a customer that exists'),
    ]),
  )
}

const keyOf = (keys: ReadonlyMap<string, DataKey>, id: string) =>
  present(keys.get(id), 'every payout has a key')

export function toPayout(stored: StoredPayout, target: PayoutTarget): Payout {
  const { id, customerId, bankAccountId, amountMinor, currency, status, attempts } = stored
  const { errorMessage, createdAt, submittedAt, completedAt } = stored
  const destination = { cbu: target.cbu, name: target.name, cuit: target.cuit }
  const what = { id, customerId, bankAccountId, amountMinor, currency, destination }
  return { ...what, status, attempts, errorMessage, createdAt, submittedAt, completedAt }
}

function placeOf(
  appId: string,
  payout: { id: string; customerId: string | null },
  what: 'destination' | 'note',
): Place {
  const ownerId = payout.customerId ?? payout.id
  return { appId, ownerId, field: `payout.${what}:${payout.id}` }
}
