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
  const sign = minor < 0 ? '-' : ''
  const digits = String(Math.abs(minor)).padStart(3, '0')
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Digits after the point of a currency that ISO 4217 does not list. */
const tokenDigits: ReadonlyMap<string, number> = new Map([
  ['USDC', 6],
  ['USDT', 6],
  ['USDM', 6],
  ['USDB', 6],
  ['PYUSD', 6],
  ['EURC', 6],
  ['BRLA', 2],
  ['ARSA', 2],
])

/**
 * Digits of a currency's minor unit: ISO 4217's, and for stable tokens six, or those of the money
 * they stand for. `null` for a currency that nobody here knows.
 */
export function minorDigits(currency: string): number | null {
  const token = tokenDigits.get(currency)
  if (token !== undefined) return token
  if (!isoCurrencies.has(currency)) return null
  return oddDigits.get(currency) ?? 2
}

/**
 * ISO 4217 (list one of the maintenance agency): all that have not two. `Intl` says how people
 * print an amount, which for the rupiah or the peso of Colombia is without the minor unit.
 */
const oddDigits: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
  }).flatMap(([digits, codes]) => codes.split(' ').map((code) => [code, Number(digits)])),
)

const isoCurrencies: ReadonlySet<string> = new Set([
  ...Intl.supportedValuesOf('currency'),
  ...oddDigits.keys(),
])

/**
 * `("40.25", "USDC")` → 40250000. What is below the minor unit is cut off, never rounded up.
 * `null` when the text is no plain decimal, the currency is unknown, or the number is not exact.
 */
export function toMinorUnits(decimal: string, currency: string): number | null {
  const digits = minorDigits(currency)
  if (digits === null || !/^-?\d{1,30}(?:\.\d{1,30})?$/.test(decimal)) return null
  const minor = new Big(decimal).times(new Big(10).pow(digits)).round(0, Big.roundDown).toNumber()
  if (!Number.isSafeInteger(minor)) return null
  // Never -0, which is another value to whoever compares.
  return minor === 0 ? 0 : minor
}
