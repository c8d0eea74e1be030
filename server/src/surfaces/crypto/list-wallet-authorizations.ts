// Owns GET /customers/{id}/wallets/{walletId}/authorizations.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { listAuthorizations } from '../../core/wallets/authorization-service.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import { toWireAuthorization, WireAuthorization } from './wire-authorization.ts'
import { fromWireWalletKey, WalletParams } from './wire-wallet.ts'

export const listWalletAuthorizations = defineOperation({
  id: 'listWalletAuthorizations',
  method: 'GET',
  path: '/customers/{id}/wallets/{walletId}/authorizations',
  tag: 'Wallets',
  summary: 'List the authorizations of a wallet',
  description: 'Newest first, the last 100, those that were revoked or have ended among them.',
  scope: 'crypto:read',
  params: WalletParams,
  returns: {
    status: 200,
    description: 'The authorizations',
    schema: Enveloped(Type.Array(WireAuthorization)),
  },
  errors: [customerErrors.customer_not_found, walletErrors.wallet_not_found],
  async handle(context, { params }) {
    const now = context.clock.now()
    const authorizations = await listAuthorizations(context, fromWireWalletKey(params))
    return enveloped(authorizations.map((one) => toWireAuthorization(one, now)))
  },
})
