// Owns GET /payouts/{id}.
import { payoutErrors } from '../../core/payouts/payout.ts'
import * as payouts from '../../core/payouts/payout-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWirePayoutId, PayoutParams, toWirePayout, WirePayout } from './wire.ts'

export const getPayout = defineOperation({
  id: 'getPayout',
  method: 'GET',
  path: '/payouts/{id}',
  tag: 'Payouts',
  summary: 'Retrieve a payout',
  scope: 'payouts:read',
  params: PayoutParams,
  returns: { status: 200, description: 'The payout', schema: WirePayout },
  errors: [payoutErrors.payout_not_found],
  async handle(context, { params }) {
    const payout = await payouts.getPayout(context, fromWirePayoutId(params.id))
    return toWirePayout(payout, context.app.merchantId)
  },
})
