// Owns identity files: receiving their bytes, keeping them with a customer, handing them out again.
import { assert } from '../../lib/assert.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { openStream } from '../../vault/seal-stream.ts'
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { requirePermission } from '../customer/banking-status.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { holdCustomer, recordChange, requireCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import {
  type ContentType,
  type FileEntry,
  type FileType,
  fileErrors,
  fileEvents,
  filesPerCallMax,
  filesPerCustomerMax,
} from './file.ts'
import { toSafeName } from './file-name.ts'
import {
  countFiles,
  insertFile,
  type StoredFile,
  selectFile,
  selectFiles,
  selectUnkeptBlobs,
} from './file-store.ts'
import {
  deleteBytes,
  discardBytes,
  keepBytes,
  receiveBytes,
  unkeptMsMax,
} from './received-bytes.ts'

const blobsPerPass = 100

export interface NewFile {
  fileType: FileType
  /** As it was sent. */
  name: string
  stream: AsyncIterable<Uint8Array>
}

/** Bytes that are in the blob store, sealed for one customer, and belong to nothing yet. */
export interface ReceivedFile {
  blobName: string
  fileType: FileType
  /** Safe. */
  name: string
  contentType: ContentType
  size: number
  /** Hexadecimal. */
  sha256: string
}

/**
 * Before any transaction: takes as long as the caller sends. Holds a few blocks in memory.
 * Errors: `customer_not_found`, `file_type_unsupported`, `file_malformed`, `file_too_large`,
 * `file_image_too_large`, and whatever the stream throws.
 */
export async function receiveFile(
  context: Context,
  customerId: string,
  { fileType, name, stream }: NewFile,
): Promise<ReceivedFile> {
  const dataKey = await requireCustomer(context, customerId)
  const seal = {
    dataKey,
    placeOf: (blobName: string) => bytesPlace(context.app.id, customerId, blobName),
  }
  const { blobName, contentType, size, sha256 } = await receiveBytes(context, seal, stream)
  return { blobName, fileType, name: toSafeName(name, contentType), contentType, size, sha256 }
}

/**
 * All of them or none; in the order given. Errors: `customer_not_found`, `file_limit_reached`,
 * `file_upload_expired`. Event: `customer.file.added`.
 */
export function keepFiles(
  context: Context,
  customerId: string,
  received: ReceivedFile[],
): Promise<FileEntry[]> {
  const { length } = received
  assert(length > 0 && length <= filesPerCallMax, `1 to ${filesPerCallMax} files are kept at once`)
  return inTransaction(context, async (tx) => {
    const held = await holdCustomer(tx, customerId)
    requirePermission(held.customer, 'update')
    const appId = tx.app.id
    if ((await countFiles(tx.db, { appId, customerId })) + length > filesPerCustomerMax) {
      throw new AppError(fileErrors.file_limit_reached)
    }
    const names = received.map(({ blobName }) => blobName)
    await keepBytes(tx, names)
    const stored = received.map((file) => sealFile(tx, held, file))
    const entries = stored.map((file) => openEntry(tx, held.dataKey, file))
    const change = { type: fileEvents.added, changes: { files: entries } }
    await recordChange(tx, held, change, (db) => stored.map((file) => insertFile(db, file)))
    return entries
  })
}

/** What was received for nothing goes at once; what was kept after all stays. Never throws. */
export function discardFiles(context: Context, received: ReceivedFile[]): Promise<void> {
  const names = received.map(({ blobName }) => blobName)
  return discardBytes(context, names)
}

/** Oldest first, all of them: `filesPerCustomerMax` at most. Error: `customer_not_found`. */
export async function listFiles(context: Context, customerId: string): Promise<FileEntry[]> {
  const dataKey = await requireCustomer(context, customerId)
  const filter = { appId: context.app.id, customerId, limit: filesPerCustomerMax }
  const stored = await selectFiles(context.db, filter)
  return stored.map((file) => openEntry(context, dataKey, file))
}

export interface OpenedFile {
  entry: FileEntry
  /** Read once. Throws `SealBroken` at a block that was changed. */
  bytes: AsyncIterable<Uint8Array>
}

/** Errors: `customer_not_found`, `file_not_found`. */
export async function openFile(
  context: Context,
  customerId: string,
  fileId: string,
): Promise<OpenedFile> {
  const dataKey = await requireCustomer(context, customerId)
  const key = { appId: context.app.id, customerId, id: fileId }
  const stored = await selectFile(context.db, key)
  if (!stored) throw new AppError(fileErrors.file_not_found, { param: 'fileId' })
  const place = bytesPlace(stored.appId, customerId, stored.blobName)
  const sealed = await context.blobs.get(stored.blobName)
  return {
    entry: openEntry(context, dataKey, stored),
    bytes: openStream(dataKey, place, sealed),
  }
}

/** Chore: deletes what was received an hour ago and never kept. Answers how many. */
export async function sweepBlobs(context: Context): Promise<number> {
  const before = context.clock.now() - unkeptMsMax
  let total = 0
  let swept = blobsPerPass
  while (swept === blobsPerPass) {
    const filter = { appId: context.app.id, before, limit: blobsPerPass }
    const names = await selectUnkeptBlobs(context.db, filter)
    swept = await deleteBytes(context, names)
    total += swept
  }
  return total
}

function sealFile(tx: Context, held: HeldCustomer, file: ReceivedFile): StoredFile {
  const { fileType, contentType, size, blobName, name } = file
  const { appId, customerId } = { appId: tx.app.id, customerId: held.customer.id }
  const id = tx.ids()
  const place = detailsPlace(appId, customerId, id)
  return {
    appId,
    id,
    customerId,
    fileType,
    contentType,
    size,
    sha256: Buffer.from(file.sha256, 'hex'),
    blobName,
    sealedDetails: tx.vault.seal(held.dataKey, place, JSON.stringify({ name })),
    createdAt: tx.clock.now(),
  }
}

function openEntry(context: Context, dataKey: DataKey, stored: StoredFile): FileEntry {
  const { id, customerId, fileType, contentType, size, createdAt } = stored
  const place = detailsPlace(stored.appId, customerId, id)
  const { name } = JSON.parse(context.vault.open(dataKey, place, stored.sealedDetails))
  const sha256 = Buffer.from(stored.sha256).toString('hex')
  return { id, customerId, name, fileType, contentType, size, sha256, createdAt }
}

function detailsPlace(appId: string, customerId: string, id: string): Place {
  return { appId, ownerId: customerId, field: `file.details:${id}` }
}

function bytesPlace(appId: string, customerId: string, blobName: string): Place {
  return { appId, ownerId: customerId, field: `file.bytes:${blobName}` }
}
