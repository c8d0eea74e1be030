// Owns the crypto surface's wire schemas of wallets, and the way to and from the core.
import Type, { type Static } from 'typebox'
import { findChain } from '../../core/wallets/chains.ts'
import type { Challenge } from '../../core/wallets/ownership-service.ts'
import { type Wallet, walletErrors } from '../../core/wallets/wallet.ts'
import { hasActiveAuthorization, type WalletKey } from '../../core/wallets/wallet-service.ts'
import {
  closed,
  fromWireCustomerId,
  fromWireId,
  Given,
  Id,
  LaterText,
  LaterTime,
  named,
  Text,
  Time,
  toWireTime,
} from './wire.ts'

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

/** Beyond what any address or signature takes; the exact rule is the chain's. */
const givenLengthMax = 200
const messageLengthMax = 2_000
const exampleSignature = `0x${'4f'.repeat(64)}1b`

export const WireNewWallet = Type.Object(
  {
    chainId: Type.Integer({
      minimum: 0,
      description: 'A chain that is known here: an EVM chain id, or 101 to 103 for Solana',
      examples: [8453],
    }),
    walletAddress: Given(
      givenLengthMax,
      'EVM: `0x` and 40 hexadecimal digits, of which mixed case must pass EIP-55. Solana: base58 ' +
        'of 32 bytes',
      exampleAddress,
    ),
  },
  named('CustomerAddWalletParams'),
)

export const WalletParams = Type.Object(
  { id: Id('The customer'), walletId: Id('The wallet') },
  closed,
)

/** Errors: `customer_not_found`, `wallet_not_found`. */
export function fromWireWalletKey(params: Static<typeof WalletParams>): WalletKey {
  const customerId = fromWireCustomerId(params.id)
  return {
    customerId,
    walletId: fromWireId('wallet', params.walletId, walletErrors.wallet_not_found),
  }
}

export const WireChallenge = Type.Object(
  {
    message: Text(
      'What the owner signs, character by character (EIP-4361)',
      'shop.clientele.local wants you to sign in with your Ethereum account: …',
    ),
    nonce: Text('128 random bits', '3b1f5c0de2a94f6c8d7e6f5a4b3c2d1e'),
    expiresAt: Time('Until when it can be answered'),
  },
  named('WalletChallenge'),
)

export const WireOwnershipProof = Type.Object(
  {
    message: Given(messageLengthMax, 'The message of a challenge, as it was given', 'shop.…'),
    signature: Given(
      givenLengthMax,
      "The wallet's signature of it (`personal_sign`): `0x` and 65 bytes",
      exampleSignature,
    ),
  },
  named('WalletOwnershipProof'),
)

export function toWireChallenge(challenge: Challenge): Static<typeof WireChallenge> {
  return { ...challenge, expiresAt: toWireTime(challenge.expiresAt) }
}

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
