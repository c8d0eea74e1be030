// Owns POST /customers/{id}/wallets/{walletId}/challenge.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { loadSiwe } from '../../core/wallets/challenge-message.ts'
import { createChallenge } from '../../core/wallets/ownership-service.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import { defineOperation } from '../../http/operation.ts'
import { closed, Enveloped, enveloped } from './wire.ts'
import { fromWireWalletKey, toWireChallenge, WalletParams, WireChallenge } from './wire-wallet.ts'

export const challengeWallet = defineOperation({
  id: 'challengeWallet',
  method: 'POST',
  path: '/customers/{id}/wallets/{walletId}/challenge',
  tag: 'Wallets',
  summary: 'Challenge the owner of a wallet',
  description:
    'A Sign-In with Ethereum message (EIP-4361) for the owner to sign within ten minutes. Its ' +
    "domain is the app's name where that is one, else the name as a label below " +
    '`clientele.local`. For wallets on EVM chains.',
  scope: 'crypto:write',
  params: WalletParams,
  body: Type.Object({}, closed),
  isBodyOptional: true,
  returns: { status: 200, description: 'What to sign', schema: Enveloped(WireChallenge) },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    walletErrors.wallet_not_found,
  ],
  async before() {
    await loadSiwe()
    return { value: undefined, fingerprint: null }
  },
  async handle(context, { params }) {
    return enveloped(toWireChallenge(await createChallenge(context, fromWireWalletKey(params))))
  },
})
