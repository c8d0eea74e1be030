// Owns POST /v1/customers/{id}/registrations/{registration_id}/move.
import Type from 'typebox'
import { connectionErrors } from '../../core/connections/connection.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { AppError } from '../../core/errors.ts'
import { fieldErrors } from '../../core/fields.ts'
import { registrationErrors, registrationStatuses } from '../../core/registrations/registration.ts'
import {
  moveRegistration as move,
  moveReasonLengthMax,
} from '../../core/registrations/registration-move.ts'
import { defineOperation } from '../../http/operation.ts'
import { parseId } from '../../lib/id.ts'
import { closed, fromWireCustomerId, named, toWireRegistration, WireRegistration } from './wire.ts'

const WireRegistrationMove = Type.Object(
  {
    status: Type.Enum([...registrationStatuses], {
      description: 'What the registration is to become',
      examples: ['cancelled'],
    }),
    reason: Type.String({
      minLength: 1,
      maxLength: moveReasonLengthMax,
      description: 'Why; kept in the history, sealed, and shown where it is a rejection',
      examples: ['Agreed with the provider by telephone'],
    }),
  },
  named('RegistrationMove'),
)

export const moveRegistration = defineOperation({
  id: 'moveRegistration',
  method: 'POST',
  path: '/customers/{id}/registrations/{registration_id}/move',
  tag: 'Customers',
  summary: 'Move a registration by hand',
  description:
    'Along the moves of the machine, as `GET /v1/status-machines` shows them; the customer ' +
    'follows, as where the provider says it. What the provider says later stands above it. ' +
    '`submitted` asks the provider anew.',
  scope: 'platform:write',
  params: Type.Object(
    {
      id: Type.String({
        description: 'The customer',
        examples: ['cust_01h455vb4pex5vsknk084sn02q'],
      }),
      registration_id: Type.String({
        description: 'The registration',
        examples: ['reg_01h455vb4pex5vsknk084sn02q'],
      }),
    },
    closed,
  ),
  body: WireRegistrationMove,
  returns: { status: 200, description: 'Where it stands', schema: WireRegistration },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    registrationErrors.registration_not_found,
    registrationErrors.registration_move_refused,
    bankingErrors.customer_status_forbids,
    connectionErrors.connection_missing,
    connectionErrors.connection_mode_differs,
  ],
  async handle(context, { params, body }) {
    const customerId = fromWireCustomerId(params.id)
    const id = parseId('registration', params.registration_id)
    if (id === null) throw new AppError(registrationErrors.registration_not_found)
    return toWireRegistration(await move(context, { customerId, id }, body))
  },
})
