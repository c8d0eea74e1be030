// Owns the SQL of the applications table.
import type { Kysely } from 'kysely'
import type { ApplicationRow } from '../../storage/banking-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { CustomerKind } from '../customer/customer.ts'
import type { Application, ApplicationDetails, ApplicationStatus } from './application.ts'

/** An application as stored: the details still sealed. */
export interface StoredApplication extends Omit<Application, keyof ApplicationDetails> {
  appId: string
  wrappedKey: Uint8Array
  sealedDetails: Uint8Array
}

export interface ApplicationKey {
  appId: string
  id: string
}

export function insertApplication(db: Kysely<Tables>, application: StoredApplication): Write {
  return db.insertInto('applications').values(toRow(application))
}

export function updateApplication(db: Kysely<Tables>, application: StoredApplication): Write {
  const { app_id, id, ...columns } = toRow(application)
  return db
    .updateTable('applications')
    .set(columns)
    .where('app_id', '=', app_id)
    .where('id', '=', id)
}

export async function selectApplication(
  db: Kysely<Tables>,
  key: ApplicationKey,
): Promise<StoredApplication | null> {
  const row = await db
    .selectFrom('applications')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** As `selectApplication`, and no other transaction can change the row until this one ends. */
export async function selectApplicationForUpdate(
  db: Kysely<Tables>,
  key: ApplicationKey,
): Promise<StoredApplication | null> {
  const row = await db
    .selectFrom('applications')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .forUpdate()
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

export interface ApplicationPage {
  appId: string
  status: ApplicationStatus | null
  kind: CustomerKind | null
  beforeId: string | null
  limit: number
}

/** Newest first; ids rise with time, so the id is both order and cursor. */
export async function selectApplications(
  db: Kysely<Tables>,
  page: ApplicationPage,
): Promise<StoredApplication[]> {
  let query = db.selectFrom('applications').selectAll().where('app_id', '=', page.appId)
  if (page.status !== null) query = query.where('status', '=', page.status)
  if (page.kind !== null) query = query.where('kind', '=', page.kind)
  if (page.beforeId !== null) query = query.where('id', '<', page.beforeId)
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map(fromRow)
}

function toRow(application: StoredApplication): ApplicationRow {
  return {
    app_id: application.appId,
    id: application.id,
    kind: application.kind,
    status: application.status,
    customer_id: application.customerId,
    account_currency: application.accountCurrency,
    terms_accepted_at: application.termsAcceptedAt,
    data_key: application.wrappedKey,
    details: application.sealedDetails,
    submitted_at: application.submittedAt,
    decided_at: application.decidedAt,
    created_at: application.createdAt,
    updated_at: application.updatedAt,
  }
}

function fromRow(row: ApplicationRow): StoredApplication {
  return {
    appId: row.app_id,
    id: row.id,
    kind: row.kind as CustomerKind,
    status: row.status as ApplicationStatus,
    customerId: row.customer_id,
    accountCurrency: row.account_currency,
    termsAcceptedAt: row.terms_accepted_at,
    wrappedKey: row.data_key,
    sealedDetails: row.details,
    submittedAt: row.submitted_at,
    decidedAt: row.decided_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
