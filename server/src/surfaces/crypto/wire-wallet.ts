// Owns the crypto surface's wire schemas of wallets, and the way to and from the core.
import Type, { type Static } from 'typebox'
import { findChain } from '../../core/wallets/chains.ts'
import type { Wallet } from '../../core/wallets/wallet.ts'
import { hasActiveAuthorization } from '../../core/wallets/wallet-service.ts'
import { Id, LaterText, LaterTime, named, Text, Time, toWireTime } from './wire.ts'

const exampleAddress = '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'

const walletFields = {
  id: Id('Wallet record ID (UUID)'),
  customerAccountId: Id('Parent customer ID'),
  chainId: Type.Integer({ description: 'Chain ID (e.g. 1, 137, 8453)', examples: [8453] }),
  walletAddress: Text('Wallet address (lowercased)', exampleAddress),
  hasActiveAuthorization: Type.Boolean({
    description: 'Whether the wallet has an active authorization',
    examples: [false],
  }),
  authorizationType: LaterText('Type of authorization (PERMIT, NATIVE, etc.)'),
  authorizationTxHash: LaterText('Authorization transaction hash'),
  authorizedAt: LaterTime('When authorization was granted'),
  ownershipVerifiedAt: LaterTime('When the owner signed a challenge'),
  createdAt: Time('ISO 8601 timestamp'),
  updatedAt: Time('ISO 8601 timestamp'),
}

const WireChain = Type.Object(
  {
    chainId: Type.Integer({ description: 'Chain ID', examples: [8453] }),
    name: Text('Its name', 'Base'),
  },
  named('Chain'),
)

export const WireWallet = Type.Object(walletFields, named('CustomerWallet'))
export type WireWallet = Static<typeof WireWallet>
export const WireChainWallet = Type.Object(
  { ...walletFields, chain: WireChain },
  named('CustomerWalletWithChain'),
)
export type WireChainWallet = Static<typeof WireChainWallet>

export function toWireWallet(wallet: Wallet, now: number): WireWallet {
  return {
    id: wallet.id,
    customerAccountId: wallet.customerId,
    chainId: wallet.chainId,
    walletAddress: wallet.address,
    hasActiveAuthorization: hasActiveAuthorization(wallet, now),
    authorizationType: wallet.authorizationType,
    authorizationTxHash: wallet.authorizationTxHash,
    authorizedAt: toWireTime(wallet.authorizedAt),
    ownershipVerifiedAt: toWireTime(wallet.ownershipVerifiedAt),
    createdAt: toWireTime(wallet.createdAt),
    updatedAt: toWireTime(wallet.updatedAt),
  }
}

export function toWireChainWallet(wallet: Wallet, now: number): WireChainWallet {
  const { chainId } = wallet
  const name = findChain(chainId)?.name ?? `Chain ${chainId}`
  return { ...toWireWallet(wallet, now), chain: { chainId, name } }
}
