// Owns POST /v1/customers/{id}/status.
import Type from 'typebox'
import { moveBankingStatus } from '../../core/accounts/status-service.ts'
import {
  type BankingStatus,
  bankingErrors,
  bankingMachine,
  bankingStatuses,
} from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { printId } from '../../lib/id.ts'
import { CustomerParams, fromWireCustomerId, named } from './wire.ts'

const Status = (description: string) =>
  Type.Enum([...bankingStatuses] as BankingStatus[], { description, examples: ['FROZEN'] })

const WireStatusMove = Type.Object(
  {
    status: Status('What the customer is to become'),
    reason: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Why; kept in the history, sealed',
      examples: ['Report of a stolen card'],
    }),
    from: Type.Optional(
      Type.Enum([...bankingStatuses] as BankingStatus[], {
        description: 'The status that you decided upon: another one by now refuses the move',
        examples: ['ACTIVE'],
      }),
    ),
  },
  named('StatusMove'),
)

const WireMovedCustomer = Type.Object(
  {
    id: Type.String({ description: 'The customer', examples: ['cust_01h455vb4pex5vsknk084sn02q'] }),
    status: Status('What it is now'),
    moves: Type.Array(Status('A status'), { description: 'What it may become next' }),
    updated_at: Type.String({
      description: 'When the customer last changed',
      examples: ['2026-02-25T12:00:00.000Z'],
    }),
  },
  named('MovedCustomer'),
)

export const moveCustomerStatus = defineOperation({
  id: 'moveCustomerStatus',
  method: 'POST',
  path: '/customers/{id}/status',
  tag: 'Customers',
  summary: "Move a customer's banking status",
  description:
    'Freezing and closing pass on to the accounts; frozen ones thaw when the customer becomes ' +
    'ACTIVE or EDD again. The status holds on every surface at once.',
  scope: 'platform:write',
  params: CustomerParams,
  body: WireStatusMove,
  returns: { status: 200, description: 'Where the customer stands', schema: WireMovedCustomer },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_not_banking,
    bankingErrors.customer_status_refused,
  ],
  async handle(context, { params, body }) {
    const customer = await moveBankingStatus(context, fromWireCustomerId(params.id), body)
    const { bankingStatus, updatedAt } = customer
    if (bankingStatus === null) throw new TypeError('a moved customer has a status')
    return {
      id: printId('customer', customer.id),
      status: bankingStatus,
      moves: [...bankingMachine.movesFrom(bankingStatus)],
      updated_at: new Date(updatedAt).toISOString(),
    }
  },
})
