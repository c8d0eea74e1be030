// Owns GET /payouts.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { payoutErrors, payoutStatuses } from '../../core/payouts/payout.ts'
import * as payouts from '../../core/payouts/payout-service.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  fromWireCursor,
  fromWireCustomerId,
  pageLimits,
  pageQuery,
  toWirePayout,
  WirePayout,
} from './wire.ts'

export const listPayouts = defineOperation({
  id: 'listPayouts',
  method: 'GET',
  path: '/payouts',
  tag: 'Payouts',
  summary: 'List payouts',
  description: 'Newest first. Fewer than `limit` entries is the end.',
  scope: 'payouts:read',
  query: Type.Object(
    {
      status: Type.Optional(Type.Enum([...payoutStatuses])),
      customerId: Type.Optional(Type.String({ maxLength: 64 })),
      ...pageQuery,
    },
    { additionalProperties: false },
  ),
  returns: { status: 200, description: 'A page of payouts', schema: Type.Array(WirePayout) },
  errors: [customerErrors.customer_not_found, payoutErrors.payout_cursor_unknown],
  async handle(context, { query }) {
    const unknown = payoutErrors.payout_cursor_unknown
    const page = await payouts.listPayouts(context, {
      customerId: query.customerId === undefined ? null : fromWireCustomerId(query.customerId),
      status: query.status ?? null,
      limit: query.limit ?? pageLimits.default,
      startingAfter: fromWireCursor('payout', query.startingAfter, unknown),
    })
    return page.map((payout) => toWirePayout(payout, context.app.merchantId))
  },
})
