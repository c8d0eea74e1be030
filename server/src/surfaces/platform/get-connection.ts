// Owns GET /v1/connections/{provider}.
import { connectionErrors } from '../../core/connections/connection.ts'
import * as connections from '../../core/connections/connection-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireProvider, ProviderParams, toWireConnection, WireConnection } from './wire.ts'

export const getConnection = defineOperation({
  id: 'getConnection',
  method: 'GET',
  path: '/connections/{provider}',
  tag: 'Connections',
  summary: 'Get a connection',
  scope: 'platform:read',
  params: ProviderParams,
  returns: { status: 200, description: 'The connection', schema: WireConnection },
  errors: [connectionErrors.connection_not_found],
  async handle(context, { params }) {
    const provider = fromWireProvider(params.provider)
    return toWireConnection(await connections.getConnection(context, provider))
  },
})
