// Owns PATCH /v1/applications/{id}/individuals/{individual_id}.
import { applicationErrors } from '../../core/applications/application.ts'
import { updateIndividual } from '../../core/applications/application-people.ts'
import { fieldErrors } from '../../core/fields.ts'
import { individualErrors } from '../../core/individuals/individual.ts'
import { defineOperation } from '../../http/operation.ts'
import { present } from '../../lib/assert.ts'
import {
  ApplicationIndividualParams,
  fromWireIndividual,
  toWirePersonInApplication,
  WireIndividualChanges,
  WirePersonInApplication,
} from './wire-applicant.ts'
import { fromWireApplicationId } from './wire-application.ts'
import { fromWireIndividualId } from './wire-individual.ts'

export const updateApplicationIndividual = defineOperation({
  id: 'updateApplicationIndividual',
  method: 'PATCH',
  path: '/v1/applications/{id}/individuals/{individual_id}',
  tag: 'Applications',
  summary: 'Update an individual of an application',
  description: 'While the application may be changed. Members that are left out stay.',
  scope: 'applications:write',
  params: ApplicationIndividualParams,
  body: WireIndividualChanges,
  returns: { status: 200, description: 'The individual', schema: WirePersonInApplication },
  errors: [
    fieldErrors.field_invalid,
    applicationErrors.application_not_found,
    individualErrors.individual_not_found,
    applicationErrors.application_status_refused,
    applicationErrors.application_customer_banks,
  ],
  async handle(context, { params, body }) {
    const applicationId = fromWireApplicationId(params.id)
    const id = fromWireIndividualId(params.individual_id)
    const changes = { role: body.role, ...fromWireIndividual(body) }
    const { individuals } = await updateIndividual(context, applicationId, id, changes)
    const changed = individuals.find((one) => one.id === id)
    return toWirePersonInApplication(present(changed, 'the one that was changed'))
  },
})
