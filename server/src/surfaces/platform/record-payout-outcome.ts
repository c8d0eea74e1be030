// Owns POST /v1/payouts/{id}/outcome.
import Type from 'typebox'
import { AppError } from '../../core/errors.ts'
import { fieldErrors } from '../../core/fields.ts'
import { outcomeNames, toOutcome } from '../../core/payouts/outcome-file.ts'
import { outcomeReasonLengthMax, payoutErrors, payoutStatuses } from '../../core/payouts/payout.ts'
import { recordPayoutOutcome as record } from '../../core/payouts/payout-transfer.ts'
import { defineOperation } from '../../http/operation.ts'
import { parseId, printId } from '../../lib/id.ts'
import { printTime } from '../../lib/time.ts'
import { closed, named } from './wire.ts'

const payoutId = 'po_01h455vb4pex5vsknk084sn02q'
const Id = Type.String({ description: 'The payout', examples: [payoutId] })

const WireNewOutcome = Type.Object(
  {
    outcome: Type.Enum([...outcomeNames], {
      description: 'What became of it',
      examples: ['completed'],
    }),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: outcomeReasonLengthMax,
        description:
          'Why; a failure has one, and the caller of the payout reads it: nothing personal',
        examples: ['In the bank statement of 25 February'],
      }),
    ),
  },
  named('NewPayoutOutcome'),
)

const WireDecidedPayout = Type.Object(
  {
    id: Id,
    status: Type.Enum([...payoutStatuses], {
      description: 'What it is now',
      examples: ['completed'],
    }),
    customer_id: Type.Union([Type.String(), Type.Null()], {
      description: 'Whose payout it is; null: nobody of the record',
      examples: ['cust_01h455vb4pex5vsknk084sn02q'],
    }),
    error_message: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it failed; null: it did not',
      examples: ['The account is closed.'],
    }),
    completed_at: Type.Union([Type.String(), Type.Null()], {
      description: 'When it was completed; null: it was not',
      examples: ['2026-02-25T12:00:00.000Z'],
    }),
  },
  named('DecidedPayout'),
)

export const recordPayoutOutcome = defineOperation({
  id: 'recordPayoutOutcome',
  method: 'POST',
  path: '/payouts/{id}/outcome',
  tag: 'Payouts',
  summary: 'Record what became of a payout',
  description:
    'For payouts that go out by hand, as those in live mode do: nothing is sent. In test mode it ' +
    'forestalls the sandbox. Actor and reason stand in the history of the customer.',
  scope: 'platform:write',
  params: Type.Object({ id: Id }, closed),
  body: WireNewOutcome,
  returns: { status: 200, description: 'Where the payout stands', schema: WireDecidedPayout },
  errors: [
    fieldErrors.field_invalid,
    payoutErrors.payout_not_found,
    payoutErrors.payout_reason_missing,
    payoutErrors.payout_status_refused,
  ],
  async handle(context, { params, body }) {
    const id = parseId('payout', params.id)
    if (id === null) throw new AppError(payoutErrors.payout_not_found)
    const { outcome, note } = toOutcome(body.outcome, body.reason ?? null)
    const { status, customerId, errorMessage, completedAt } = await record(
      context,
      id,
      outcome,
      note,
    )
    return {
      id: printId('payout', id),
      status,
      customer_id: customerId === null ? null : printId('customer', customerId),
      error_message: errorMessage,
      completed_at: completedAt === null ? null : printTime(completedAt),
    }
  },
})
