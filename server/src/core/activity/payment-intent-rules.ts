// Owns what a new payment intent and an authorization of one must be.
import type { Mode } from '../context.ts'
import {
  checkMetadata,
  checkText,
  externalIdLengthMax,
  type Metadata,
  refuseField,
} from '../fields.ts'
import { checkTransactionHash } from '../wallets/address.ts'
import { checkChain } from '../wallets/chains.ts'
import {
  checkAmount,
  checkCryptoAmount,
  checkCurrency,
  checkReturnUrl,
  checkTokenKey,
} from './activity-rules.ts'
import type { CaptureMode, PaymentIntent } from './payment-intent.ts'

export interface NewPaymentIntent {
  customerId: string | null
  externalId: string | null
  /** Decimal text: `"25.00"`. */
  amount: string
  currency: string
  allowedChains: 'ALL' | number[]
  allowedTokens: 'ALL' | string[]
  captureMode: CaptureMode
  successUrl: string | null
  cancelUrl: string | null
  metadata: Metadata
}

/** The amount in hundredths; all else is stored as it was given. Error: `field_invalid`. */
export function checkNewIntent(input: NewPaymentIntent, mode: Mode): number {
  const { externalId, allowedChains, allowedTokens, successUrl, cancelUrl } = input
  if (externalId !== null) checkText('externalId', externalId, externalIdLengthMax)
  const amountMinor = checkAmount('amount', input.amount)
  checkCurrency('currency', input.currency)
  if (allowedChains !== 'ALL') {
    checkList('allowedChains', allowedChains)
    for (const [index, id] of allowedChains.entries()) checkChain(`allowedChains.${index}`, id)
  }
  if (allowedTokens !== 'ALL') {
    checkList('allowedTokens', allowedTokens)
    for (const [index, key] of allowedTokens.entries()) checkTokenKey(`allowedTokens.${index}`, key)
  }
  if (successUrl !== null) checkReturnUrl('successUrl', successUrl, mode)
  if (cancelUrl !== null) checkReturnUrl('cancelUrl', cancelUrl, mode)
  checkMetadata('metadata', input.metadata)
  return amountMinor
}

export interface NewAuthorization {
  walletId: string | null
  /** A word in capitals, as `PERMIT` or `NATIVE`. */
  method: string
  chainId: number
  tokenKey: string
  cryptoAmount: string
  txHash: string | null
}

/** What can be told without the intent. Error: `field_invalid`. */
export function checkAuthorization(input: NewAuthorization): NewAuthorization {
  if (!/^[A-Z][A-Z0-9_]{0,49}$/.test(input.method)) {
    refuseField('method', 'is not a word in capitals such as PERMIT')
  }
  const chain = checkChain('chainId', input.chainId)
  if (checkTokenKey('tokenKey', input.tokenKey).chainId !== chain.chainId) {
    refuseField('tokenKey', 'names another chain than chainId')
  }
  checkCryptoAmount('cryptoAmount', input.cryptoAmount)
  const txHash = input.txHash === null ? null : checkTransactionHash('txHash', chain, input.txHash)
  return { ...input, txHash }
}

/** Error: `field_invalid`. */
export function checkIsAllowed(intent: PaymentIntent, wanted: NewAuthorization): void {
  const { allowedChains, allowedTokens } = intent
  if (allowedChains !== 'ALL' && !allowedChains.includes(wanted.chainId)) {
    refuseField('chainId', 'is not one of the chains that the payment intent allows')
  }
  if (allowedTokens !== 'ALL' && !allowedTokens.includes(wanted.tokenKey)) {
    refuseField('tokenKey', 'is not one of the tokens that the payment intent allows')
  }
}

function checkList(param: string, list: unknown[]): void {
  if (list.length === 0) refuseField(param, 'is empty; leave it out to allow all')
  if (new Set(list).size < list.length) refuseField(param, 'names one of them twice')
}
