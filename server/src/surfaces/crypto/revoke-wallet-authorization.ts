// Owns DELETE /customers/{id}/wallets/{walletId}/authorizations/{authorizationId}.
import { customerErrors } from '../../core/customer/customer.ts'
import { revokeAuthorization } from '../../core/wallets/authorization-service.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import { defineOperation, NoContent } from '../../http/operation.ts'
import { AuthorizationParams, fromWireAuthorizationId } from './wire-authorization.ts'
import { fromWireWalletKey } from './wire-wallet.ts'

export const revokeWalletAuthorization = defineOperation({
  id: 'revokeWalletAuthorization',
  method: 'DELETE',
  path: '/customers/{id}/wallets/{walletId}/authorizations/{authorizationId}',
  tag: 'Wallets',
  summary: 'Revoke an authorization',
  description:
    'It stays on record, as revoked: a second time is refused, and the same permit or ' +
    'transaction does not count again. What stands on chain is not touched.',
  scope: 'crypto:write',
  params: AuthorizationParams,
  returns: { status: 204, description: 'It is revoked', schema: NoContent },
  errors: [
    customerErrors.customer_not_found,
    walletErrors.wallet_not_found,
    walletErrors.authorization_not_found,
    walletErrors.authorization_revoked,
  ],
  async handle(context, { params }) {
    const id = fromWireAuthorizationId(params.authorizationId)
    await revokeAuthorization(context, fromWireWalletKey(params), id)
    return null
  },
})
