// Owns GET /customers/{customerId}/payouts.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { payoutErrors } from '../../core/payouts/payout.ts'
import * as payouts from '../../core/payouts/payout-service.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  CustomerParams,
  fromWireCursor,
  fromWireCustomerId,
  pageLimits,
  pageQuery,
  toWirePayout,
  WirePayout,
} from './wire.ts'

export const listCustomerPayouts = defineOperation({
  id: 'listCustomerPayouts',
  method: 'GET',
  path: '/customers/{customerId}/payouts',
  tag: 'Payouts',
  summary: "List a customer's payouts",
  description: 'Newest first. Fewer than `limit` entries is the end.',
  scope: 'payouts:read',
  params: CustomerParams,
  query: Type.Object(pageQuery, { additionalProperties: false }),
  returns: { status: 200, description: 'A page of payouts', schema: Type.Array(WirePayout) },
  errors: [customerErrors.customer_not_found, payoutErrors.payout_cursor_unknown],
  async handle(context, { params, query }) {
    const unknown = payoutErrors.payout_cursor_unknown
    const page = await payouts.listPayouts(context, {
      customerId: fromWireCustomerId(params.customerId),
      status: null,
      limit: query.limit ?? pageLimits.default,
      startingAfter: fromWireCursor('payout', query.startingAfter, unknown),
    })
    return page.map((payout) => toWirePayout(payout, context.app.merchantId))
  },
})
