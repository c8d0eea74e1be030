// Owns PUT /api/v1/customers/{id}.
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import * as customers from '../../core/customer/customer-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireCustomer } from './from-wire-customer.ts'
import { CustomerParams, Enveloped, fromWireCustomerId } from './wire.ts'
import { toWireCustomer, WireCustomer, WireCustomerChanges } from './wire-customer.ts'

export const updateCustomer = defineOperation({
  id: 'updateCustomer',
  method: 'PUT',
  path: '/api/v1/customers/{id}',
  tag: 'Customers',
  summary: 'Update an existing customer',
  description: 'Fields that are left out stay; `null` clears one.',
  scope: 'orchestration:write',
  params: CustomerParams,
  body: WireCustomerChanges,
  returns: { status: 200, description: 'The customer', schema: Enveloped(WireCustomer) },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
  ],
  async handle(context, { params, body }) {
    const id = fromWireCustomerId(params.id)
    const customer = await customers.updateCustomer(context, id, (current) =>
      fromWireCustomer(body, current),
    )
    return { msg: 'Customer updated', data: toWireCustomer(customer) }
  },
})
