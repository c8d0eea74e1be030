// Owns what may happen to a customer: creating, reading, changing, and each change in its history.
import type { Kysely } from 'kysely'
import { insertTogether } from '../../storage/insert-together.ts'
import type { Tables } from '../../storage/tables.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { type Write, writeTogether } from '../../storage/write-together.ts'
import type { DataKey } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { chainStart } from '../events/event.ts'
import { appendEvent } from '../events/event-service.ts'
import { requirePermission } from './banking-status.ts'
import { type Customer, customerErrors, customerEvents } from './customer.ts'
import { forgetAfterCommit, readThrough } from './customer-cache.ts'
import { applyFact, touchesProfile } from './customer-facts.ts'
import { insertsOfLookups, moveLookups } from './customer-lookups.ts'
import { insertsOfMetadata, moveMetadata } from './customer-metadata.ts'
import {
  applyChanges,
  type CustomerChanges,
  checkNewCustomer,
  type NewCustomer,
  profileOf,
} from './customer-rules.ts'
import { type HeldCustomer, openCustomer, sealProfile, toCustomer } from './customer-seal.ts'
import {
  insertCustomer,
  type StoredCustomer,
  selectCustomer,
  selectCustomerForUpdate,
  selectCustomerHead,
  selectWrappedKeys,
  updateCustomer as updateRow,
} from './customer-store.ts'
import { insertUnindexed } from './customer-word-store.ts'
import { moveCustomerWords, wordTokens } from './customer-words.ts'
import { refusingTakenExternalId } from './external-id.ts'

/** Errors: `field_invalid`, `external_id_taken`. Event: `customer.created`. */
export async function createCustomer(context: Context, input: NewCustomer): Promise<Customer> {
  const now = context.clock.now()
  const fields = checkNewCustomer(input, now)
  const id = context.ids()
  const dataKey = context.vault.createDataKey({ appId: context.app.id, ownerId: id })
  const { kind, country, externalId, ...profile } = fields
  const type = customerEvents.created
  const event = appendEvent(context, chainStart, { customerId: id, dataKey, type, changes: fields })
  const stored: StoredCustomer = {
    appId: context.app.id,
    id,
    kind,
    country,
    externalId,
    defaultBankAccountId: null,
    lastPayoutAt: null,
    documentType: profile.document?.type ?? null,
    onboardingStatus: 'NOT_STARTED',
    roles: [],
    isSynced: false,
    syncedAt: null,
    bankingStatus: null,
    wrappedKey: dataKey.wrapped,
    sealedProfile: sealProfile(context, id, dataKey, profile),
    head: event.head,
    createdAt: event.at,
    updatedAt: event.at,
  }
  const inserts = [
    ...insertsOfLookups(context, id, profile),
    ...insertsOfMetadata(context, id, profile.metadata),
    insertUnindexed(context.app.id, { customerId: id, tokens: wordTokens(context, fields) }),
    event.insert,
    insertCustomer(stored),
  ]
  await refusingTakenExternalId(context, externalId, (tx) => insertTogether(tx, inserts))
  context.touched?.({ customerId: id, dataKey })
  return toCustomer(stored, profile)
}

/** Errors: `customer_not_found`, also for another app's customer. */
export async function getCustomer(context: Context, id: string): Promise<Customer> {
  const key = { appId: context.app.id, id }
  return readThrough(context, id, {
    head: () => selectCustomerHead(context.db, key),
    read: async () => {
      const stored = await selectCustomer(context.db, key)
      if (!stored) throw new AppError(customerErrors.customer_not_found)
      return openCustomer(context, stored).customer
    },
  })
}

/** The keys of these customers, for the facets whose sealed values are under them. */
export async function openDataKeys(
  context: Context,
  ids: string[],
): Promise<ReadonlyMap<string, DataKey>> {
  const appId = context.app.id
  const rows = ids.length === 0 ? [] : await selectWrappedKeys(context.db, { appId, ids })
  return new Map(
    rows.map((row) => [
      row.id,
      context.vault.openDataKey({ appId, ownerId: row.id }, row.wrappedKey),
    ]),
  )
}

/** Refuses a customer that does not exist, also another app's, at the cost of its key. */
export async function requireCustomer(context: Context, id: string): Promise<DataKey> {
  const dataKey = (await openDataKeys(context, [id])).get(id)
  if (!dataKey) throw new AppError(customerErrors.customer_not_found)
  return dataKey
}

/** The customer with its key, for reading what hangs on it. Errors: `customer_not_found`. */
export async function getCustomerWithKey(
  context: Context,
  id: string,
): Promise<Pick<HeldCustomer, 'customer' | 'dataKey'>> {
  const stored = await selectCustomer(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(customerErrors.customer_not_found)
  return openCustomer(context, stored)
}

/** Inside a transaction: the customer, which nobody else can change until it ends. */
export async function holdCustomer(context: Context, id: string): Promise<HeldCustomer> {
  const key = { appId: context.app.id, id }
  const stored = await selectCustomerForUpdate(context.db, key)
  if (!stored) throw new AppError(customerErrors.customer_not_found)
  return openCustomer(context, stored)
}

/**
 * Changes that depend on what the record says are a function of it, called while nobody else can
 * change it. Errors: those of `createCustomer`, `customer_not_found`. Event: `customer.updated`.
 */
export function updateCustomer(
  context: Context,
  id: string,
  changes: CustomerChanges | ((customer: Customer) => CustomerChanges),
): Promise<Customer> {
  return inTransaction(context, async (tx) => {
    const held = await holdCustomer(tx, id)
    requirePermission(held.customer, 'update')
    const wanted = typeof changes === 'function' ? changes(held.customer) : changes
    const changed = applyChanges(held.customer, wanted, tx.clock.now())
    if (Object.keys(changed).length === 0) return held.customer
    const change = { type: customerEvents.updated, changes: changed }
    return refusingTakenExternalId(tx, changed.externalId, (attempt) =>
      recordChange(attempt, held, change),
    )
  })
}

export interface Change {
  type: string
  /** Goes into the history; the members that are fields of the customer are set on it. */
  changes: Partial<Customer> & Record<string, unknown>
}

/**
 * Inside a transaction: appends the event and writes the customer's row with the new head, together
 * with whatever `more` the change consists of.
 */
export async function recordChange(
  context: Context,
  held: HeldCustomer,
  change: Change,
  more: (db: Kysely<Tables>) => Write[] = () => [],
): Promise<Customer> {
  const { customer, dataKey, stored } = held
  const type = change.type
  const event = appendEvent(context, stored.head, {
    customerId: customer.id,
    dataKey,
    type,
    changes: change.changes,
  })
  const next = applyFact(customer, change.changes)
  const profile = profileOf(next)
  const sealedProfile = touchesProfile(change.changes)
    ? sealProfile(context, customer.id, dataKey, profile)
    : stored.sealedProfile
  const row: StoredCustomer = {
    ...stored,
    kind: next.kind,
    country: next.country,
    externalId: next.externalId,
    defaultBankAccountId: next.defaultBankAccountId,
    lastPayoutAt: next.lastPayoutAt,
    documentType: next.document?.type ?? null,
    onboardingStatus: next.onboardingStatus,
    roles: next.roles,
    isSynced: next.isSynced,
    syncedAt: next.syncedAt,
    bankingStatus: next.bankingStatus,
    sealedProfile,
    head: event.head,
    updatedAt: event.at,
  }
  const lookups = moveLookups(context, { id: customer.id, before: customer, after: profile })
  const words = moveCustomerWords(context, { id: customer.id, before: customer, after: next })
  const metadata = moveMetadata(context, {
    id: customer.id,
    before: customer.metadata,
    after: profile.metadata,
  })
  await writeTogether(context, (db) => [
    ...more(db),
    ...lookups(db),
    ...metadata(db),
    ...words(db),
    event.write(db),
    updateRow(db, row),
  ])
  forgetAfterCommit(context, customer.id)
  context.touched?.({ customerId: customer.id, dataKey })
  return toCustomer(row, profile)
}
