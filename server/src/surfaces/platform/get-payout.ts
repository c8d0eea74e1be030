// Owns GET /v1/payouts/{id}.
import { payoutErrors } from '../../core/payouts/payout.ts'
import { getDecidedPayout } from '../../core/payouts/payout-service.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  fromWirePayoutId,
  PayoutParams,
  toWireDecidedPayout,
  WireDecidedPayout,
} from './wire-payout.ts'

export const getPayout = defineOperation({
  id: 'getPayout',
  method: 'GET',
  path: '/payouts/{id}',
  tag: 'Payouts',
  summary: 'Get a payout',
  description:
    'Where it stands, and who said what became of it. The payouts surface shows its amount and ' +
    'its destination.',
  scope: 'platform:read',
  params: PayoutParams,
  returns: { status: 200, description: 'The payout', schema: WireDecidedPayout },
  errors: [payoutErrors.payout_not_found],
  async handle(context, { params }) {
    return toWireDecidedPayout(await getDecidedPayout(context, fromWirePayoutId(params.id)))
  },
})
