// Owns what makes a permit good: EIP-2612, signed by the wallet as EIP-712 typed data.
import { refuseField } from '../fields.ts'
import { checkEvmAddress } from './address.ts'
import { requireEvm } from './chains.ts'
import { checkSignature, type Hex, hashTyped, recoverSigner, type TypedData } from './signature.ts'
import type { Permit } from './wallet.ts'

/** A permit that the wallet has signed, in its stored form, and the digest that names it. */
export interface CheckedPermit {
  permit: Permit
  digest: Hex
}

/**
 * Whether its deadline has passed is for the clock to say, and not asked here. Error:
 * `field_invalid`.
 */
export async function checkPermit(
  given: Permit,
  wallet: { chainId: number; address: string },
): Promise<CheckedPermit> {
  requireEvm('type', wallet.chainId)
  const permit = await checkForm(given)
  if (permit.domain.chainId !== wallet.chainId) {
    refuseField('domain.chainId', "is not the wallet's chain")
  }
  if (permit.domain.verifyingContract !== permit.token) {
    refuseField('domain.verifyingContract', 'is not the token')
  }
  const digest = await hashTyped(typedPermit(permit, wallet.address))
  const signer = await recoverSigner(digest, toHex(permit.signature))
  if (signer !== wallet.address) {
    refuseField('signature', "is not the wallet's, for this token, spender, value and domain")
  }
  return { permit, digest }
}

/** What the wallet's owner signs. */
export function typedPermit(permit: Permit, owner: string): TypedData {
  const { token, spender, value, nonce, deadline, domain } = permit
  const { name, version, chainId } = domain
  return {
    domain: {
      name,
      ...(version === null ? {} : { version }),
      chainId,
      verifyingContract: toHex(token),
    },
    types: { Permit: permitType },
    primaryType: 'Permit',
    message: {
      owner,
      spender,
      value: BigInt(value),
      nonce: BigInt(nonce),
      deadline: BigInt(deadline),
    },
  }
}

/** Source: EIP-2612, "Specification". */
const permitType = [
  { name: 'owner', type: 'address' },
  { name: 'spender', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'nonce', type: 'uint256' },
  { name: 'deadline', type: 'uint256' },
]

async function checkForm(given: Permit): Promise<Permit> {
  const { domain } = given
  if (checkUint256('value', given.value) === 0n) refuseField('value', 'is 0, which allows nothing')
  checkUint256('nonce', given.nonce)
  checkDeadline(given.deadline)
  if (!domain.name.isWellFormed()) refuseField('domain.name', 'holds half of a surrogate pair')
  if (domain.version?.isWellFormed() === false) {
    refuseField('domain.version', 'holds half of a surrogate pair')
  }
  const verifyingContract = await checkEvmAddress(
    'domain.verifyingContract',
    domain.verifyingContract,
  )
  return {
    ...given,
    token: await checkEvmAddress('token', given.token),
    spender: await checkEvmAddress('spender', given.spender),
    signature: checkSignature('signature', given.signature),
    domain: { ...domain, verifyingContract },
  }
}

const uint256Max = 2n ** 256n - 1n

function checkUint256(param: string, text: string): bigint {
  const isDecimal = /^(?:0|[1-9]\d{0,77})$/.test(text)
  if (!isDecimal || BigInt(text) > uint256Max) {
    refuseField(param, 'is not a whole number from 0 to 2^256 - 1 in decimal text')
  }
  return BigInt(text)
}

/** 9999-12-31T23:59:59Z: the last that ISO 8601 prints with four digits. */
const deadlineMax = 253_402_300_799

/** A deadline in milliseconds, the usual slip, lies beyond. */
function checkDeadline(deadline: number): void {
  const isGood = Number.isSafeInteger(deadline) && deadline > 0 && deadline <= deadlineMax
  if (!isGood) refuseField('deadline', 'is not a time in seconds since 1970, before the year 10000')
}

function toHex(text: string): Hex {
  return `0x${text.slice(2)}`
}
