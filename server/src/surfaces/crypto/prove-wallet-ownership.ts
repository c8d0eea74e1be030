// Owns POST /customers/{id}/wallets/{walletId}/ownership.
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { proveOwnership, readOwnershipProof } from '../../core/wallets/ownership-service.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import { defineOperation } from '../../http/operation.ts'
import { Enveloped, enveloped } from './wire.ts'
import {
  fromWireWalletKey,
  toWireChainWallet,
  WalletParams,
  WireChainWallet,
  WireOwnershipProof,
} from './wire-wallet.ts'

export const proveWalletOwnership = defineOperation({
  id: 'proveWalletOwnership',
  method: 'POST',
  path: '/customers/{id}/wallets/{walletId}/ownership',
  tag: 'Wallets',
  summary: 'Prove the ownership of a wallet',
  description:
    'Takes the signed message of a challenge, once. The signature is verified offline, so the ' +
    'wallet must be a key (EOA), not a contract.',
  scope: 'crypto:write',
  params: WalletParams,
  body: WireOwnershipProof,
  returns: { status: 200, description: 'The wallet', schema: Enveloped(WireChainWallet) },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    walletErrors.wallet_not_found,
    walletErrors.challenge_used,
  ],
  async before(_context, { body }) {
    return { value: await readOwnershipProof(body), fingerprint: null }
  },
  async handle(context, { params }, proof) {
    const wallet = await proveOwnership(context, fromWireWalletKey(params), proof)
    return enveloped(toWireChainWallet(wallet, context.clock.now()))
  },
})
