// Owns POST /customers/{id}/wallets/{walletId}/authorizations.
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { authorize, checkAuthorization } from '../../core/wallets/authorization-service.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireAuthorization,
  toWireAuthorization,
  WireAuthorization,
  WireNewAuthorization,
} from './wire-authorization.ts'
import { fromWireWalletKey, WalletParams } from './wire-wallet.ts'

export const authorizeWallet = defineOperation({
  id: 'authorizeWallet',
  method: 'POST',
  path: '/customers/{id}/wallets/{walletId}/authorizations',
  tag: 'Wallets',
  summary: 'Record an authorization of a wallet',
  description:
    '`PERMIT`: the typed data of EIP-2612, whose signature is verified offline. `NATIVE`: a ' +
    'transaction, which must have succeeded and be the wallet’s where the chain can be asked.',
  scope: 'crypto:write',
  params: WalletParams,
  body: WireNewAuthorization,
  returns: { status: 201, description: 'The authorization', schema: Enveloped(WireAuthorization) },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    walletErrors.wallet_not_found,
    walletErrors.authorization_exists,
    walletErrors.authorizations_full,
    walletErrors.chain_unavailable,
  ],
  async before(context, { params, body }) {
    const given = fromWireAuthorization(body)
    const value = await checkAuthorization(context, fromWireWalletKey(params), given)
    return { value, fingerprint: null }
  },
  async handle(context, { params }, checked) {
    const authorization = await authorize(context, fromWireWalletKey(params), checked)
    return enveloped(toWireAuthorization(authorization, context.clock.now()))
  },
})
