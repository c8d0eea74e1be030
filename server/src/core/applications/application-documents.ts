// Owns the documents of an application: a place for each that is needed, and the file sent for it.
import { present } from '../../lib/assert.ts'
import { openStream } from '../../vault/seal-stream.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { checkText } from '../fields.ts'
import { toSafeName } from '../files/file-name.ts'
import {
  discardBytes,
  keepBytes,
  type ReceivedBytes,
  receiveBytes,
  releaseBytes,
} from '../files/received-bytes.ts'
import { type ApplicationDocument, applicationErrors, type DocumentFile } from './application.ts'
import { changeApplication } from './application-change.ts'
import {
  type StoredDocument,
  selectDocument,
  updateDocument,
} from './application-document-store.ts'
import {
  createDocumentKey,
  documentBytesPlace,
  documentKeyOf,
  openDocument,
  sealDocumentFile,
} from './application-seal.ts'

const descriptionLengthMax = 500

/** Bytes that are in the blob store, sealed for one document, and belong to nothing yet. */
export interface ReceivedDocument extends ReceivedBytes {
  /** Safe. */
  name: string
}

/** An identity document: that of the applicant, or that of one person of a corporation. */
export function newDocument(
  context: Context,
  applicationId: string,
  individualId: string | null,
): StoredDocument {
  const id = context.ids()
  return {
    appId: context.app.id,
    id,
    applicationId,
    individualId,
    type: 'IDENTITY',
    status: 'REQUIRED',
    wrappedKey: createDocumentKey(context, id).wrapped,
    sealedDetails: null,
    blobName: null,
    createdAt: context.clock.now(),
    uploadedAt: null,
  }
}

/**
 * Before any transaction: takes as long as the caller sends. The status of the application is not
 * asked yet, since a repeat of what was kept is answered like it, whatever has come after.
 * Errors: `document_not_found`, those of `receiveBytes`.
 */
export async function receiveDocument(
  context: Context,
  id: string,
  file: { name: string; stream: AsyncIterable<Uint8Array> },
): Promise<ReceivedDocument> {
  const stored = await requireDocument(context, id)
  const { appId } = stored
  const seal = {
    dataKey: documentKeyOf(context, stored),
    placeOf: (blobName: string) => documentBytesPlace(appId, id, blobName),
  }
  const received = await receiveBytes(context, seal, file.stream)
  return { ...received, name: toSafeName(file.name, received.contentType) }
}

/** What was received for nothing goes at once; what was kept after all stays. Never throws. */
export function discardDocument(context: Context, { blobName }: ReceivedDocument): Promise<void> {
  return discardBytes(context, [blobName])
}

/**
 * In the place of what was sent before. Errors: `field_invalid`, `document_not_found`,
 * `application_status_refused`, `application_customer_banks`, `file_upload_expired`.
 * Event: `customer.application.updated`, where the application names a customer.
 */
export async function keepDocument(
  context: Context,
  id: string,
  received: ReceivedDocument,
  description: string | null,
): Promise<ApplicationDocument> {
  if (description !== null) checkText('description', description, descriptionLengthMax)
  const { applicationId } = await requireDocument(context, id)
  const { documents } = await changeApplication(context, applicationId, async (held, tx) => {
    const earlier = held.storedDocuments.find((one) => one.id === id)
    if (!earlier) throw new AppError(applicationErrors.document_not_found)
    await keepBytes(tx, [received.blobName])
    if (earlier.blobName !== null) await releaseBytes(tx, earlier.blobName)
    const { blobName, name, contentType, size, sha256 } = received
    const file: DocumentFile = { name, description, contentType, size, sha256 }
    const stored: StoredDocument = {
      ...earlier,
      status: 'UPLOADED',
      sealedDetails: sealDocumentFile(tx, earlier, file),
      blobName,
      uploadedAt: tx.clock.now(),
    }
    const document = openDocument(tx, stored)
    return {
      folder: {
        ...held,
        documents: held.documents.map((one) => (one.id === id ? document : one)),
      },
      changes: { document: { id, status: document.status, file } },
      writes: (db) => [updateDocument(db, stored)],
    }
  })
  return present(
    documents.find((one) => one.id === id),
    'a document that was kept is in its application',
  )
}

export interface OpenedDocument {
  file: DocumentFile
  /** Read once. Throws `SealBroken` at a block that was changed. */
  bytes: AsyncIterable<Uint8Array>
}

/** Errors: `document_not_found`, also in another application; `document_not_uploaded`. */
export async function openDocumentBytes(
  context: Context,
  key: { applicationId: string; id: string },
): Promise<OpenedDocument> {
  const stored = await requireDocument(context, key.id)
  if (stored.applicationId !== key.applicationId) {
    throw new AppError(applicationErrors.document_not_found)
  }
  const { file } = openDocument(context, stored)
  if (file === null || stored.blobName === null) {
    throw new AppError(applicationErrors.document_not_uploaded)
  }
  const place = documentBytesPlace(stored.appId, stored.id, stored.blobName)
  const sealed = await context.blobs.get(stored.blobName)
  return { file, bytes: openStream(documentKeyOf(context, stored), place, sealed) }
}

async function requireDocument(context: Context, id: string): Promise<StoredDocument> {
  const stored = await selectDocument(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(applicationErrors.document_not_found)
  return stored
}
