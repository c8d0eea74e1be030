// Owns POST /v1/documents/{id}/upload.
import type { IncomingMessage } from 'node:http'
import Type from 'typebox'
import { applicationErrors } from '../../core/applications/application.ts'
import {
  discardDocument,
  keepDocument,
  type ReceivedDocument,
  receiveDocument,
} from '../../core/applications/application-documents.ts'
import type { Context } from '../../core/context.ts'
import { fieldErrors } from '../../core/fields.ts'
import { fileBytesMax, fileErrors } from '../../core/files/file.ts'
import { readMultipart } from '../../http/multipart.ts'
import { multipartErrors } from '../../http/multipart-errors.ts'
import { defineOperation } from '../../http/operation.ts'
import { present } from '../../lib/assert.ts'
import { closed, fromWireId, Id } from './wire.ts'
import { toWireDocument, WireDocument } from './wire-application.ts'

export const uploadDocument = defineOperation({
  id: 'uploadDocument',
  method: 'POST',
  path: '/v1/documents/{id}/upload',
  tag: 'Applications',
  summary: 'Upload a document of an application',
  description:
    'A PDF, PNG or JPEG by its content, up to 10 MiB, kept sealed. It takes the place of what ' +
    'was uploaded before, while the application may be changed.',
  scope: 'applications:write',
  params: Type.Object({ id: Id('The document', 'doc') }, closed),
  upload: [
    { name: 'file', description: 'The file', isFile: true, isRequired: true },
    {
      name: 'description',
      description: 'What it shows, in your words',
      isFile: false,
      isRequired: false,
    },
  ],
  returns: { status: 200, description: 'The document', schema: WireDocument },
  errors: [
    fieldErrors.field_invalid,
    applicationErrors.document_not_found,
    applicationErrors.application_status_refused,
    applicationErrors.application_customer_banks,
    ...Object.values(multipartErrors),
    fileErrors.file_type_unsupported,
    fileErrors.file_malformed,
    fileErrors.file_too_large,
    fileErrors.file_image_too_large,
    fileErrors.file_upload_expired,
  ],
  async before(context, { params }, request) {
    const value = await receive(context, fromWireDocumentId(params.id), request)
    const { name, sha256 } = value.received
    return { value, fingerprint: [name, sha256, value.description] }
  },
  async handle(context, { params }, { received, description }) {
    const id = fromWireDocumentId(params.id)
    return toWireDocument(await keepDocument(context, id, received, description))
  },
})

function fromWireDocumentId(text: string): string {
  return fromWireId('applicationDocument', text, applicationErrors.document_not_found)
}

async function receive(
  context: Context,
  id: string,
  request: IncomingMessage,
): Promise<{ received: ReceivedDocument; description: string | null }> {
  const options = { filePart: 'file', filesMax: 1, fileBytesMax, textParts: ['description'] }
  const files: ReceivedDocument[] = []
  try {
    const { fields } = await readMultipart(request, options, async ({ fileName, stream }) => {
      files.push(await receiveDocument(context, id, { name: fileName, stream }))
    })
    const received = present(files[0], 'a body without a file is refused')
    return { received, description: fields['description'] ?? null }
  } catch (error) {
    for (const file of files) await discardDocument(context, file)
    throw error
  }
}
