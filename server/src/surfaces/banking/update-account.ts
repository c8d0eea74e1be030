// Owns PATCH /v1/accounts/{id}.
import { accountErrors } from '../../core/accounts/account.ts'
import * as accounts from '../../core/accounts/account-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireId } from './wire.ts'
import { AccountParams, toWireAccount, WireAccount, WireAccountUpdate } from './wire-account.ts'

export const updateAccount = defineOperation({
  id: 'updateAccount',
  method: 'PATCH',
  path: '/v1/accounts/{id}',
  tag: 'Accounts',
  summary: 'Name an account',
  description: '`null` takes the nickname away. The status follows that of the customer.',
  scope: 'accounts:write',
  params: AccountParams,
  body: WireAccountUpdate,
  unknownMember: 'cannot change',
  returns: { status: 200, description: 'The account', schema: WireAccount },
  errors: [
    fieldErrors.field_invalid,
    accountErrors.account_not_found,
    bankingErrors.customer_status_forbids,
  ],
  async handle(context, { params, body }) {
    const id = fromWireId('account', params.id, accountErrors.account_not_found)
    // The schema asks for a member, and this is the only one.
    const { nickname = null } = body
    return toWireAccount(await accounts.updateAccount(context, id, { nickname }))
  },
})
