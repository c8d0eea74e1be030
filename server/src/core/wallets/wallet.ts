// Owns the vocabulary of wallets: what one is, its refusals, its events.
import { defineErrors } from '../errors.ts'

export interface Wallet {
  id: string
  customerId: string
  /** A chain of chains.ts. */
  chainId: number
  /** Lower case on EVM chains; as it was given where case counts. */
  address: string
  /** When its owner signed a challenge; milliseconds since the epoch. */
  ownershipVerifiedAt: number | null
  /** Of the authorization that counts: the one in force that lasts longest, else the newest. */
  authorizationType: AuthorizationType | null
  authorizationTxHash: string | null
  authorizedAt: number | null
  /** When that authorization ends by itself; `null` with a type: when it is revoked. */
  authorizedUntil: number | null
  createdAt: number
  updatedAt: number
}

export const authorizationTypes = ['PERMIT', 'NATIVE'] as const
export type AuthorizationType = (typeof authorizationTypes)[number]

/** What its owner has allowed a spender: by a signed permit, or by a transaction on chain. */
export type Authorization = AuthorizationDetails & {
  id: string
  walletId: string
  type: AuthorizationType
  createdAt: number
  /** When it ends by itself; `null`: when it is revoked. Milliseconds since the epoch. */
  validUntil: number | null
  revokedAt: number | null
}

export type AuthorizationDetails =
  | { permit: Permit; txHash: null }
  | { permit: null; txHash: string }

/** EIP-2612, signed as EIP-712 typed data. Addresses are in lower case. */
export interface Permit {
  token: string
  spender: string
  /** Decimal text of a uint256, as is `nonce`. */
  value: string
  nonce: string
  /** Seconds since the epoch. */
  deadline: number
  /** `0x` and 65 bytes. */
  signature: string
  domain: PermitDomain
}

export interface PermitDomain {
  name: string
  /** Some tokens have none. */
  version: string | null
  chainId: number
  verifyingContract: string
}

export const walletsMax = 100
export const authorizationsMax = 1_000

export const walletErrors = defineErrors({
  wallet_not_found: {
    kind: 'missing',
    title: 'No such wallet',
    detail: 'There is no wallet with this id on this customer.',
    fix: "Check the id against the customer's wallets.",
  },
  wallet_exists: {
    kind: 'conflict',
    title: 'Wallet linked already',
    detail: 'walletAddress: a wallet of this customer has this address on this chain.',
    fix: 'Use the wallet that is there.',
  },
  wallets_full: {
    kind: 'conflict',
    title: 'Too many wallets',
    detail: `A customer has at most ${walletsMax} wallets.`,
    fix: 'Remove a wallet that is not used any more.',
  },
  challenge_used: {
    kind: 'conflict',
    title: 'Challenge used already',
    detail: 'message: this challenge has proved ownership once.',
    fix: 'Ask for a new challenge.',
  },
  authorization_not_found: {
    kind: 'missing',
    title: 'No such authorization',
    detail: 'There is no authorization with this id on this wallet.',
    fix: "Check the id against the wallet's authorizations.",
  },
  authorization_exists: {
    kind: 'conflict',
    title: 'Authorization given already',
    detail: 'An authorization of this wallet stands for the same permit or transaction.',
    fix: 'Use the authorization that is there, or have a new one signed.',
  },
  authorizations_full: {
    kind: 'conflict',
    title: 'Too many authorizations',
    detail: `A wallet keeps at most ${authorizationsMax} authorizations.`,
    fix: 'Remove the wallet and add it again.',
  },
  authorization_revoked: {
    kind: 'conflict',
    title: 'Authorization revoked already',
    detail: 'This authorization is not in force any more: it was revoked before.',
    fix: 'Nothing is left to do.',
  },
  chain_unavailable: {
    kind: 'upstream',
    title: 'The chain cannot be asked',
    detail: 'The RPC endpoint of this chain did not give a usable answer.',
    fix: 'Send the request again later. Nothing was changed.',
  },
})

export const walletEvents = {
  added: 'customer.wallet.added',
  removed: 'customer.wallet.removed',
  ownershipVerified: 'customer.wallet.ownership_verified',
  authorized: 'customer.wallet.authorized',
  authorizationRevoked: 'customer.wallet.authorization_revoked',
} as const
