// Owns DELETE /v1/applications/{id}/individuals/{individual_id}.
import { applicationErrors } from '../../core/applications/application.ts'
import { removeIndividual } from '../../core/applications/application-people.ts'
import { individualErrors } from '../../core/individuals/individual.ts'
import { defineOperation, NoContent } from '../../http/operation.ts'
import { ApplicationIndividualParams } from './wire-applicant.ts'
import { fromWireApplicationId } from './wire-application.ts'
import { fromWireIndividualId } from './wire-individual.ts'

export const removeApplicationIndividual = defineOperation({
  id: 'removeApplicationIndividual',
  method: 'DELETE',
  path: '/v1/applications/{id}/individuals/{individual_id}',
  tag: 'Applications',
  summary: 'Remove an individual from an application',
  description: 'With the document that was asked for, while the application may be changed.',
  scope: 'applications:write',
  params: ApplicationIndividualParams,
  returns: { status: 204, description: 'Removed', schema: NoContent },
  errors: [
    applicationErrors.application_not_found,
    individualErrors.individual_not_found,
    applicationErrors.application_status_refused,
    applicationErrors.application_customer_banks,
  ],
  async handle(context, { params }) {
    const id = fromWireApplicationId(params.id)
    await removeIndividual(context, id, fromWireIndividualId(params.individual_id))
    return null
  },
})
