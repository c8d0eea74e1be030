// Owns POST /api/v1/customers/{id}/platforms.
import Type from 'typebox'
import { connectionErrors } from '../../core/connections/connection.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors, refuseField } from '../../core/fields.ts'
import { registrationErrors } from '../../core/registrations/registration.ts'
import * as registrations from '../../core/registrations/registration-service.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  CustomerParams,
  Enveloped,
  fromWireCustomerId,
  named,
  WireProvider,
  WireRole,
} from './wire.ts'
import { toWireRegistration, WireRegistration } from './wire-registration.ts'

const WirePlatform = Type.Object(
  { provider: Type.Optional(WireProvider), target_role: Type.Optional(WireRole) },
  named('Platform'),
)

export const populatePlatform = defineOperation({
  id: 'populatePlatform',
  method: 'POST',
  path: '/api/v1/customers/{id}/platforms',
  tag: 'Registrations',
  summary: 'Populate platform data for a customer',
  description:
    'Without a provider every registration on file is refreshed. With a provider and a role that ' +
    'registration is opened if needed, and submitted when nothing is missing.',
  scope: 'orchestration:write',
  params: CustomerParams,
  body: WirePlatform,
  isBodyOptional: true,
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
    const id = fromWireCustomerId(params.id)
    const { provider, target_role: role } = body
    if (provider === undefined) {
      if (role !== undefined) refuseField('provider', 'is missing beside target_role')
      await registrations.refreshRegistrations(context, id)
    } else {
      await registrations.submitRegistration(context, id, { provider, role: role ?? 'customer' })
    }
    const all = await registrations.listRegistrations(context, id)
    return { msg: 'Platform data populated', data: all.map(toWireRegistration) }
  },
})
