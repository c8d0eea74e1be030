// Owns decimal amounts of money: text at the border, integer minor units inside.
import { Big } from 'big.js'

/** Largest amount in minor units: 13 whole digits, well inside a 53-bit integer. */
export const amountMinorMax = 999_999_999_999_999

const decimalAmount = /^(?:0|[1-9]\d{0,12})(?:\.\d{1,2})?$/

/** `"5000.00"` → 500000; `null` when the text is not a plain decimal with at most two places. */
export function parseAmount(text: string): number | null {
  if (!decimalAmount.test(text)) return null
  return new Big(text).times(100).toNumber()
}

/** 500000 → `"5000.00"`. */
export function printAmount(minor: number): string {
  return new Big(minor).div(100).toFixed(2)
}
