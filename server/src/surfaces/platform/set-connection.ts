// Owns PUT /v1/connections/{provider}.
import { connectionErrors } from '../../core/connections/connection.ts'
import { checkConnection, saveConnection } from '../../core/connections/connection-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { providerErrors } from '../../core/provider.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  fromWireProvider,
  ProviderParams,
  toWireConnection,
  WireConnection,
  WireNewConnection,
} from './wire.ts'

export const setConnection = defineOperation({
  id: 'setConnection',
  method: 'PUT',
  path: '/connections/{provider}',
  tag: 'Connections',
  summary: 'Save a connection',
  description:
    'Asks the provider with a call that changes nothing, and saves the credentials, sealed, when ' +
    'it accepts them. They replace the ones that were there, and are never shown again. The ' +
    'provider will be sent personal data, so the key needs `platform:read` too.',
  scope: 'platform:write',
  clearMembers: ['credentials'],
  params: ProviderParams,
  body: WireNewConnection,
  returns: { status: 200, description: 'The connection', schema: WireConnection },
  errors: [
    fieldErrors.field_invalid,
    connectionErrors.connection_not_found,
    connectionErrors.connection_url_refused,
    connectionErrors.connection_mode_differs,
    providerErrors.provider_credentials_refused,
    providerErrors.provider_rejected,
    providerErrors.provider_unavailable,
    providerErrors.provider_timeout,
    providerErrors.provider_limited,
  ],
  async before(context, { params, body }) {
    const value = await checkConnection(context, {
      provider: fromWireProvider(params.provider),
      credentials: body.credentials,
      baseUrl: body.base_url ?? null,
      mayReplaceLegalAddress: body.may_replace_legal_address ?? false,
    })
    return { value, fingerprint: null }
  },
  async handle(context, _input, checked) {
    return toWireConnection(await saveConnection(context, checked))
  },
})
