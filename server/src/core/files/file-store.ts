// Owns the SQL of the files and blobs tables.
import type { Kysely } from 'kysely'
import type { FileRow } from '../../storage/registration-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { ContentType, FileType } from './file.ts'

/** A file as stored: its name still sealed. */
export interface StoredFile {
  appId: string
  id: string
  customerId: string
  fileType: FileType
  contentType: ContentType
  size: number
  sha256: Uint8Array
  blobName: string
  sealedDetails: Uint8Array
  createdAt: number
}

export function insertFile(db: Kysely<Tables>, file: StoredFile): Write {
  return db.insertInto('files').values(toRow(file))
}

export async function selectFile(
  db: Kysely<Tables>,
  key: { appId: string; customerId: string; id: string },
): Promise<StoredFile | null> {
  const row = await db
    .selectFrom('files')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .where('customer_id', '=', key.customerId)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Oldest first; ids rise with time. */
export async function selectFiles(
  db: Kysely<Tables>,
  filter: { appId: string; customerId: string; limit: number },
): Promise<StoredFile[]> {
  const rows = await db
    .selectFrom('files')
    .selectAll()
    .where('app_id', '=', filter.appId)
    .where('customer_id', '=', filter.customerId)
    .orderBy('id')
    .limit(filter.limit)
    .execute()
  return rows.map(fromRow)
}

export async function countFiles(
  db: Kysely<Tables>,
  filter: { appId: string; customerId: string },
): Promise<number> {
  const { count } = await db
    .selectFrom('files')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('app_id', '=', filter.appId)
    .where('customer_id', '=', filter.customerId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function insertBlob(
  db: Kysely<Tables>,
  blob: { appId: string; name: string; createdAt: number },
): Promise<void> {
  const { appId, name, createdAt } = blob
  await db
    .insertInto('blobs')
    .values({ app_id: appId, name, created_at: createdAt, kept_at: null })
    .execute()
}

/** How many of them are kept now that were not before, and that are no older than `since`. */
export async function updateBlobsKept(
  db: Kysely<Tables>,
  blobs: { appId: string; names: string[]; since: number; keptAt: number },
): Promise<number> {
  const result = await db
    .updateTable('blobs')
    .set({ kept_at: blobs.keptAt })
    .where('app_id', '=', blobs.appId)
    .where('name', 'in', blobs.names)
    .where('kept_at', 'is', null)
    .where('created_at', '>=', blobs.since)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

export async function updateBlobReleased(
  db: Kysely<Tables>,
  blob: { appId: string; name: string },
): Promise<void> {
  await db
    .updateTable('blobs')
    // As if received long ago: no commit may keep it again, and the next sweep takes it.
    .set({ kept_at: null, created_at: 0 })
    .where('app_id', '=', blob.appId)
    .where('name', '=', blob.name)
    .execute()
}

/** Names of what no commit has kept, oldest first. */
export async function selectUnkeptBlobs(
  db: Kysely<Tables>,
  filter: { appId: string; before: number; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('blobs')
    .select('name')
    .where('app_id', '=', filter.appId)
    .where('kept_at', 'is', null)
    .where('created_at', '<', filter.before)
    .orderBy('created_at')
    .limit(filter.limit)
    .execute()
  return rows.map(({ name }) => name)
}

/** Those of the names that no commit has kept. */
export async function selectUnkeptAmong(
  db: Kysely<Tables>,
  blobs: { appId: string; names: string[] },
): Promise<string[]> {
  if (blobs.names.length === 0) return []
  const rows = await db
    .selectFrom('blobs')
    .select('name')
    .where('app_id', '=', blobs.appId)
    .where('name', 'in', blobs.names)
    .where('kept_at', 'is', null)
    .execute()
  return rows.map(({ name }) => name)
}

export async function deleteUnkeptBlobs(
  db: Kysely<Tables>,
  blobs: { appId: string; names: string[] },
): Promise<void> {
  await db
    .deleteFrom('blobs')
    .where('app_id', '=', blobs.appId)
    .where('name', 'in', blobs.names)
    .where('kept_at', 'is', null)
    .execute()
}

function toRow(file: StoredFile): FileRow {
  return {
    app_id: file.appId,
    id: file.id,
    customer_id: file.customerId,
    file_type: file.fileType,
    content_type: file.contentType,
    size: file.size,
    sha256: file.sha256,
    blob_name: file.blobName,
    details: file.sealedDetails,
    created_at: file.createdAt,
  }
}

function fromRow(row: FileRow): StoredFile {
  return {
    appId: row.app_id,
    id: row.id,
    customerId: row.customer_id,
    fileType: row.file_type as FileType,
    contentType: row.content_type as ContentType,
    size: row.size,
    sha256: row.sha256,
    blobName: row.blob_name,
    sealedDetails: row.details,
    createdAt: row.created_at,
  }
}
