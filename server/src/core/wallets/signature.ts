// Owns whose signature one is: recovered offline with viem, of accounts that are a key.
import { refuseField } from '../fields.ts'

export type Hex = `0x${string}`

/** Half of secp256k1's order: EIP-2 lets no transaction have an `s` above it, nor do tokens. */
const lowSMax = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** `r`, `s`, `v` in 65 bytes. Error: `field_invalid`. */
export function checkSignature(param: string, text: string): Hex {
  if (!/^0x[0-9a-fA-F]{130}$/.test(text)) {
    refuseField(param, 'is not a signature: 0x and 65 bytes in hexadecimal')
  }
  const { s, v } = { s: BigInt(`0x${text.slice(66, 130)}`), v: Number(`0x${text.slice(130)}`) }
  // The other half of the curve holds a second signature for every one: a proof has one form.
  if (s > lowSMax) refuseField(param, 'has an s in the upper half of the order, which EIP-2 bars')
  if (![0, 1, 27, 28].includes(v)) refuseField(param, 'ends in a v that is not 27 or 28')
  return `0x${text.slice(2).toLowerCase()}`
}

export interface TypedData {
  domain: { name: string; version?: string; chainId: number; verifyingContract: Hex }
  types: Record<string, readonly { name: string; type: string }[]>
  primaryType: string
  message: Record<string, unknown>
}

/** What is signed for typed data: the digest of EIP-712. */
export async function hashTyped(typed: TypedData): Promise<Hex> {
  const { hashTypedData } = await import('viem/utils')
  return hashTypedData(typed)
}

/** The address in lower case whose key signed this digest; `null` where no key can have. */
export async function recoverSigner(hash: Hex, signature: Hex): Promise<string | null> {
  const { recoverAddress } = await import('viem/utils')
  return recoverAddress({ hash, signature }).then(
    (address) => address.toLowerCase(),
    // Numbers beyond the curve, or not on it: the form was checked before.
    () => null,
  )
}

/** As wallets sign text: EIP-191. */
export async function recoverMessageSigner(
  message: string,
  signature: Hex,
): Promise<string | null> {
  const { hashMessage } = await import('viem/utils')
  return recoverSigner(hashMessage(message), signature)
}
