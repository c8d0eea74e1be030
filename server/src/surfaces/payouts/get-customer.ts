// Owns GET /customers/{customerId}.
import { customerErrors } from '../../core/customer/customer.ts'
import * as customers from '../../core/customer/customer-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { CustomerParams, fromWireCustomerId, toWireCustomer, WireCustomer } from './wire.ts'

export const getCustomer = defineOperation({
  id: 'getCustomer',
  method: 'GET',
  path: '/customers/{customerId}',
  tag: 'Customers',
  summary: 'Retrieve a customer',
  scope: 'payouts:read',
  params: CustomerParams,
  returns: { status: 200, description: 'The customer', schema: WireCustomer },
  errors: [customerErrors.customer_not_found],
  async handle(context, { params }) {
    const id = fromWireCustomerId(params.customerId)
    return toWireCustomer(await customers.getCustomer(context, id))
  },
})
