// Owns GET /api/v1/provider-registration/{customer_id}/status.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { listRegistrations } from '../../core/registrations/registration-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, fromWireCustomerId, RegistrationParams } from './wire.ts'
import { toWireRegistration, WireRegistration } from './wire-registration.ts'

export const getRegistrationStatus = defineOperation({
  id: 'getRegistrationStatus',
  method: 'GET',
  path: '/api/v1/provider-registration/{customer_id}/status',
  tag: 'Registrations',
  summary: 'Get the registrations of a customer',
  scope: 'orchestration:read',
  params: RegistrationParams,
  returns: {
    status: 200,
    description: 'Every registration of the customer',
    schema: Enveloped(Type.Array(WireRegistration)),
  },
  errors: [customerErrors.customer_not_found],
  async handle(context, { params }) {
    const all = await listRegistrations(context, fromWireCustomerId(params.customer_id))
    return { msg: 'Registrations found', data: all.map(toWireRegistration) }
  },
})
