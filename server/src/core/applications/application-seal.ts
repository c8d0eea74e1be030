// Owns how an application and its documents are sealed into their rows and opened from them.
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import type { IndividualOwner } from '../individuals/individual-seal.ts'
import type {
  Application,
  ApplicationDetails,
  ApplicationDocument,
  DocumentFile,
} from './application.ts'
import type { StoredDocument } from './application-document-store.ts'
import type { StoredApplication } from './application-store.ts'

export function sealApplication(
  context: Context,
  dataKey: DataKey,
  application: Application,
): StoredApplication {
  const { email, phone, individual, corporation, decisions, ...plain } = application
  const details: ApplicationDetails = { email, phone, individual, corporation, decisions }
  const appId = context.app.id
  const place = applicationPlace(appId, application.id)
  const sealedDetails = context.vault.seal(dataKey, place, JSON.stringify(details))
  return { ...plain, appId, wrappedKey: dataKey.wrapped, sealedDetails }
}

export function openApplication(context: Context, stored: StoredApplication): Application {
  const { appId, wrappedKey, sealedDetails, ...plain } = stored
  const { dataKey } = ownerOf(context, stored)
  const place = applicationPlace(appId, stored.id)
  const details: ApplicationDetails = JSON.parse(context.vault.open(dataKey, place, sealedDetails))
  return { ...plain, ...details }
}

/** Whose key its people are sealed under until there is a customer. */
export function ownerOf(context: Context, stored: StoredApplication): IndividualOwner {
  const { appId, id, wrappedKey } = stored
  return { ownerId: id, dataKey: context.vault.openDataKey({ appId, ownerId: id }, wrappedKey) }
}

/** A document has a key of its own: a file can go for good while the application stays. */
export function createDocumentKey(context: Context, id: string): DataKey {
  return context.vault.createDataKey({ appId: context.app.id, ownerId: id })
}

export function documentKeyOf(
  context: Context,
  { appId, id, wrappedKey }: StoredDocument,
): DataKey {
  return context.vault.openDataKey({ appId, ownerId: id }, wrappedKey)
}

export function sealDocumentFile(
  context: Context,
  stored: StoredDocument,
  file: DocumentFile,
): Buffer {
  const place = documentPlace(stored.appId, stored.id)
  return context.vault.seal(documentKeyOf(context, stored), place, JSON.stringify(file))
}

export function openDocument(context: Context, stored: StoredDocument): ApplicationDocument {
  const { appId, wrappedKey, sealedDetails, blobName, ...plain } = stored
  if (sealedDetails === null) return { ...plain, file: null }
  const dataKey = documentKeyOf(context, stored)
  const place = documentPlace(appId, stored.id)
  const file: DocumentFile = JSON.parse(context.vault.open(dataKey, place, sealedDetails))
  return { ...plain, file }
}

export function documentBytesPlace(appId: string, id: string, blobName: string): Place {
  return { appId, ownerId: id, field: `document.bytes:${blobName}` }
}

function applicationPlace(appId: string, id: string): Place {
  return { appId, ownerId: id, field: 'application.details' }
}

function documentPlace(appId: string, id: string): Place {
  return { appId, ownerId: id, field: 'document.details' }
}
