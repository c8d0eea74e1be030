// Owns this surface's wire schema of payouts, for those who say what became of them.
import Type, { type Static } from 'typebox'
import { AppError } from '../../core/errors.ts'
import { type DecidedPayout, payoutErrors, payoutStatuses } from '../../core/payouts/payout.ts'
import { personal } from '../../http/mask.ts'
import { parseId, printId } from '../../lib/id.ts'
import { printTime } from '../../lib/time.ts'
import { closed, named } from './wire.ts'
import { Later, Text } from './wire-parts.ts'

const Id = Text('The payout', 'po_01h455vb4pex5vsknk084sn02q')

export const PayoutParams = Type.Object({ id: Id }, closed)

export const WireDecidedPayout = Type.Object(
  {
    id: Id,
    status: Type.Enum([...payoutStatuses], {
      description: 'What it is now',
      examples: ['completed'],
    }),
    customer_id: Later(
      'Whose payout it is; null: nobody of the record',
      'cust_01h455vb4pex5vsknk084sn02q',
    ),
    error_message: Later('Why it failed; null: it did not', 'The account is closed.', personal),
    completed_at: Later('When it was completed; null: it was not', '2026-02-25T12:00:00.000Z'),
    decided_by: Later(
      'Who said what became of it, as in the history; null: its rail, or nobody yet',
      'key:01890a5d-ac96-774b-bcce-b302099a8057 operator:ana',
    ),
    note: Later(
      'What they said of one that was completed',
      'In the bank statement of 25 February',
      personal,
    ),
  },
  named('DecidedPayout'),
)

/** Error: `payout_not_found`, for what is no id of a payout. */
export function fromWirePayoutId(text: string): string {
  const id = parseId('payout', text)
  if (id === null) throw new AppError(payoutErrors.payout_not_found)
  return id
}

export function toWireDecidedPayout(payout: DecidedPayout): Static<typeof WireDecidedPayout> {
  const { id, status, customerId, errorMessage, completedAt, decidedBy, note } = payout
  return {
    id: printId('payout', id),
    status,
    customer_id: customerId === null ? null : printId('customer', customerId),
    error_message: errorMessage,
    completed_at: completedAt === null ? null : printTime(completedAt),
    decided_by: decidedBy,
    note,
  }
}
