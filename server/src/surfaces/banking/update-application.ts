// Owns PATCH /v1/applications/{id}.
import { applicationErrors } from '../../core/applications/application.ts'
import * as applications from '../../core/applications/application-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  ApplicationParams,
  fromWireApplication,
  fromWireApplicationId,
  toWireApplication,
  WireApplication,
  WireApplicationChanges,
} from './wire-application.ts'

export const updateApplication = defineOperation({
  id: 'updateApplication',
  method: 'PATCH',
  path: '/v1/applications/{id}',
  tag: 'Applications',
  summary: 'Update an application',
  description:
    'While it is INCOMPLETE, READY_FOR_SUBMISSION or CHANGES_REQUESTED. Members that are left ' +
    'out stay, at every depth; `null` clears one.',
  scope: 'applications:write',
  params: ApplicationParams,
  body: WireApplicationChanges,
  returns: { status: 200, description: 'The application', schema: WireApplication },
  errors: [
    fieldErrors.field_invalid,
    applicationErrors.application_not_found,
    applicationErrors.application_status_refused,
    applicationErrors.application_customer_banks,
  ],
  async handle(context, { params, body }) {
    const id = fromWireApplicationId(params.id)
    const changes = { email: body.email, ...fromWireApplication(body) }
    return toWireApplication(await applications.updateApplication(context, id, changes))
  },
})
