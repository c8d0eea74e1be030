// Owns GET /api/v1/customers/{id}/files.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import * as files from '../../core/files/file-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { CustomerParams, Enveloped, fromWireCustomerId } from './wire.ts'
import { toWireFile, WireFile } from './wire-registration.ts'

export const listFiles = defineOperation({
  id: 'listFiles',
  method: 'GET',
  path: '/api/v1/customers/{id}/files',
  tag: 'Files',
  summary: 'Get files associated with a customer',
  scope: 'orchestration:read',
  params: CustomerParams,
  returns: { status: 200, description: 'The files', schema: Enveloped(Type.Array(WireFile)) },
  errors: [customerErrors.customer_not_found],
  async handle(context, { params }) {
    const entries = await files.listFiles(context, fromWireCustomerId(params.id))
    return { msg: 'Files found', data: entries.map(toWireFile) }
  },
})
