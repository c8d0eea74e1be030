// Owns GET /v1/applications/{id}/documents/{document_id}.
import Type from 'typebox'
import { applicationErrors } from '../../core/applications/application.ts'
import { openDocumentBytes } from '../../core/applications/application-documents.ts'
import { AppError } from '../../core/errors.ts'
import type { Download } from '../../http/download.ts'
import { defineOperation } from '../../http/operation.ts'
import { parseId } from '../../lib/id.ts'
import { closed } from './wire.ts'
import { ApplicationParams, fromWireApplicationId } from './wire-application.ts'

const DocumentParams = Type.Object(
  {
    ...ApplicationParams.properties,
    document_id: Type.String({
      description: 'The document',
      examples: ['doc_01h455vb4pex5vsknk084sn02q'],
    }),
  },
  closed,
)

export const downloadApplicationDocument = defineOperation({
  id: 'downloadApplicationDocument',
  method: 'GET',
  path: '/applications/{id}/documents/{document_id}',
  tag: 'Applications',
  summary: 'Get the bytes of a document of an application',
  description: 'Always as an attachment. Bytes cannot be masked.',
  scope: 'platform:read',
  params: DocumentParams,
  returns: {
    status: 200,
    description: 'The bytes as they were sent',
    schema: Type.Unsafe<Download>({ type: 'string', format: 'binary' }),
    contentType: 'application/octet-stream',
  },
  errors: [
    applicationErrors.application_not_found,
    applicationErrors.document_not_found,
    applicationErrors.document_not_uploaded,
  ],
  async handle(context, { params }) {
    const applicationId = fromWireApplicationId(params.id)
    const id = parseId('applicationDocument', params.document_id)
    if (id === null) throw new AppError(applicationErrors.document_not_found)
    const { file, bytes } = await openDocumentBytes(context, { applicationId, id })
    return { contentType: file.contentType, fileName: file.name, size: file.size, bytes }
  },
})
