// Owns GET /v1/applications/{id}.
import { applicationErrors } from '../../core/applications/application.ts'
import * as applications from '../../core/applications/application-service.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  ApplicationParams,
  fromWireApplicationId,
  toWireApplication,
  WireApplication,
} from './wire-application.ts'

export const getApplication = defineOperation({
  id: 'getApplication',
  method: 'GET',
  path: '/v1/applications/{id}',
  tag: 'Applications',
  summary: 'Retrieve an application',
  description: 'With its documents, and of a corporation with its people.',
  scope: 'applications:read',
  params: ApplicationParams,
  returns: { status: 200, description: 'The application', schema: WireApplication },
  errors: [applicationErrors.application_not_found],
  async handle(context, { params }) {
    const id = fromWireApplicationId(params.id)
    return toWireApplication(await applications.getApplication(context, id))
  },
})
