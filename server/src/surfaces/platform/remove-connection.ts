// Owns DELETE /v1/connections/{provider}.
import Type from 'typebox'
import { connectionErrors } from '../../core/connections/connection.ts'
import * as connections from '../../core/connections/connection-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { printId } from '../../lib/id.ts'
import { fromWireProvider, named, ProviderParams, WireProvider } from './wire.ts'

export const removeConnection = defineOperation({
  id: 'removeConnection',
  method: 'DELETE',
  path: '/connections/{provider}',
  tag: 'Connections',
  summary: 'Remove a connection',
  description: 'Its credentials are deleted. Registrations stay, and wait for another connection.',
  scope: 'platform:write',
  params: ProviderParams,
  returns: {
    status: 200,
    description: 'What was removed',
    schema: Type.Object(
      { id: Type.String(), provider: WireProvider, removed: Type.Literal(true) },
      named('RemovedConnection'),
    ),
  },
  errors: [connectionErrors.connection_not_found],
  async handle(context, { params }) {
    const provider = fromWireProvider(params.provider)
    const id = printId('connection', await connections.removeConnection(context, provider))
    return { id, provider, removed: true as const }
  },
})
