// Owns POST /v1/applications/{id}/decision.
import Type from 'typebox'
import {
  applicationErrors,
  applicationStatuses,
  decisions,
} from '../../core/applications/application.ts'
import {
  decideApplication as decide,
  reasonLengthMax,
} from '../../core/applications/application-decision.ts'
import { fieldErrors } from '../../core/fields.ts'
import { personal } from '../../http/mask.ts'
import { defineOperation } from '../../http/operation.ts'
import { present } from '../../lib/assert.ts'
import { printId } from '../../lib/id.ts'
import { named } from './wire.ts'
import { ApplicationParams, fromWireApplicationId } from './wire-application.ts'

const Decision = Type.Enum([...decisions], {
  description: 'What is decided',
  examples: ['approve'],
})
const Reason = (more: object) =>
  Type.String({ ...more, description: 'Why', examples: ['Documents are in order.'] })

const WireNewDecision = Type.Object(
  { decision: Decision, reason: Reason({ minLength: 1, maxLength: reasonLengthMax }) },
  named('NewDecision'),
)

const WireDecidedApplication = Type.Object(
  {
    id: Type.String({
      description: 'The application',
      examples: ['appl_01h455vb4pex5vsknk084sn02q'],
    }),
    status: Type.Enum([...applicationStatuses], {
      description: 'How far it is now',
      examples: ['APPROVED'],
    }),
    customer_id: Type.Union([Type.String(), Type.Null()], {
      description: 'The customer that it names, or that the approval made',
      examples: ['cust_01h455vb4pex5vsknk084sn02q'],
    }),
    decision: Decision,
    reason: Reason(personal),
    actor: Type.String({ description: 'Who decided', examples: ['key:01890a5d-ac96-774b'] }),
    decided_at: Type.String({ description: 'When', examples: ['2026-02-25T12:00:00.000Z'] }),
  },
  named('DecidedApplication'),
)

export const decideApplication = defineOperation({
  id: 'decideApplication',
  method: 'POST',
  path: '/applications/{id}/decision',
  tag: 'Applications',
  summary: 'Decide about an application',
  description:
    'Of one that was submitted. An approval makes the customer of the bank, its individuals and ' +
    'its first account, all of it or nothing; a record that the application names gets the facet ' +
    'instead. Actor and reason stay with the application, and in the history of the customer.',
  scope: 'platform:write',
  params: ApplicationParams,
  body: WireNewDecision,
  returns: { status: 200, description: 'What was decided', schema: WireDecidedApplication },
  errors: [
    fieldErrors.field_invalid,
    applicationErrors.application_not_found,
    applicationErrors.application_status_refused,
    applicationErrors.application_customer_banks,
  ],
  async handle(context, { params, body }) {
    const id = fromWireApplicationId(params.id)
    const { application } = await decide(context, id, body)
    const { customerId } = application
    const made = present(application.decisions.at(-1), 'a decided application has a decision')
    return {
      id: printId('application', id),
      status: application.status,
      customer_id: customerId === null ? null : printId('customer', customerId),
      decision: made.decision,
      reason: made.reason,
      actor: made.actor,
      decided_at: new Date(made.at).toISOString(),
    }
  },
})
