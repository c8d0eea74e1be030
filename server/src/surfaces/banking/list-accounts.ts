// Owns GET /v1/accounts.
import Type from 'typebox'
import * as accounts from '../../core/accounts/account-service.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  closed,
  fromWireId,
  fromWirePage,
  GivenId,
  Page,
  pageErrors,
  pageQuery,
  toWirePage,
  WireStatus,
} from './wire.ts'
import { GivenCurrency, toWireAccount, WireAccount } from './wire-account.ts'

export const listAccounts = defineOperation({
  id: 'listAccounts',
  method: 'GET',
  path: '/v1/accounts',
  tag: 'Accounts',
  summary: 'List accounts',
  description: 'Newest first.',
  scope: 'accounts:read',
  query: Type.Object(
    {
      customer_id: Type.Optional(GivenId('The customer that holds them', 'cust')),
      status: Type.Optional(WireStatus),
      currency: Type.Optional(GivenCurrency),
      ...pageQuery,
    },
    closed,
  ),
  returns: { status: 200, description: 'A page of accounts', schema: Page(WireAccount) },
  errors: [customerErrors.customer_not_found, pageErrors.cursor_unknown],
  async handle(context, { query }) {
    const { customer_id, status = null, currency = null } = query
    const missing = customerErrors.customer_not_found
    const customerId =
      customer_id === undefined ? null : fromWireId('customer', customer_id, missing, 'customer_id')
    const page = fromWirePage(context, 'account', query)
    const found = await accounts.listAccounts(context, { customerId, status, currency, ...page })
    return toWirePage(context, 'account', query, found, toWireAccount)
  },
})
