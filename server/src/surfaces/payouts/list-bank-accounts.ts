// Owns GET /customers/{customerId}/bank-accounts.
import Type from 'typebox'
import { bankAccountErrors } from '../../core/bank-accounts/bank-account.ts'
import * as bankAccounts from '../../core/bank-accounts/bank-account-service.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  CustomerParams,
  fromWireCursor,
  fromWireCustomerId,
  pageLimits,
  pageQuery,
  toWireBankAccount,
  WireBankAccount,
} from './wire.ts'

export const listBankAccounts = defineOperation({
  id: 'listBankAccounts',
  method: 'GET',
  path: '/customers/{customerId}/bank-accounts',
  tag: 'Bank accounts',
  summary: 'List bank accounts',
  description: 'Oldest first. Fewer than `limit` entries is the end.',
  scope: 'payouts:read',
  params: CustomerParams,
  query: Type.Object(pageQuery, { additionalProperties: false }),
  returns: {
    status: 200,
    description: 'A page of bank accounts',
    schema: Type.Array(WireBankAccount),
  },
  errors: [customerErrors.customer_not_found, bankAccountErrors.bank_account_cursor_unknown],
  async handle(context, { params, query }) {
    const customerId = fromWireCustomerId(params.customerId)
    const unknown = bankAccountErrors.bank_account_cursor_unknown
    const startingAfter = fromWireCursor('bankAccount', query.startingAfter, unknown)
    const limit = query.limit ?? pageLimits.default
    const page = await bankAccounts.listBankAccounts(context, { customerId, limit, startingAfter })
    return page.map(toWireBankAccount)
  },
})
