// Owns POST /api/v1/customers/{id}/sync.
import Type from 'typebox'
import { connectionErrors } from '../../core/connections/connection.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { registrationErrors } from '../../core/registrations/registration.ts'
import { createSync } from '../../core/registrations/sync-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { printId } from '../../lib/id.ts'
import {
  CustomerParams,
  Enveloped,
  fromWireCustomerId,
  named,
  syncFieldNames,
  Text,
  WireProvider,
  wireSyncFields,
} from './wire.ts'

const WireSyncField = Type.Enum(wireSyncFields, {
  description: 'A field to push',
  examples: ['email'],
})

const WireNewSync = Type.Object(
  {
    providers: Type.Array(WireProvider, {
      minItems: 1,
      maxItems: 1,
      description: 'Provider to sync with (exactly one)',
      examples: [['stripe']],
    }),
    fields: Type.Array(WireSyncField, {
      minItems: 1,
      maxItems: wireSyncFields.length,
      uniqueItems: true,
      description: 'Fields to sync',
      examples: [['email', 'first_name', 'last_name']],
    }),
  },
  named('SyncRequest'),
)

const WireSync = Type.Object(
  {
    sync_id: Text('The id of the sync', 'sync_01h455vb4pex5vsknk084sn02q'),
    provider: WireProvider,
    fields: Type.Array(WireSyncField),
    status: Type.Literal('scheduled', { description: 'A job does it' }),
  },
  named('Sync'),
)

export const syncCustomer = defineOperation({
  id: 'syncCustomer',
  method: 'POST',
  path: '/api/v1/customers/{id}/sync',
  tag: 'Customers',
  summary: 'Sync customer data to a provider',
  description:
    'Pushes fields of the record to every role that the customer has at the provider. A job does ' +
    'it; `GET /v1/customers/{id}/registrations` shows what came of each field.',
  scope: 'orchestration:write',
  params: CustomerParams,
  body: WireNewSync,
  returns: { status: 200, description: 'The sync', schema: Enveloped(WireSync) },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    registrationErrors.registration_not_found,
    connectionErrors.connection_missing,
    connectionErrors.connection_mode_differs,
  ],
  async handle(context, { params, body }) {
    const [provider] = body.providers
    const fields = body.fields.map((field) => syncFieldNames[field])
    // The schema asks for exactly one.
    if (provider === undefined) throw new TypeError('one provider')
    const id = fromWireCustomerId(params.id)
    const sync = await createSync(context, id, { provider, fields })
    const sync_id = printId('sync', sync.id)
    const data = { sync_id, provider, fields: body.fields, status: 'scheduled' as const }
    return { msg: 'Sync scheduled', data }
  },
})
