// Owns bytes in the blob store, sealed: received, kept by a commit, let go of.
import { createHash } from 'node:crypto'
import { assert } from '../../lib/assert.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { sealStream } from '../../vault/seal-stream.ts'
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { type ContentType, fileBytesMax, fileErrors } from './file.ts'
import { createFileJudge } from './file-kind.ts'
import {
  deleteUnkeptBlobs,
  insertBlob,
  selectUnkeptAmong,
  updateBlobReleased,
  updateBlobsKept,
} from './file-store.ts'

/** What no commit has kept for so long, none ever will: see `keptWithinMs`. */
export const unkeptMsMax = 60 * 60 * 1000
/** Half of it, so that nothing is swept while a commit that keeps it is on its way. */
const keptWithinMs = unkeptMsMax / 2

export interface ReceivedBytes {
  blobName: string
  contentType: ContentType
  size: number
  /** Hexadecimal. */
  sha256: string
}

/**
 * Before any transaction: takes as long as the caller sends. Holds a few blocks in memory.
 * Errors: `file_type_unsupported`, `file_malformed`, `file_too_large`, `file_image_too_large`, and
 * whatever the stream throws.
 */
export async function receiveBytes(
  context: Context,
  seal: { dataKey: DataKey; placeOf(blobName: string): Place },
  stream: AsyncIterable<Uint8Array>,
): Promise<ReceivedBytes> {
  assert(context.db === context.database.reader, 'bytes are received outside of a transaction')
  const blobName = context.random.bytes(16).toString('hex')
  const blob = { appId: context.app.id, name: blobName, createdAt: context.clock.now() }
  // Known before it exists: bytes that a crash leaves behind are swept.
  await inTransaction(context, ({ db }) => insertBlob(db, blob))
  const judge = createFileJudge()
  const measure = createMeasure()
  const plain = measure.pass(judge.pass(stopAt(stream, fileBytesMax)))
  const place = seal.placeOf(blobName)
  try {
    await context.blobs.put(blobName, sealStream(seal.dataKey, place, context.random, plain))
  } catch (error) {
    await discardBytes(context, [blobName])
    // A refusal of the bytes themselves, whatever the blob store has made of it.
    throw measure.failure() ?? error
  }
  return { blobName, contentType: judge.contentType(), ...measure.result() }
}

/** Inside the transaction that they belong to. Error: `file_upload_expired`. */
export async function keepBytes(tx: Context, names: string[]): Promise<void> {
  const now = tx.clock.now()
  const blobs = { appId: tx.app.id, names, since: now - keptWithinMs, keptAt: now }
  if ((await updateBlobsKept(tx.db, blobs)) === names.length) return
  throw new AppError(fileErrors.file_upload_expired)
}

/** Inside the transaction after which nothing names them: the chore deletes them. */
export function releaseBytes(tx: Context, name: string): Promise<void> {
  return updateBlobReleased(tx.db, { appId: tx.app.id, name })
}

/** What was received for nothing goes at once; what was kept after all stays. Never throws. */
export async function discardBytes(context: Context, names: string[]): Promise<void> {
  try {
    const { db, appId } = { db: context.database.reader, appId: context.app.id }
    await deleteBytes(context, await selectUnkeptAmong(db, { appId, names }))
  } catch {
    // The reason for which they are discarded counts for the caller; the chore will find them.
  }
}

/** Bytes first: a row without bytes is harmless, bytes without a row are found by nobody. */
export async function deleteBytes(context: Context, names: string[]): Promise<number> {
  if (names.length === 0) return 0
  for (const name of names) await context.blobs.delete(name)
  const appId = context.app.id
  await context.database.transaction((db) => deleteUnkeptBlobs(db, { appId, names }))
  return names.length
}

async function* stopAt(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > bytesMax) throw new AppError(fileErrors.file_too_large, { param: 'file' })
    yield chunk
  }
}

function createMeasure() {
  const hash = createHash('sha256')
  let size = 0
  let failure: unknown
  return {
    async *pass(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of source) {
          hash.update(chunk)
          size += chunk.length
          yield chunk
        }
      } catch (error) {
        failure = error
        throw error
      }
    },
    failure: () => failure,
    result: () => ({ size, sha256: hash.digest('hex') }),
  }
}
