// Owns making account numbers that the Argentine rail accepts, one for each count.

/** A valid CBU of 22 digits; another one for each `count` below 10^13. */
export function cbuOf(count: number): string {
  const bank = '0070327'
  const account = String(count).padStart(13, '0')
  return (
    bank +
    checkDigit(bank, [7, 1, 3, 9, 7, 1, 3]) +
    account +
    checkDigit(account, [3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3])
  )
}

function checkDigit(digits: string, weights: number[]): number {
  let sum = 0
  for (const [position, weight] of weights.entries()) sum += weight * Number(digits[position])
  return (10 - (sum % 10)) % 10
}
