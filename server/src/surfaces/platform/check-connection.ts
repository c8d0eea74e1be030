// Owns POST /v1/connections/{provider}/test.
import { connectionErrors } from '../../core/connections/connection.ts'
import * as connections from '../../core/connections/connection-service.ts'
import { providerErrors } from '../../core/provider.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireProvider, ProviderParams, toWireConnection, WireConnection } from './wire.ts'

export const checkConnection = defineOperation({
  id: 'checkConnection',
  method: 'POST',
  path: '/connections/{provider}/test',
  tag: 'Connections',
  summary: 'Test a connection',
  description: 'Asks the provider again whether it accepts the credentials.',
  scope: 'platform:write',
  params: ProviderParams,
  returns: { status: 200, description: 'The connection', schema: WireConnection },
  errors: [
    connectionErrors.connection_not_found,
    connectionErrors.connection_mode_differs,
    providerErrors.provider_credentials_refused,
    providerErrors.provider_rejected,
    providerErrors.provider_unavailable,
    providerErrors.provider_timeout,
    providerErrors.provider_limited,
  ],
  async before(context, { params }) {
    const provider = fromWireProvider(params.provider)
    const value = await connections.testConnection(context, provider)
    return { value, fingerprint: null }
  },
  async handle(_context, _input, tested) {
    return toWireConnection(tested)
  },
})
