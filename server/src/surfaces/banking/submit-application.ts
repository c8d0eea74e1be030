// Owns POST /v1/applications/{id}/submit.
import { applicationErrors } from '../../core/applications/application.ts'
import * as applications from '../../core/applications/application-service.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  ApplicationParams,
  fromWireApplicationId,
  toWireApplication,
  WireApplication,
} from './wire-application.ts'
import { inWireWords } from './wire-missing.ts'

export const submitApplication = defineOperation({
  id: 'submitApplication',
  method: 'POST',
  path: '/v1/applications/{id}/submit',
  tag: 'Applications',
  summary: 'Submit an application',
  description:
    'To be decided by an operator. What is still missing is refused, all of it at once. An ' +
    'installation may be set up to approve those of test apps at once.',
  scope: 'applications:write',
  params: ApplicationParams,
  returns: { status: 200, description: 'The application', schema: WireApplication },
  errors: [
    applicationErrors.application_not_found,
    applicationErrors.application_status_refused,
    applicationErrors.application_incomplete,
    applicationErrors.application_customer_banks,
  ],
  async handle(context, { params }) {
    const id = fromWireApplicationId(params.id)
    return toWireApplication(await inWireWords(applications.submitApplication(context, id)))
  },
})
