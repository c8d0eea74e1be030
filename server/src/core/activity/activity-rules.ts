// Owns the rules of single fields that payment intents, invoices and subscriptions share.
import { amountMinorMax, minorDigits, parseAmount } from '../../lib/money.ts'
import type { Mode } from '../context.ts'
import { refuseField } from '../fields.ts'
import { type Chain, checkChain } from '../wallets/chains.ts'

export const urlLengthMax = 2_048
export const referenceLengthMax = 255
export const reasonLengthMax = 500
export const memoLengthMax = 1_000
export const itemDescriptionLengthMax = 500
export const itemsMax = 100

/** `"25.00"` → 2500. */
export function checkAmount(param: string, text: string): number {
  const minor = parseAmount(text)
  if (minor === null) {
    refuseField(param, 'is not a decimal like "25.00" with at most two places, below 10^13')
  }
  if (minor === 0) refuseField(param, 'is not above zero')
  return minor
}

/** The sum of amounts times quantities, in hundredths. */
export function checkSubtotal(
  param: string,
  items: { amountMinor: number; quantity: number }[],
): number {
  let subtotal = 0
  for (const { amountMinor, quantity } of items) {
    // Divided, not multiplied: the product need not be a number that can be told exactly.
    if (quantity > (amountMinorMax - subtotal) / amountMinor) {
      refuseField(param, 'come to 10^13 or more')
    }
    subtotal += amountMinor * quantity
  }
  return subtotal
}

/** ISO 4217; the stable tokens of lib/money.ts have longer names. */
export function checkCurrency(param: string, code: string): string {
  if (!/^[A-Z]{3}$/.test(code) || minorDigits(code) === null) {
    refuseField(param, 'is not an ISO 4217 code such as USD')
  }
  return code
}

/** `USDC-8453`: the token's symbol and the chain that it is on. */
export function checkTokenKey(param: string, key: string): Chain {
  const parts = /^([A-Za-z0-9.]{1,20})-([1-9]\d{0,9})$/.exec(key)
  if (!parts) refuseField(param, 'is not a symbol and a chain like USDC-8453')
  return checkChain(param, Number(parts[2]))
}

/** Up to 18 places, as the smallest unit of most tokens. */
export function checkCryptoAmount(param: string, text: string): string {
  if (!/^(?:0|[1-9]\d{0,29})(?:\.\d{1,18})?$/.test(text)) {
    refuseField(param, 'is not a decimal like "25.5" with at most 18 places')
  }
  if (!/[1-9]/.test(text)) refuseField(param, 'is not above zero')
  return text
}

/** Where a browser is sent: https, and http as well in test mode, where machines are one's own. */
export function checkReturnUrl(param: string, text: string, mode: Mode): string {
  if (text.length > urlLengthMax) refuseField(param, `is longer than ${urlLengthMax} characters`)
  const isPlain = text.isWellFormed() && !/[\s\p{Cc}]/u.test(text)
  const url = isPlain && /^https?:\/\//i.test(text) ? URL.parse(text) : null
  if (url === null) refuseField(param, 'is not a URL like https://example.com/thanks')
  if (url.protocol !== 'https:' && mode !== 'test') refuseField(param, 'does not begin with https')
  if (url.username !== '' || url.password !== '') refuseField(param, 'carries a user or a password')
  return text
}
