// Owns the SQL of the individuals table.
import type { Kysely } from 'kysely'
import type { IndividualRow } from '../../storage/banking-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { Individual, IndividualRole } from './individual.ts'

/** A person as stored: the details still sealed. */
export interface StoredIndividual
  extends Pick<
    Individual,
    'id' | 'applicationId' | 'customerId' | 'role' | 'createdAt' | 'updatedAt'
  > {
  appId: string
  ownershipHundredths: number | null
  sealedDetails: Uint8Array
}

interface IndividualKey {
  appId: string
  id: string
}

export function insertIndividual(db: Kysely<Tables>, individual: StoredIndividual): Write {
  return db.insertInto('individuals').values(toRow(individual))
}

export function updateIndividual(db: Kysely<Tables>, individual: StoredIndividual): Write {
  const { app_id, id, ...columns } = toRow(individual)
  return db
    .updateTable('individuals')
    .set(columns)
    .where('app_id', '=', app_id)
    .where('id', '=', id)
}

export function deleteIndividual(db: Kysely<Tables>, key: IndividualKey): Write {
  return db.deleteFrom('individuals').where('app_id', '=', key.appId).where('id', '=', key.id)
}

export async function selectIndividual(
  db: Kysely<Tables>,
  key: IndividualKey,
): Promise<StoredIndividual | null> {
  const row = await db
    .selectFrom('individuals')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Oldest first; ids rise with time. */
export async function selectIndividuals(
  db: Kysely<Tables>,
  filter: { appId: string; limit: number } & ({ customerId: string } | { applicationId: string }),
): Promise<StoredIndividual[]> {
  const query = db.selectFrom('individuals').selectAll().where('app_id', '=', filter.appId)
  const ofOne =
    'customerId' in filter
      ? query.where('customer_id', '=', filter.customerId)
      : query.where('application_id', '=', filter.applicationId)
  const rows = await ofOne.orderBy('id').limit(filter.limit).execute()
  return rows.map(fromRow)
}

function toRow(individual: StoredIndividual): IndividualRow {
  return {
    app_id: individual.appId,
    id: individual.id,
    application_id: individual.applicationId,
    customer_id: individual.customerId,
    role: individual.role,
    ownership_hundredths: individual.ownershipHundredths,
    details: individual.sealedDetails,
    created_at: individual.createdAt,
    updated_at: individual.updatedAt,
  }
}

function fromRow(row: IndividualRow): StoredIndividual {
  return {
    appId: row.app_id,
    id: row.id,
    applicationId: row.application_id,
    customerId: row.customer_id,
    role: row.role as IndividualRole,
    ownershipHundredths: row.ownership_hundredths,
    sealedDetails: row.details,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
