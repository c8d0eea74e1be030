// Owns POST /v1/customers.
import { customerErrors } from '../../core/customer/customer.ts'
import * as customers from '../../core/customer/customer-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireNewCustomer } from './from-wire-customer.ts'
import { toWireRecord, WireNewCustomer, WireRecord } from './wire-customer.ts'

export const createCustomer = defineOperation({
  id: 'createCustomer',
  method: 'POST',
  path: '/customers',
  tag: 'Customers',
  summary: 'Create a customer',
  description: 'The kind alone must be known; every surface sees the record at once.',
  scope: 'platform:write',
  insertsOnly: true,
  body: WireNewCustomer,
  returns: {
    status: 201,
    description: 'The record',
    schema: WireRecord,
    versionOf: ({ version }) => version,
  },
  errors: [fieldErrors.field_invalid, customerErrors.external_id_taken],
  async handle(context, { body }) {
    return toWireRecord(await customers.createCustomer(context, fromWireNewCustomer(body)))
  },
})
