// Owns the SQL of the registrations and registration_fields tables.
import type { Kysely, Selectable } from 'kysely'
import type { RegistrationRow } from '../../storage/registration-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { ProviderName, ProviderRole, RequiredAction, SyncField } from '../provider.ts'
import type { PushedField, Registration, RegistrationStatus } from './registration.ts'

/** A registration as stored: its details still sealed. */
export interface StoredRegistration
  extends Pick<
    Registration,
    | 'id'
    | 'customerId'
    | 'provider'
    | 'role'
    | 'status'
    | 'remoteId'
    | 'actionRequired'
    | 'statedAt'
    | 'claimedAt'
    | 'createdAt'
    | 'updatedAt'
  > {
  appId: string
  sealedDetails: Uint8Array
}

export function insertRegistration(db: Kysely<Tables>, registration: StoredRegistration): Write {
  return db.insertInto('registrations').values(toRow(registration))
}

export function updateRegistration(db: Kysely<Tables>, registration: StoredRegistration): Write {
  const { app_id, id, ...columns } = toRow(registration)
  return db
    .updateTable('registrations')
    .set(columns)
    .where('app_id', '=', app_id)
    .where('id', '=', id)
}

export async function selectRegistration(
  db: Kysely<Tables>,
  key: { appId: string; id: string },
): Promise<StoredRegistration | null> {
  const row = await db
    .selectFrom('registrations')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** At most one a provider and role, so there is no page. Oldest first. */
export async function selectRegistrations(
  db: Kysely<Tables>,
  filter: { appId: string; customerId: string },
): Promise<StoredRegistration[]> {
  const rows = await db
    .selectFrom('registrations')
    .selectAll()
    .where('app_id', '=', filter.appId)
    .where('customer_id', '=', filter.customerId)
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

/** Where one remote customer stands for several of ours, as after an upsert by e-mail. */
const sharedRemoteMax = 20

/** Ids of the registrations that stand for this record of the provider. */
export async function selectRegistrationIdsByRemote(
  db: Kysely<Tables>,
  remote: { appId: string; provider: ProviderName; remoteId: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('registrations')
    .select('id')
    .where('app_id', '=', remote.appId)
    .where('provider', '=', remote.provider)
    .where('remote_id', '=', remote.remoteId)
    .orderBy('id')
    .limit(sharedRemoteMax)
    .execute()
  return rows.map((row) => row.id)
}

export async function updateRegistrationClaimed(
  db: Kysely<Tables>,
  claim: { appId: string; id: string; at: number },
): Promise<void> {
  await db
    .updateTable('registrations')
    .set({ claimed_at: claim.at })
    .where('app_id', '=', claim.appId)
    .where('id', '=', claim.id)
    .where('claimed_at', 'is', null)
    .execute()
}

export async function updateRegistrationStated(
  db: Kysely<Tables>,
  statement: { appId: string; id: string; at: number },
): Promise<void> {
  await db
    .updateTable('registrations')
    .set({ stated_at: statement.at })
    .where('app_id', '=', statement.appId)
    .where('id', '=', statement.id)
    .execute()
}

export type StoredPushedField = PushedField & { registrationId: string }

export async function selectPushedFields(
  db: Kysely<Tables>,
  filter: { appId: string; registrationIds: string[] },
): Promise<StoredPushedField[]> {
  if (filter.registrationIds.length === 0) return []
  const rows = await db
    .selectFrom('registration_fields')
    .selectAll()
    .where('app_id', '=', filter.appId)
    .where('registration_id', 'in', filter.registrationIds)
    .execute()
  return rows.map((row) => ({
    registrationId: row.registration_id,
    field: row.field as SyncField,
    valueHash: row.value_hash,
    outcome: row.outcome as PushedField['outcome'],
    reason: row.reason,
    pushedAt: row.pushed_at,
  }))
}

export function upsertPushedField(
  db: Kysely<Tables>,
  key: { appId: string; registrationId: string },
  pushed: PushedField,
): Write {
  const columns = {
    value_hash: pushed.valueHash,
    outcome: pushed.outcome,
    reason: pushed.reason,
    pushed_at: pushed.pushedAt,
  }
  return db
    .insertInto('registration_fields')
    .values({
      app_id: key.appId,
      registration_id: key.registrationId,
      field: pushed.field,
      ...columns,
    })
    .onConflict((conflict) =>
      conflict.columns(['app_id', 'registration_id', 'field']).doUpdateSet(columns),
    )
}

function toRow(registration: StoredRegistration): RegistrationRow {
  return {
    app_id: registration.appId,
    id: registration.id,
    customer_id: registration.customerId,
    provider: registration.provider,
    role: registration.role,
    status: registration.status,
    remote_id: registration.remoteId,
    action_required: registration.actionRequired,
    stated_at: registration.statedAt,
    claimed_at: registration.claimedAt,
    details: registration.sealedDetails,
    created_at: registration.createdAt,
    updated_at: registration.updatedAt,
  }
}

function fromRow(row: Selectable<RegistrationRow>): StoredRegistration {
  return {
    appId: row.app_id,
    id: row.id,
    customerId: row.customer_id,
    provider: row.provider as ProviderName,
    role: row.role as ProviderRole,
    status: row.status as RegistrationStatus,
    remoteId: row.remote_id,
    actionRequired: row.action_required as RequiredAction | null,
    statedAt: row.stated_at,
    claimedAt: row.claimed_at,
    sealedDetails: row.details,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
