// Owns GET /v1/applications/{id}/status.
import { applicationErrors } from '../../core/applications/application.ts'
import { getApplicationStanding } from '../../core/applications/application-status.ts'
import { defineOperation } from '../../http/operation.ts'
import { ApplicationParams, fromWireApplicationId } from './wire-application.ts'
import { toWireStanding, WireApplicationStanding } from './wire-missing.ts'

export const getApplicationStatus = defineOperation({
  id: 'getApplicationStatus',
  method: 'GET',
  path: '/v1/applications/{id}/status',
  tag: 'Applications',
  summary: 'Retrieve how an application stands',
  description: 'The status, and everything that is still missing, at once.',
  scope: 'applications:read',
  params: ApplicationParams,
  returns: { status: 200, description: 'How it stands', schema: WireApplicationStanding },
  errors: [applicationErrors.application_not_found],
  async handle(context, { params }) {
    return toWireStanding(await getApplicationStanding(context, fromWireApplicationId(params.id)))
  },
})
