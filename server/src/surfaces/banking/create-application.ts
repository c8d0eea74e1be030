// Owns POST /v1/applications.
import { applicationErrors } from '../../core/applications/application.ts'
import * as applications from '../../core/applications/application-service.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireId, fromWireKind } from './wire.ts'
import {
  fromWireApplication,
  toWireApplication,
  WireApplication,
  WireNewApplication,
} from './wire-application.ts'

export const createApplication = defineOperation({
  id: 'createApplication',
  method: 'POST',
  path: '/v1/applications',
  tag: 'Applications',
  summary: 'Make an application',
  description:
    'The only way to a customer of the bank. It is INCOMPLETE at first, may be filled in step by ' +
    'step, and becomes READY_FOR_SUBMISSION by itself when nothing is missing.',
  scope: 'applications:write',
  body: WireNewApplication,
  returns: { status: 201, description: 'The application', schema: WireApplication },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    applicationErrors.application_customer_banks,
  ],
  async handle(context, { body }) {
    const { type, email, customer_id } = body
    const missing = customerErrors.customer_not_found
    const customerId =
      customer_id === undefined ? null : fromWireId('customer', customer_id, missing, 'customer_id')
    const input = { kind: fromWireKind(type), email, customerId, ...fromWireApplication(body) }
    return toWireApplication(await applications.createApplication(context, input))
  },
})
