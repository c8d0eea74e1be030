// Owns the SQL of the application_documents table.
import type { Kysely } from 'kysely'
import type { ApplicationDocumentRow } from '../../storage/banking-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { ApplicationDocument, DocumentStatus, DocumentType } from './application.ts'

/** A document as stored: what is known of its file still sealed. */
export interface StoredDocument extends Omit<ApplicationDocument, 'file'> {
  appId: string
  wrappedKey: Uint8Array
  sealedDetails: Uint8Array | null
  blobName: string | null
}

interface DocumentKey {
  appId: string
  id: string
}

export function insertDocument(db: Kysely<Tables>, document: StoredDocument): Write {
  return db.insertInto('application_documents').values(toRow(document))
}

export function updateDocument(db: Kysely<Tables>, document: StoredDocument): Write {
  const { app_id, id, ...columns } = toRow(document)
  return db
    .updateTable('application_documents')
    .set(columns)
    .where('app_id', '=', app_id)
    .where('id', '=', id)
}

export function deleteDocument(db: Kysely<Tables>, key: DocumentKey): Write {
  return db
    .deleteFrom('application_documents')
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
}

export async function selectDocument(
  db: Kysely<Tables>,
  key: DocumentKey,
): Promise<StoredDocument | null> {
  const row = await db
    .selectFrom('application_documents')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Oldest first; ids rise with time. One a person, so there is no page. */
export async function selectDocuments(
  db: Kysely<Tables>,
  filter: { appId: string; applicationId: string; limit: number },
): Promise<StoredDocument[]> {
  const rows = await db
    .selectFrom('application_documents')
    .selectAll()
    .where('app_id', '=', filter.appId)
    .where('application_id', '=', filter.applicationId)
    .orderBy('id')
    .limit(filter.limit)
    .execute()
  return rows.map(fromRow)
}

function toRow(document: StoredDocument): ApplicationDocumentRow {
  return {
    app_id: document.appId,
    id: document.id,
    application_id: document.applicationId,
    individual_id: document.individualId,
    type: document.type,
    status: document.status,
    data_key: document.wrappedKey,
    details: document.sealedDetails,
    blob_name: document.blobName,
    created_at: document.createdAt,
    uploaded_at: document.uploadedAt,
  }
}

function fromRow(row: ApplicationDocumentRow): StoredDocument {
  return {
    appId: row.app_id,
    id: row.id,
    applicationId: row.application_id,
    individualId: row.individual_id,
    type: row.type as DocumentType,
    status: row.status as DocumentStatus,
    wrappedKey: row.data_key,
    sealedDetails: row.details,
    blobName: row.blob_name,
    createdAt: row.created_at,
    uploadedAt: row.uploaded_at,
  }
}
