// Owns reading base58, the form of addresses and signatures on Solana.

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** A signature of 64 bytes takes 88; the work grows with the square of the length. */
const lengthMax = 128

/** The bytes behind the text, or `null` where it is not base58. */
export function decodeBase58(text: string): Buffer | null {
  if (text === '' || text.length > lengthMax) return null
  let value = 0n
  for (const letter of text) {
    const digit = alphabet.indexOf(letter)
    if (digit < 0) return null
    value = value * 58n + BigInt(digit)
  }
  // Each leading 1 is a byte of zero, which the number itself cannot say.
  const zeros = text.length - text.replace(/^1+/, '').length
  const hex = value === 0n ? '' : value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.alloc(zeros), bytes])
}
