// Owns GET /v1/customers/{id}/registrations.
import { customerErrors } from '../../core/customer/customer.ts'
import * as registrations from '../../core/registrations/registration-service.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  CustomerParams,
  fromWireCustomerId,
  onePage,
  Page,
  toWireRegistration,
  WireRegistration,
} from './wire.ts'

export const listRegistrations = defineOperation({
  id: 'listRegistrations',
  method: 'GET',
  path: '/customers/{id}/registrations',
  tag: 'Customers',
  summary: "List a customer's registrations",
  description: 'At most one a provider and role, each with what was last pushed of every field.',
  scope: 'platform:read',
  params: CustomerParams,
  returns: { status: 200, description: 'The registrations', schema: Page(WireRegistration) },
  errors: [customerErrors.customer_not_found],
  async handle(context, { params }) {
    const id = fromWireCustomerId(params.id)
    const all = await registrations.listRegistrations(context, id)
    return onePage(all.map(toWireRegistration))
  },
})
