// Owns the SQL of the sandbox_customers table.
import type { Kysely, Selectable } from 'kysely'
import type { SandboxCustomerRow } from '../../storage/registration-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Behaviour } from './sandbox-behaviour.ts'

export interface SandboxCustomer {
  remoteId: string
  role: string
  idempotencyKey: string
  behaviour: Behaviour
  documents: number
  documentsAt: number | null
  fieldHashes: Record<string, string>
  /** Minor units by currency. */
  balances: Record<string, { available: number; pending: number }>
  createdAt: number
}

/** Nothing when there is one with this idempotency key. */
export async function insertSandboxCustomer(
  db: Kysely<Tables>,
  appId: string,
  customer: SandboxCustomer,
): Promise<void> {
  await db
    .insertInto('sandbox_customers')
    .values({ app_id: appId, ...toColumns(customer) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function selectByKey(
  db: Kysely<Tables>,
  key: { appId: string; idempotencyKey: string },
): Promise<SandboxCustomer> {
  const row = await db
    .selectFrom('sandbox_customers')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('idempotency_key', '=', key.idempotencyKey)
    .executeTakeFirstOrThrow()
  return fromRow(row)
}

export async function selectSandboxCustomer(
  db: Kysely<Tables>,
  key: { appId: string; remoteId: string },
): Promise<SandboxCustomer | null> {
  const row = await db
    .selectFrom('sandbox_customers')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('remote_id', '=', key.remoteId)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Inside a transaction: held until it ends. */
export async function selectSandboxCustomerForUpdate(
  db: Kysely<Tables>,
  key: { appId: string; remoteId: string },
): Promise<SandboxCustomer | null> {
  const row = await db
    .selectFrom('sandbox_customers')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('remote_id', '=', key.remoteId)
    .forUpdate()
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

export async function updateSandboxCustomer(
  db: Kysely<Tables>,
  appId: string,
  customer: SandboxCustomer,
): Promise<void> {
  await db
    .updateTable('sandbox_customers')
    .set(toColumns(customer))
    .where('app_id', '=', appId)
    .where('remote_id', '=', customer.remoteId)
    .execute()
}

function toColumns(customer: SandboxCustomer): Omit<SandboxCustomerRow, 'app_id'> {
  return {
    remote_id: customer.remoteId,
    role: customer.role,
    idempotency_key: customer.idempotencyKey,
    behaviour: customer.behaviour,
    documents: customer.documents,
    documents_at: customer.documentsAt,
    field_hashes: JSON.stringify(customer.fieldHashes),
    balances: JSON.stringify(customer.balances),
    created_at: customer.createdAt,
  }
}

function fromRow(row: Selectable<SandboxCustomerRow>): SandboxCustomer {
  return {
    remoteId: row.remote_id,
    role: row.role,
    idempotencyKey: row.idempotency_key,
    behaviour: row.behaviour as Behaviour,
    documents: row.documents,
    documentsAt: row.documents_at,
    fieldHashes: JSON.parse(row.field_hashes),
    balances: JSON.parse(row.balances),
    createdAt: row.created_at,
  }
}
