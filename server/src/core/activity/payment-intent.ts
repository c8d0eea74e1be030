// Owns the vocabulary of payment intents: states, moves, refusals, events.
import { defineErrors } from '../errors.ts'
import type { Metadata } from '../fields.ts'
import { defineMachine } from '../status.ts'

export const intentStatuses = [
  'CREATED',
  'AUTHORIZED',
  'CAPTURING',
  'CAPTURED',
  'PARTIALLY_REFUNDED',
  'SETTLED',
  'DISPUTED',
  'DISPUTE_RESOLVED',
  'DISPUTE_LOST',
  'REFUNDED',
  'CANCELLED',
  'EXPIRED',
  'CAPTURE_FAILED',
  'PAST_DUE',
] as const
export type IntentStatus = (typeof intentStatuses)[number]

export const captureModes = ['AUTOMATIC', 'MANUAL'] as const
export type CaptureMode = (typeof captureModes)[number]

export interface PaymentIntent {
  id: string
  /** `null` for whoever pays without being known. */
  customerId: string | null
  externalId: string | null
  status: IntentStatus
  /** Hundredths, whatever the currency. */
  amountMinor: number
  currency: string
  captureMode: CaptureMode
  allowedChains: 'ALL' | number[]
  /** `USDC-8453`: symbol and chain. */
  allowedTokens: 'ALL' | string[]
  successUrl: string | null
  cancelUrl: string | null
  metadata: Metadata
  /** From here on: of the authorization. */
  walletId: string | null
  method: string | null
  chainId: number | null
  tokenKey: string | null
  cryptoAmount: string | null
  authorizationTxHash: string | null
  captureTxHash: string | null
  refundReason: string | null
  /** Milliseconds since the epoch. */
  authorizedAt: number | null
  capturedAt: number | null
  refundedAt: number | null
  cancelledAt: number | null
  createdAt: number
  updatedAt: number
}

export const intentErrors = defineErrors({
  payment_intent_not_found: {
    kind: 'missing',
    title: 'No such payment intent',
    detail: 'There is no payment intent with this id.',
    fix: 'Check the id, and that the key belongs to the app that made the payment intent.',
  },
  payment_intent_status_refused: {
    kind: 'conflict',
    title: 'Status does not allow it',
    detail: 'The status of the payment intent does not allow this move.',
    fix: 'Read the payment intent again and decide by its status.',
  },
})

/** Nothing leaves a state that stands alone: an ended intent is a fact. */
export const intentMachine = defineMachine<IntentStatus>(
  {
    CREATED: ['AUTHORIZED', 'CANCELLED', 'EXPIRED', 'PAST_DUE'],
    PAST_DUE: ['AUTHORIZED', 'CANCELLED', 'EXPIRED'],
    AUTHORIZED: ['CAPTURING', 'CAPTURED', 'CAPTURE_FAILED', 'CANCELLED', 'EXPIRED'],
    CAPTURING: ['CAPTURED', 'CAPTURE_FAILED'],
    CAPTURE_FAILED: ['CAPTURING', 'CAPTURED', 'CANCELLED', 'EXPIRED'],
    CAPTURED: ['SETTLED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED'],
    PARTIALLY_REFUNDED: ['REFUNDED', 'SETTLED', 'DISPUTED'],
    SETTLED: ['PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED'],
    DISPUTED: ['DISPUTE_RESOLVED', 'DISPUTE_LOST'],
    DISPUTE_RESOLVED: ['SETTLED', 'REFUNDED'],
    DISPUTE_LOST: [],
    REFUNDED: [],
    CANCELLED: [],
    EXPIRED: [],
  },
  intentErrors.payment_intent_status_refused,
)

export const intentEvents = {
  created: 'customer.payment_intent.created',
  authorized: 'customer.payment_intent.authorized',
  captured: 'customer.payment_intent.captured',
  cancelled: 'customer.payment_intent.cancelled',
  refunded: 'customer.payment_intent.refunded',
} as const
