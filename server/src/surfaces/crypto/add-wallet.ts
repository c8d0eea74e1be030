// Owns POST /customers/{id}/wallets.
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import * as wallets from '../../core/wallets/wallet-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { CustomerParams, Enveloped, enveloped, fromWireCustomerId } from './wire.ts'
import { toWireChainWallet, WireChainWallet, WireNewWallet } from './wire-wallet.ts'

export const addWallet = defineOperation({
  id: 'addWallet',
  method: 'POST',
  path: '/customers/{id}/wallets',
  tag: 'Wallets',
  summary: 'Add a wallet to a customer',
  description:
    'A customer has an address once on each chain, and at most 100 wallets. Other customers may ' +
    'have the same address.',
  scope: 'crypto:write',
  params: CustomerParams,
  body: WireNewWallet,
  returns: { status: 201, description: 'The wallet', schema: Enveloped(WireChainWallet) },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    walletErrors.wallet_exists,
    walletErrors.wallets_full,
  ],
  async before(_context, { body }) {
    const given = { chainId: body.chainId, address: body.walletAddress }
    return { value: await wallets.checkWallet(given), fingerprint: null }
  },
  async handle(context, { params }, checked) {
    const wallet = await wallets.addWallet(context, fromWireCustomerId(params.id), checked)
    return enveloped(toWireChainWallet(wallet, context.clock.now()))
  },
})
