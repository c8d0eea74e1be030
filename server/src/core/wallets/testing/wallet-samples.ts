// Owns accounts whose keys are known, and what they sign: for tests of wallets.
import { privateKeyToAccount } from 'viem/accounts'
import { keccak256, toHex } from 'viem/utils'
import { typedPermit } from '../permit.ts'
import type { Permit } from '../wallet.ts'

/** A key that anyone can make again from its word, as the one of the EIP-712 example. */
export const accountOf = (word: string) => privateKeyToAccount(keccak256(toHex(word)))

/** The signer of the example in EIP-712. */
export const cow = accountOf('cow')
export const other = accountOf('another wallet')

export const addressOf = (account: { address: string }) => account.address.toLowerCase()

export const baseChain = 8453
export const token = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'

/** Valid until the year 2100. */
export const lateDeadline = 4_102_444_800

export const unsigned: Permit = {
  token,
  spender: '0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45',
  value: '25000000',
  nonce: '0',
  deadline: lateDeadline,
  signature: '',
  domain: { name: 'USD Coin', version: '2', chainId: baseChain, verifyingContract: token },
}

/** Signed by the account, for the owner it names: itself unless another is given. */
export async function signPermit(
  account: ReturnType<typeof accountOf>,
  more: Partial<Permit> = {},
  owner = addressOf(account),
): Promise<Permit> {
  const permit = { ...unsigned, ...more }
  const signature = await account.signTypedData(typedPermit(permit, owner))
  return { ...permit, signature }
}

/** secp256k1's order. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The second signature that the curve has for every one. */
export function mirrored(signature: string): string {
  const s = order - BigInt(`0x${signature.slice(66, 130)}`)
  const v = signature.endsWith('1b') ? '1c' : '1b'
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}`
}

export const solanaAddress = '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU'
export const hashOf = (word: string) => keccak256(toHex(word))
