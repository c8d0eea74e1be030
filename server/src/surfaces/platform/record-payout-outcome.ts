// Owns POST /v1/payouts/{id}/outcome.
import Type from 'typebox'
import { fieldErrors } from '../../core/fields.ts'
import { outcomeNames, toOutcome } from '../../core/payouts/outcome-file.ts'
import { outcomeReasonLengthMax, payoutErrors } from '../../core/payouts/payout.ts'
import { getDecidedPayout } from '../../core/payouts/payout-service.ts'
import { recordPayoutOutcome as record } from '../../core/payouts/payout-transfer.ts'
import { defineOperation } from '../../http/operation.ts'
import { named } from './wire.ts'
import {
  fromWirePayoutId,
  PayoutParams,
  toWireDecidedPayout,
  WireDecidedPayout,
} from './wire-payout.ts'

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

export const recordPayoutOutcome = defineOperation({
  id: 'recordPayoutOutcome',
  method: 'POST',
  path: '/payouts/{id}/outcome',
  tag: 'Payouts',
  summary: 'Record what became of a payout',
  description:
    'For payouts that go out by hand, as those in live mode do: nothing is sent. In test mode it ' +
    'forestalls the sandbox. Actor and reason stand with the payout, and in the history of its ' +
    'customer.',
  scope: 'platform:write',
  params: PayoutParams,
  body: WireNewOutcome,
  returns: { status: 200, description: 'Where the payout stands', schema: WireDecidedPayout },
  errors: [
    fieldErrors.field_invalid,
    payoutErrors.payout_not_found,
    payoutErrors.payout_reason_missing,
    payoutErrors.payout_status_refused,
  ],
  async handle(context, { params, body }) {
    const id = fromWirePayoutId(params.id)
    const { outcome, note } = toOutcome(body.outcome, body.reason ?? null)
    await record(context, id, outcome, note)
    return toWireDecidedPayout(await getDecidedPayout(context, id))
  },
})
