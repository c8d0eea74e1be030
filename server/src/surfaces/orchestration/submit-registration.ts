// Owns POST /api/v1/provider-registration/{customer_id}/submit.
import Type from 'typebox'
import { connectionErrors } from '../../core/connections/connection.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { registrationErrors } from '../../core/registrations/registration.ts'
import * as registrations from '../../core/registrations/registration-service.ts'
import { defineOperation } from '../../http/operation.ts'
import type { Json } from '../../lib/canonical.ts'
import {
  Enveloped,
  fromWireCustomerId,
  Nullable,
  named,
  RegistrationParams,
  WireProvider,
  WireRole,
} from './wire.ts'
import { toWireRegistration, WireRegistration } from './wire-registration.ts'

const WireNewRegistration = Type.Object(
  {
    provider: WireProvider,
    target_role: WireRole,
    provider_data: Type.Optional(
      Nullable(
        Type.Record(Type.String(), Type.Unknown(), {
          maxProperties: 100,
          description: 'What this provider needs beyond the record',
        }),
      ),
    ),
  },
  named('RegistrationRequest'),
)

export const submitRegistration = defineOperation({
  id: 'submitRegistration',
  method: 'POST',
  path: '/api/v1/provider-registration/{customer_id}/submit',
  tag: 'Registrations',
  summary: 'Submit a registration',
  description:
    'Opens the registration if needed, and submits it when nothing is missing: see `readiness`.',
  scope: 'orchestration:write',
  params: RegistrationParams,
  body: WireNewRegistration,
  returns: {
    status: 200,
    description: 'Every registration of the customer',
    schema: Enveloped(Type.Array(WireRegistration)),
  },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    registrationErrors.role_unsupported,
    connectionErrors.connection_missing,
    connectionErrors.connection_mode_differs,
  ],
  async handle(context, { params, body }) {
    const id = fromWireCustomerId(params.customer_id)
    const { provider, target_role: role } = body
    // Parsed from JSON text just now.
    const providerData = (body.provider_data ?? {}) as Record<string, Json>
    await registrations.submitRegistration(context, id, { provider, role, providerData })
    const all = await registrations.listRegistrations(context, id)
    return { msg: 'Registration submitted', data: all.map(toWireRegistration) }
  },
})
