// Owns POST /api/v1/customers/{id}/files.
import type { IncomingMessage } from 'node:http'
import Type from 'typebox'
import type { Context } from '../../core/context.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import {
  fileBytesMax,
  fileErrors,
  filesPerCallMax,
  fileTypes,
  readFileType,
} from '../../core/files/file.ts'
import { discardFiles, type ReceivedFile, receiveFile } from '../../core/files/file-service.ts'
import { keepAndDeliverFiles } from '../../core/registrations/file-delivery.ts'
import { readMultipart } from '../../http/multipart.ts'
import { multipartErrors } from '../../http/multipart-errors.ts'
import { defineOperation } from '../../http/operation.ts'
import { CustomerParams, Enveloped, fromWireCustomerId } from './wire.ts'
import { toWireFile, WireFile } from './wire-registration.ts'

export const uploadFiles = defineOperation({
  id: 'uploadFiles',
  method: 'POST',
  path: '/api/v1/customers/{id}/files',
  tag: 'Files',
  summary: 'Upload files for a customer',
  description:
    'PDF, PNG or JPEG by their first bytes, up to 10 MiB each. They are kept sealed, and handed ' +
    'to the providers that take files where a registration is under way.',
  scope: 'orchestration:write',
  params: CustomerParams,
  upload: [
    {
      name: 'file',
      description: `One to ${filesPerCallMax} files`,
      isFile: true,
      isRequired: true,
    },
    {
      name: 'file_type',
      description: `What they show: ${fileTypes.join(', ')}; OTHER when it is left out`,
      isFile: false,
      isRequired: false,
    },
  ],
  returns: {
    status: 201,
    description: 'The created entries',
    schema: Enveloped(Type.Array(WireFile)),
  },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    ...Object.values(multipartErrors),
    fileErrors.file_type_unsupported,
    fileErrors.file_malformed,
    fileErrors.file_too_large,
    fileErrors.file_image_too_large,
    fileErrors.file_limit_reached,
    fileErrors.file_upload_expired,
  ],
  async before(context, { params }, request) {
    const customerId = fromWireCustomerId(params.id)
    const value = await receiveAll(context, customerId, request)
    const fingerprint = value.map(({ name, fileType, sha256 }) => [name, fileType, sha256])
    return { value, fingerprint }
  },
  async handle(context, { params }, received) {
    const customerId = fromWireCustomerId(params.id)
    const entries = await keepAndDeliverFiles(context, customerId, received)
    return { msg: 'Files uploaded', data: entries.map(toWireFile) }
  },
})

async function receiveAll(
  context: Context,
  customerId: string,
  request: IncomingMessage,
): Promise<ReceivedFile[]> {
  const received: ReceivedFile[] = []
  const options = {
    filePart: 'file',
    filesMax: filesPerCallMax,
    fileBytesMax,
    textParts: ['file_type'],
  }
  try {
    const { fields } = await readMultipart(request, options, async ({ fileName, stream }) => {
      const file = { fileType: 'OTHER' as const, name: fileName, stream }
      received.push(await receiveFile(context, customerId, file))
    })
    // It may come after the files that it is about.
    const fileType = readFileType(fields['file_type'] ?? 'OTHER')
    return received.map((file) => ({ ...file, fileType }))
  } catch (error) {
    await discardFiles(context, received)
    throw error
  }
}
