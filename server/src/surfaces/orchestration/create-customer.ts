// Owns POST /api/v1/customers.
import * as customers from '../../core/customer/customer-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireCustomer } from './from-wire-customer.ts'
import { Enveloped } from './wire.ts'
import { toWireCustomer, WireCustomer, WireNewCustomer } from './wire-customer.ts'

export const createCustomer = defineOperation({
  id: 'createCustomer',
  method: 'POST',
  path: '/api/v1/customers',
  tag: 'Customers',
  summary: 'Create a customer',
  description: 'Only `email` is required. Register the customer at providers afterwards.',
  scope: 'orchestration:write',
  insertsOnly: true,
  body: WireNewCustomer,
  returns: { status: 201, description: 'The customer', schema: Enveloped(WireCustomer) },
  errors: [fieldErrors.field_invalid],
  async handle(context, { body }) {
    const customer = await customers.createCustomer(context, fromWireCustomer(body, null))
    return { msg: 'Customer created', data: toWireCustomer(customer) }
  },
})
