// Owns the rules of addresses and transaction hashes on each family of chains.
import { refuseField } from '../fields.ts'
import { decodeBase58 } from './base58.ts'
import type { Chain } from './chains.ts'

/** In the form that is stored and compared. Error: `field_invalid`; the value is not repeated. */
export async function checkAddress(param: string, chain: Chain, text: string): Promise<string> {
  return chain.family === 'evm' ? checkEvmAddress(param, text) : checkSolanaAddress(param, text)
}

/** `0x` and 40 hexadecimal digits; answered in lower case. Mixed case must pass EIP-55. */
export async function checkEvmAddress(param: string, text: string): Promise<string> {
  if (text.startsWith('0X')) refuseField(param, 'begins with 0X; an address begins with 0x')
  if (!text.startsWith('0x')) refuseField(param, 'does not begin with 0x')
  const digits = text.slice(2)
  if (!/^[0-9a-f]*$/i.test(digits)) refuseField(param, 'is not hexadecimal after 0x')
  if (digits.length !== 40) refuseField(param, `has ${digits.length} digits after 0x, not 40`)
  const lower = digits.toLowerCase()
  const isMixed = digits !== lower && digits !== digits.toUpperCase()
  if (isMixed && text !== (await toChecksumAddress(`0x${lower}`))) {
    refuseField(param, 'has a wrong EIP-55 checksum; check each letter, or send it in lower case')
  }
  return `0x${lower}`
}

/** As EIP-55 spells it. */
export async function toChecksumAddress(address: string): Promise<string> {
  const { getAddress } = await import('viem/utils')
  return getAddress(`0x${address.slice(2)}`)
}

const solanaKeyBytes = 32
const solanaSignatureBytes = 64

/** Base58 of 32 bytes; case counts, so it stays as it is. */
export function checkSolanaAddress(param: string, text: string): string {
  const bytes = decodeBase58(text)
  if (bytes === null) refuseField(param, 'is not base58')
  if (bytes.length !== solanaKeyBytes) {
    refuseField(param, `is ${bytes.length} bytes in base58, not ${solanaKeyBytes}`)
  }
  return text
}

/** A transaction's name on its chain, in the form that is stored. Error: `field_invalid`. */
export function checkTransactionHash(param: string, chain: Chain, text: string): string {
  if (chain.family === 'solana') {
    if (decodeBase58(text)?.length === solanaSignatureBytes) return text
    return refuseField(param, 'is not a Solana signature: 64 bytes in base58')
  }
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase()
  return refuseField(param, 'is not a transaction hash: 0x and 64 hexadecimal digits')
}
