// Owns the SQL of the customers and customer_lookups tables.
import type { Kysely, Selectable } from 'kysely'
import { isAmong } from '../../storage/among.ts'
import { type Insert, insertOf } from '../../storage/insert-together.ts'
import { knownText } from '../../storage/known-text.ts'
import type { Engine } from '../../storage/migrations.ts'
import type { CustomerRow, Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { ChainHead } from '../events/event.ts'
import type { BankingStatus } from './banking-status.ts'
import type { CustomerKind, LookupField } from './customer.ts'
import type { OnboardingStatus } from './onboarding.ts'

/** A customer as stored: the profile still sealed. */
export interface StoredCustomer {
  appId: string
  id: string
  kind: CustomerKind
  country: string | null
  externalId: string | null
  defaultBankAccountId: string | null
  lastPayoutAt: number | null
  documentType: string | null
  onboardingStatus: OnboardingStatus
  roles: string[]
  isSynced: boolean
  syncedAt: number | null
  bankingStatus: BankingStatus | null
  wrappedKey: Uint8Array
  sealedProfile: Uint8Array
  head: ChainHead
  createdAt: number
  updatedAt: number
}

export interface Lookup {
  appId: string
  field: LookupField
  token: Uint8Array
}

/** Fails when another customer of the app has the external id: `isExternalIdConflict`. */
export function insertCustomer(customer: StoredCustomer): Insert {
  return insertOf('customers', toRow(customer))
}

export function insertLookup(lookup: Lookup, customerId: string): Insert {
  return insertOf('customer_lookups', {
    app_id: lookup.appId,
    field: lookup.field,
    token: lookup.token,
    customer_id: customerId,
  })
}

export function deleteLookup(db: Kysely<Tables>, lookup: Lookup, customerId: string): Write {
  return db
    .deleteFrom('customer_lookups')
    .where('app_id', '=', lookup.appId)
    .where('field', '=', lookup.field)
    .where('token', '=', lookup.token)
    .where('customer_id', '=', customerId)
}

export interface CustomerKey {
  appId: string
  id: string
}

export async function selectCustomer(
  db: Kysely<Tables>,
  key: CustomerKey,
): Promise<StoredCustomer | null> {
  const row = await db
    .selectFrom('customers')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

export async function selectWrappedKeys(
  db: Kysely<Tables>,
  filter: { appId: string; ids: string[] },
): Promise<{ id: string; wrappedKey: Uint8Array }[]> {
  return db
    .selectFrom('customers')
    .select(['id', 'data_key as wrappedKey'])
    .where('app_id', '=', filter.appId)
    .where('id', 'in', filter.ids)
    .execute()
}

/** As `selectCustomer`, and no other transaction can change the row until this one ends. */
export async function selectCustomerForUpdate(
  db: Kysely<Tables>,
  key: CustomerKey,
): Promise<StoredCustomer | null> {
  const row = await db
    .selectFrom('customers')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .forUpdate()
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Newest first; ids rise with time, so the id is both order and cursor. */
export async function selectCustomers(
  db: Kysely<Tables>,
  page: { appId: string; beforeId: string | null; limit: number },
): Promise<StoredCustomer[]> {
  let query = db.selectFrom('customers').selectAll().where('app_id', '=', page.appId)
  if (page.beforeId !== null) query = query.where('id', '<', page.beforeId)
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map(fromRow)
}

export async function selectCustomerHead(
  db: Kysely<Tables>,
  key: CustomerKey,
): Promise<{ id: string; version: number } | null> {
  const build = () =>
    db
      .selectFrom('customers')
      .select(['id', 'version'])
      .where('app_id', '=', key.appId)
      .where('id', '=', key.id)
      .compile()
  const query = knownText(db, 'customer head', [key.appId, key.id], build)
  return (await db.executeQuery(query)).rows[0] ?? null
}

/** As `selectCustomers`; without the versions it reads the primary key's index alone. */
export async function selectCustomerHeads(
  db: Kysely<Tables>,
  page: { appId: string; beforeId: string | null; limit: number; withVersion: boolean },
): Promise<{ id: string; version?: number }[]> {
  const { appId, beforeId, limit, withVersion } = page
  const build = () =>
    db
      .selectFrom('customers')
      .select('id')
      .$if(withVersion, (selected) => selected.select('version'))
      .where('app_id', '=', appId)
      .$if(beforeId !== null, (query) => query.where('id', '<', beforeId))
      .orderBy('id', 'desc')
      .limit(limit)
      .compile()
  const name = `customer heads ${withVersion} ${beforeId !== null}`
  const parameters = [appId, ...(beforeId === null ? [] : [beforeId]), limit]
  return (await db.executeQuery(knownText(db, name, parameters, build))).rows
}

/** Of these ids, newest first; without the versions nothing is read, the ids were just found. */
export async function selectHeadsByIds(
  db: Kysely<Tables>,
  filter: { appId: string; ids: string[]; withVersion: boolean },
): Promise<{ id: string; version?: number }[]> {
  if (filter.ids.length === 0 || !filter.withVersion) return filter.ids.map((id) => ({ id }))
  return db
    .selectFrom('customers')
    .select(['id', 'version'])
    .where('app_id', '=', filter.appId)
    .where('id', 'in', filter.ids)
    .orderBy('id', 'desc')
    .execute()
}

export async function selectCustomersByIds(
  db: Kysely<Tables>,
  filter: { appId: string; ids: string[] },
): Promise<StoredCustomer[]> {
  const rows = await db
    .selectFrom('customers')
    .selectAll()
    .where('app_id', '=', filter.appId)
    .where('id', 'in', filter.ids)
    .execute()
  return rows.map(fromRow)
}

/** Until the transaction ends nobody else changes these customers. */
export async function lockVersions(
  db: Kysely<Tables>,
  { engine, appId, ids }: { engine: Engine; appId: string; ids: string[] },
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('customers')
    .select(['id', 'version'])
    .where('app_id', '=', appId)
    .where(isAmong(engine, 'id', ids))
    .forUpdate()
    .execute()
  return new Map(rows.map(({ id, version }) => [id, version]))
}

export async function selectCustomersByLookup(
  db: Kysely<Tables>,
  lookup: Lookup,
  limit: number,
): Promise<StoredCustomer[]> {
  const rows = await db
    .selectFrom('customer_lookups as lookup')
    .innerJoin('customers as customer', (join) =>
      join
        .onRef('customer.app_id', '=', 'lookup.app_id')
        .onRef('customer.id', '=', 'lookup.customer_id'),
    )
    .selectAll('customer')
    .where('lookup.app_id', '=', lookup.appId)
    .where('lookup.field', '=', lookup.field)
    .where('lookup.token', '=', lookup.token)
    .orderBy('lookup.customer_id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

export async function selectIdByExternalId(
  db: Kysely<Tables>,
  key: { appId: string; externalId: string },
): Promise<string | null> {
  const row = await db
    .selectFrom('customers')
    .select('id')
    .where('app_id', '=', key.appId)
    .where('external_id', '=', key.externalId)
    .executeTakeFirst()
  return row?.id ?? null
}

export function updateCustomer(db: Kysely<Tables>, customer: StoredCustomer): Write {
  const { app_id, id, ...columns } = toRow(customer)
  return db.updateTable('customers').set(columns).where('app_id', '=', app_id).where('id', '=', id)
}

/** Whether `updateCustomer` failed because another customer of the app has the external id. */
export function isExternalIdConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (
    Reflect.get(error, 'constraint') === 'customers_external_id' ||
    error.message.includes('UNIQUE constraint failed: customers.app_id, customers.external_id')
  )
}

function toRow(customer: StoredCustomer): CustomerRow {
  return {
    app_id: customer.appId,
    id: customer.id,
    kind: customer.kind,
    country: customer.country,
    external_id: customer.externalId,
    default_bank_account_id: customer.defaultBankAccountId,
    last_payout_at: customer.lastPayoutAt,
    document_type: customer.documentType,
    onboarding_status: customer.onboardingStatus,
    roles: customer.roles.join(' '),
    is_synced: customer.isSynced ? 1 : 0,
    synced_at: customer.syncedAt,
    banking_status: customer.bankingStatus,
    data_key: customer.wrappedKey,
    profile: customer.sealedProfile,
    version: customer.head.version,
    head_hash: customer.head.hash,
    created_at: customer.createdAt,
    updated_at: customer.updatedAt,
  }
}

function fromRow(row: Selectable<CustomerRow>): StoredCustomer {
  return {
    appId: row.app_id,
    id: row.id,
    kind: row.kind as CustomerKind,
    country: row.country,
    externalId: row.external_id,
    defaultBankAccountId: row.default_bank_account_id,
    lastPayoutAt: row.last_payout_at,
    documentType: row.document_type,
    onboardingStatus: row.onboarding_status as OnboardingStatus,
    roles: row.roles === '' ? [] : row.roles.split(' '),
    isSynced: row.is_synced === 1,
    syncedAt: row.synced_at,
    bankingStatus: row.banking_status as BankingStatus | null,
    wrappedKey: row.data_key,
    sealedProfile: row.profile,
    head: { version: row.version, hash: row.head_hash },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
