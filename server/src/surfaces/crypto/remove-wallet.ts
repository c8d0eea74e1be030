// Owns DELETE /customers/{id}/wallets/{walletId}.
import { detachWallet } from '../../core/activity/subscription-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import * as wallets from '../../core/wallets/wallet-service.ts'
import { defineOperation, NoContent } from '../../http/operation.ts'
import { fromWireWalletKey, WalletParams } from './wire-wallet.ts'

export const removeWallet = defineOperation({
  id: 'removeWallet',
  method: 'DELETE',
  path: '/customers/{id}/wallets/{walletId}',
  tag: 'Wallets',
  summary: 'Remove a wallet',
  description:
    'Its authorizations go with it. Subscriptions that were paid from it stay, and have no wallet.',
  scope: 'crypto:write',
  params: WalletParams,
  returns: { status: 204, description: 'It is removed', schema: NoContent },
  errors: [
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    walletErrors.wallet_not_found,
  ],
  async handle(context, { params }) {
    const key = fromWireWalletKey(params)
    await wallets.removeWallet(context, key, detachWallet(context, key.walletId))
    return null
  },
})
