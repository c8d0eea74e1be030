// Owns POST /payouts/{id}/cancel.
import { payoutErrors } from '../../core/payouts/payout.ts'
import * as payouts from '../../core/payouts/payout-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWirePayoutId, PayoutParams, toWirePayout, WirePayout } from './wire.ts'

export const cancelPayout = defineOperation({
  id: 'cancelPayout',
  method: 'POST',
  path: '/payouts/{id}/cancel',
  tag: 'Payouts',
  summary: 'Cancel a payout',
  description: 'Only while it is `pending`.',
  scope: 'payouts:write',
  params: PayoutParams,
  returns: { status: 200, description: 'The cancelled payout', schema: WirePayout },
  errors: [payoutErrors.payout_not_found, payoutErrors.payout_status_refused],
  async handle(context, { params }) {
    const payout = await payouts.cancelPayout(context, fromWirePayoutId(params.id))
    return toWirePayout(payout, context.app.merchantId)
  },
})
