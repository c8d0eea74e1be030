// Owns GET /v1/applications/{id}.
import { applicationErrors } from '../../core/applications/application.ts'
import { getApplication as get } from '../../core/applications/application-service.ts'
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
  path: '/applications/{id}',
  tag: 'Applications',
  summary: 'Get an application',
  description: 'All that it says, what it still lacks, and what was decided about it by whom.',
  scope: 'platform:read',
  params: ApplicationParams,
  returns: { status: 200, description: 'The application', schema: WireApplication },
  errors: [applicationErrors.application_not_found],
  async handle(context, { params }) {
    const folder = await get(context, fromWireApplicationId(params.id))
    return toWireApplication(folder, context.clock.now())
  },
})
