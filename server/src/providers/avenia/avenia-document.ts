// Owns identity files at Avenia: a document record, the bytes, and which documents are usable.
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { FileOutcome, IdentityFile } from '../../core/provider.ts'
import { idPattern, readForm, uploadFile } from '../avenia-brla.ts'
import { rejected, unavailable } from '../http-client.ts'
import type { AveniaClient } from './avenia-client.ts'

const pagesMax = 10
/** Documents are usable within some ten seconds, as a rule. */
export const readyTriesMax = 6
const readyWaitMs = 2_000

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const Document = Type.Object({
  id: Type.String({ pattern: idPattern }),
  documentType: Type.String(),
  ready: Type.Boolean(),
  createdAt: Text,
  uploadErrorFront: Text,
})
const documentForm = Compile(Type.Object({ document: Document }))
const listForm = Compile(Type.Object({ documents: Type.Array(Document), cursor: Text }))
const createdForm = Compile(
  Type.Object({
    id: Type.String({ pattern: idPattern }),
    uploadURLFront: Type.String({ minLength: 1, maxLength: 4096 }),
  }),
)

/** Our file types, beside Avenia's own words for theirs. */
const documentTypes = new Map([
  ['CPF_DOCUMENT', 'ID'],
  ['PASSPORT', 'PASSPORT'],
  ['ID', 'ID'],
  ['DRIVERS_LICENSE', 'DRIVERS-LICENSE'],
  ['RESIDENCE_PERMIT', 'RESIDENCE-PERMIT'],
  ['SELFIE', 'SELFIE'],
  ['CERTIFICATE_OF_INCORPORATION', 'CERTIFICATE-OF-INCORPORATION'],
  ['COMPANY_TAX_IDENTIFICATION_DOCUMENT', 'COMPANY-TAX-IDENTIFICATION-DOCUMENT'],
])

/** The ids of the newest usable documents, by what the identity check wants of them. */
export interface ReadyDocuments {
  selfie: string | null
  identity: string | null
  incorporation: string | null
  companyTax: string | null
}

export async function readReadyDocuments(
  client: AveniaClient,
  subAccountId: string,
): Promise<ReadyDocuments> {
  const documents = await listDocuments(client, subAccountId)
  const ready = documents
    .filter((document) => document.ready)
    .sort((left, right) => (left.createdAt ?? '').localeCompare(right.createdAt ?? ''))
  const newest = (...types: string[]) =>
    ready.findLast(({ documentType }) => types.includes(documentType))?.id ?? null
  return {
    selfie: newest('SELFIE', 'SELFIE-FROM-LIVENESS'),
    identity: newest('ID', 'DRIVERS-LICENSE', 'PASSPORT', 'RESIDENCE-PERMIT'),
    incorporation: newest('CERTIFICATE-OF-INCORPORATION'),
    companyTax: newest('COMPANY-TAX-IDENTIFICATION-DOCUMENT'),
  }
}

async function listDocuments(
  client: AveniaClient,
  subAccountId: string,
): Promise<Static<typeof Document>[]> {
  const documents: Static<typeof Document>[] = []
  let cursor = ''
  for (let page = 0; page < pagesMax; page += 1) {
    const path = `/v2/documents?subAccountId=${subAccountId}${cursor}`
    const list = readForm(listForm, await client.ask('GET', path), 'a list of documents')
    documents.push(...list.documents)
    if (!list.cursor) return documents
    cursor = `&cursor=${encodeURIComponent(list.cursor.toWellFormed())}`
  }
  throw unavailable('Its list of documents does not end.')
}

/** Avenia cannot tell a repeat from another file: the newest usable one counts there. */
export async function sendAveniaFile(
  client: AveniaClient,
  subAccountId: string,
  file: IdentityFile,
): Promise<FileOutcome> {
  const documentType = documentTypes.get(file.fileType.toUpperCase().replaceAll('-', '_'))
  if (documentType === undefined) {
    const reason = 'Avenia has no document type for this file type'
    return { outcome: 'unsupported', reason }
  }
  const body = { documentType, isDoubleSided: false }
  const answer = await client.ask('POST', `/v2/documents?subAccountId=${subAccountId}`, body)
  const { id, uploadURLFront } = readForm(createdForm, answer, 'a document')
  await uploadFile(client.egress, uploadURLFront, file)
  await waitUntilReady(client, subAccountId, id)
  return { outcome: 'sent', remoteFileId: id }
}

/** The bytes are there: a document that takes longer is not sent again for that. */
async function waitUntilReady(
  client: AveniaClient,
  subAccountId: string,
  id: string,
): Promise<void> {
  for (let tries = 1; tries <= readyTriesMax; tries += 1) {
    const answer = await client.ask('GET', `/v2/documents/${id}?subAccountId=${subAccountId}`)
    const { document } = readForm(documentForm, answer, 'a document')
    if (document.uploadErrorFront) throw rejected(document.uploadErrorFront, client.personal)
    if (document.ready) return
    if (tries < readyTriesMax) await client.clock.wait(readyWaitMs)
  }
}
