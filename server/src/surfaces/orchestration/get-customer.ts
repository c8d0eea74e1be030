// Owns GET /api/v1/customers/{id}.
import { customerErrors } from '../../core/customer/customer.ts'
import * as customers from '../../core/customer/customer-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { CustomerParams, Enveloped, fromWireCustomerId } from './wire.ts'
import { toWireCustomer, WireCustomer } from './wire-customer.ts'

export const getCustomer = defineOperation({
  id: 'getCustomer',
  method: 'GET',
  path: '/api/v1/customers/{id}',
  tag: 'Customers',
  summary: 'Get a customer by ID',
  scope: 'orchestration:read',
  params: CustomerParams,
  returns: { status: 200, description: 'The customer', schema: Enveloped(WireCustomer) },
  errors: [customerErrors.customer_not_found],
  async handle(context, { params }) {
    const customer = await customers.getCustomer(context, fromWireCustomerId(params.id))
    return { msg: 'Customer found', data: toWireCustomer(customer) }
  },
})
