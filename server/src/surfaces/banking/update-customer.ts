// Owns PATCH /v1/customers/{id}.
import { requireBanking } from '../../core/customer/banking-customers.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { type Customer, customerErrors } from '../../core/customer/customer.ts'
import type { CustomerChanges } from '../../core/customer/customer-rules.ts'
import * as customers from '../../core/customer/customer-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { CustomerParams, fromWireAddress, fromWireCustomerId } from './wire.ts'
import {
  needsApplication,
  toWireUpdatedCustomer,
  WireContact,
  WireUpdatedCustomer,
} from './wire-customer.ts'

export const updateCustomer = defineOperation({
  id: 'updateCustomer',
  method: 'PATCH',
  path: '/v1/customers/{id}',
  tag: 'Customers',
  summary: 'Update a customer',
  description:
    'Contact data alone; given members of the address are set beside the others. Anything else ' +
    'needs a new application.',
  scope: 'customers:write',
  params: CustomerParams,
  body: WireContact,
  unknownMember: needsApplication,
  returns: { status: 200, description: 'What was sent, as it is now', schema: WireUpdatedCustomer },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
  ],
  async handle(context, { params, body }) {
    const id = fromWireCustomerId(params.id)
    const customer = await customers.updateCustomer(context, id, (current) => {
      requireBanking(current)
      return changesOf(body, current)
    })
    return toWireUpdatedCustomer(customer, body)
  },
})

function changesOf({ email, phone, address }: WireContact, current: Customer): CustomerChanges {
  if (address === undefined) return { email, phone }
  const { country } = address
  return { email, phone, address: fromWireAddress(address, current.address), country }
}
