// Owns POST /v1/applications/{id}/individuals.
import { applicationErrors } from '../../core/applications/application.ts'
import { addIndividual } from '../../core/applications/application-people.ts'
import { fieldErrors } from '../../core/fields.ts'
import { individualErrors } from '../../core/individuals/individual.ts'
import { defineOperation } from '../../http/operation.ts'
import { present } from '../../lib/assert.ts'
import {
  fromWireIndividual,
  toWirePersonInApplication,
  WireNewIndividual,
  WirePersonInApplication,
} from './wire-applicant.ts'
import { ApplicationParams, fromWireApplicationId } from './wire-application.ts'

export const addApplicationIndividual = defineOperation({
  id: 'addApplicationIndividual',
  method: 'POST',
  path: '/v1/applications/{id}/individuals',
  tag: 'Applications',
  summary: 'Add an individual to the application of a corporation',
  description:
    'An identity document of the individual is asked for from then on. A corporation needs a ' +
    'CONTROL_PERSON, and everybody who owns 25 % or more: at least one, unless 25 % are not ' +
    'left, or `has_beneficial_owners` is declared false.',
  scope: 'applications:write',
  params: ApplicationParams,
  body: WireNewIndividual,
  returns: { status: 201, description: 'The individual', schema: WirePersonInApplication },
  errors: [
    fieldErrors.field_invalid,
    applicationErrors.application_not_found,
    applicationErrors.application_status_refused,
    applicationErrors.application_people_refused,
    individualErrors.individual_limit_reached,
    applicationErrors.application_customer_banks,
  ],
  async handle(context, { params, body }) {
    const id = fromWireApplicationId(params.id)
    const input = { role: body.role, ...fromWireIndividual(body) }
    const { individuals } = await addIndividual(context, id, input)
    return toWirePersonInApplication(present(individuals.at(-1), 'the one that was added'))
  },
})
