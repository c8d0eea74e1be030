// Owns PUT /customers/{id}.
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import * as customers from '../../core/customer/customer-service.ts'
import { fieldErrors, refuseField } from '../../core/fields.ts'
import { walletsOf } from '../../core/wallets/wallet-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { CustomerParams, Enveloped, enveloped, fromWireCustomerId } from './wire.ts'
import {
  fromWireAppId,
  fromWireCustomer,
  toWireCustomer,
  WireCustomer,
  WireCustomerChanges,
} from './wire-customer.ts'

export const updateCustomer = defineOperation({
  id: 'updateCustomer',
  method: 'PUT',
  path: '/customers/{id}',
  tag: 'Customers',
  summary: 'Update a customer',
  description: 'Members that are left out stay; `null` clears one; `metadata` is replaced whole.',
  scope: 'crypto:write',
  params: CustomerParams,
  body: WireCustomerChanges,
  returns: { status: 200, description: 'The customer', schema: Enveloped(WireCustomer) },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    customerErrors.external_id_taken,
  ],
  async handle(context, { params, body }) {
    const id = fromWireCustomerId(params.id)
    if (body.appId !== undefined && fromWireAppId(body.appId) !== context.app.id) {
      refuseField('appId', 'cannot change')
    }
    const customer = await customers.updateCustomer(context, id, (current) =>
      fromWireCustomer(body, current),
    )
    const wallets = (await walletsOf(context, [id])).get(id) ?? []
    const seen = { app: context.app, now: context.clock.now() }
    return enveloped(toWireCustomer(customer, wallets, seen))
  },
})
