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

export const walletErrors = defineErrors({
  wallet_not_found: {
    kind: 'missing',
    title: 'No such wallet',
    detail: 'There is no wallet with this id on this customer.',
    fix: "Check the id against the customer's wallets.",
  },
})

export const walletEvents = {
  added: 'customer.wallet.added',
  removed: 'customer.wallet.removed',
} as const
