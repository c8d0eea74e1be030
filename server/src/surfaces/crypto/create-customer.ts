// Owns POST /customers.
import { keyErrors } from '../../core/apps/app.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import * as customers from '../../core/customer/customer-service.ts'
import { AppError } from '../../core/errors.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireAppId,
  fromWireCustomer,
  toWireCustomer,
  WireCustomer,
  WireNewCustomer,
} from './wire-customer.ts'

export const createCustomer = defineOperation({
  id: 'createCustomer',
  method: 'POST',
  path: '/customers',
  tag: 'Customers',
  summary: 'Create a customer',
  description: 'Every field may be left out. `externalId` is unique within an app.',
  scope: 'crypto:write',
  insertsOnly: true,
  body: WireNewCustomer,
  returns: { status: 201, description: 'The customer', schema: Enveloped(WireCustomer) },
  errors: [keyErrors.app_forbidden, fieldErrors.field_invalid, customerErrors.external_id_taken],
  async handle(context, { body }) {
    if (body.appId !== undefined && fromWireAppId(body.appId) !== context.app.id) {
      throw new AppError(keyErrors.app_forbidden, { param: 'appId' })
    }
    const fields = { kind: 'individual' as const, ...fromWireCustomer(body, null) }
    const customer = await customers.createCustomer(context, fields)
    const seen = { app: context.app, now: context.clock.now() }
    return enveloped(toWireCustomer(customer, [], seen))
  },
})
