// Owns POST /v1/accounts.
import { accountErrors } from '../../core/accounts/account.ts'
import * as accounts from '../../core/accounts/account-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireId } from './wire.ts'
import { toWireAccount, WireAccount, WireNewAccount } from './wire-account.ts'

export const createAccount = defineOperation({
  id: 'createAccount',
  method: 'POST',
  path: '/v1/accounts',
  tag: 'Accounts',
  summary: 'Open an account',
  description: 'One more entry in the register of accounts; no balance comes of it.',
  scope: 'accounts:write',
  body: WireNewAccount,
  returns: { status: 201, description: 'The account', schema: WireAccount },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    accountErrors.accounts_full,
  ],
  async handle(context, { body }) {
    const { customer_id, type, currency, nickname = null } = body
    const missing = customerErrors.customer_not_found
    const customerId = fromWireId('customer', customer_id, missing, 'customer_id')
    const input = { customerId, type, currency, nickname }
    return toWireAccount(await accounts.createAccount(context, input))
  },
})
