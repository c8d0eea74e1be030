// Owns GET /v1/accounts/{id}.
import { accountErrors } from '../../core/accounts/account.ts'
import * as accounts from '../../core/accounts/account-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireId } from './wire.ts'
import { AccountParams, toWireAccount, WireAccount } from './wire-account.ts'

export const getAccount = defineOperation({
  id: 'getAccount',
  method: 'GET',
  path: '/v1/accounts/{id}',
  tag: 'Accounts',
  summary: 'Retrieve an account',
  scope: 'accounts:read',
  params: AccountParams,
  returns: { status: 200, description: 'The account', schema: WireAccount },
  errors: [accountErrors.account_not_found],
  async handle(context, { params }) {
    const id = fromWireId('account', params.id, accountErrors.account_not_found)
    return toWireAccount(await accounts.getAccount(context, id))
  },
})
