// Owns POST /customers.
import * as customers from '../../core/customer/customer-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { toWireCustomer, WireCustomer, WireNewCustomer } from './wire.ts'

export const createCustomer = defineOperation({
  id: 'createCustomer',
  method: 'POST',
  path: '/customers',
  tag: 'Customers',
  summary: 'Create a customer',
  description: 'Saves a payout recipient, to be referenced by id in payouts.',
  scope: 'payouts:write',
  insertsOnly: true,
  body: WireNewCustomer,
  returns: { status: 201, description: 'The customer', schema: WireCustomer },
  errors: [fieldErrors.field_invalid],
  async handle(context, { body }) {
    const { type: kind, name, country, email, metadata } = body
    const fields = { kind, name, country, email, metadata: metadata ?? {} }
    return toWireCustomer(await customers.createCustomer(context, fields))
  },
})
