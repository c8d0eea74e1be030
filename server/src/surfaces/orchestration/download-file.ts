// Owns GET /api/v1/customers/{id}/files/{file_id}.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { AppError } from '../../core/errors.ts'
import { fileErrors } from '../../core/files/file.ts'
import { openFile } from '../../core/files/file-service.ts'
import type { Download } from '../../http/download.ts'
import { defineOperation } from '../../http/operation.ts'
import { parseId } from '../../lib/id.ts'
import { closed, fromWireCustomerId, Text } from './wire.ts'

const FileParams = Type.Object(
  {
    id: Text('The customer', 'cus_01h455vb4pex5vsknk084sn02q'),
    file_id: Text('The file', 'file_01h455vb4pex5vsknk084sn02q'),
  },
  closed,
)

export const downloadFile = defineOperation({
  id: 'downloadFile',
  method: 'GET',
  path: '/api/v1/customers/{id}/files/{file_id}',
  tag: 'Files',
  summary: 'Get the bytes of a file',
  description: 'Always as an attachment.',
  scope: 'orchestration:read',
  params: FileParams,
  returns: {
    status: 200,
    description: 'The bytes as they were sent',
    schema: Type.Unsafe<Download>({ type: 'string', format: 'binary' }),
    contentType: 'application/octet-stream',
  },
  errors: [customerErrors.customer_not_found, fileErrors.file_not_found],
  async handle(context, { params }) {
    const fileId = parseId('file', params.file_id)
    if (fileId === null) throw new AppError(fileErrors.file_not_found)
    const customerId = fromWireCustomerId(params.id)
    const { entry, bytes } = await openFile(context, customerId, fileId)
    return { contentType: entry.contentType, fileName: entry.name, size: entry.size, bytes }
  },
})
