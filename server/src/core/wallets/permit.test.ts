// Owns the proof of permits, by what EIP-2612 and a token on chain publish, and member by member.

import { concat, encodeAbiParameters, keccak256, parseAbiParameters } from 'viem/utils'
import { describe, expect, test } from 'vitest'
import { refused } from '../../../../test/refused.ts'
import { fieldErrors } from '../fields.ts'
import { checkPermit, typedPermit } from './permit.ts'
import { hashTyped } from './signature.ts'
import {
  addressOf,
  baseChain,
  cow,
  mirrored,
  other,
  signPermit,
  token,
  unsigned,
} from './testing/wallet-samples.ts'
import type { Permit } from './wallet.ts'

const wallet = { chainId: baseChain, address: addressOf(cow) }

describe('published values', () => {
  /** Source: EIP-2612, "Specification". */
  const permitTypeHash = '0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9'
  /** Source: `DOMAIN_SEPARATOR()` of USD Coin on Ethereum. */
  const separator = '0x06c37168a7db5138defc7866392bb87a741f9b3d104deb5094588ce041cae335'
  const usdc = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
  const permit: Permit = {
    token: usdc,
    spender: '0x2222222222222222222222222222222222222222',
    value: '1000000',
    nonce: '7',
    deadline: 1_700_000_000,
    signature: '',
    domain: { name: 'USD Coin', version: '2', chainId: 1, verifyingContract: usdc },
  }
  const owner = '0x1111111111111111111111111111111111111111'

  test('the digest is that of the type and the domain that are published', async () => {
    const struct = encodeAbiParameters(
      parseAbiParameters('bytes32, address, address, uint256, uint256, uint256'),
      [
        permitTypeHash,
        owner,
        '0x2222222222222222222222222222222222222222',
        1_000_000n,
        7n,
        1_700_000_000n,
      ],
    )
    const digest = keccak256(concat(['0x1901', separator, keccak256(struct)]))
    expect(await hashTyped(typedPermit(permit, owner))).toBe(digest)
    expect(digest).toBe('0x5d50fab304dbec46f631dd24a2c8ca5f6cbc9ef54e3305755ea6b7e8344e9994')
  })
})

describe('taken', () => {
  test('what the wallet has signed, with addresses in lower case', async () => {
    const signed = await signPermit(cow)
    const checked = await checkPermit(signed, wallet)
    expect(checked.permit).toEqual(signed)
    expect(checked.digest).toBe(await hashTyped(typedPermit(signed, wallet.address)))
    const upper = `0x${token.slice(2).toUpperCase()}`
    const domain = { ...signed.domain, verifyingContract: upper }
    const spelled = { ...signed, token: upper, domain }
    expect(await checkPermit(spelled, wallet)).toEqual(checked)
  })

  test('a domain without a version, and the largest numbers', async () => {
    const most = (2n ** 256n - 1n).toString()
    const domain = { ...unsigned.domain, version: null }
    const signed = await signPermit(cow, { domain, value: most, nonce: most })
    expect((await checkPermit(signed, wallet)).permit).toEqual(signed)
    const last = await signPermit(cow, { deadline: 253_402_300_799 })
    expect((await checkPermit(last, wallet)).permit.deadline).toBe(253_402_300_799)
  })
})

describe('refused', () => {
  const paramOf = async (permit: Permit, of = wallet) => {
    const error = await refused(() => checkPermit(permit, of))
    expect(error.definition).toBe(fieldErrors.field_invalid)
    return error.param
  }

  test('what another wallet has signed, for itself or in this one’s name', async () => {
    expect(await paramOf(await signPermit(other))).toBe('signature')
    expect(await paramOf(await signPermit(other, {}, wallet.address))).toBe('signature')
  })

  test('what this wallet has signed, given for another wallet', async () => {
    const permit = await signPermit(cow)
    const another = { chainId: baseChain, address: addressOf(other) }
    expect(await paramOf(permit, another)).toBe('signature')
  })

  test('what is for another chain, signed so or altered', async () => {
    const domain = { ...unsigned.domain, chainId: 1 }
    expect(await paramOf(await signPermit(cow, { domain }))).toBe('domain.chainId')
    expect(await paramOf({ ...(await signPermit(cow)), domain })).toBe('domain.chainId')
    expect(await paramOf(await signPermit(cow), { ...wallet, chainId: 1 })).toBe('domain.chainId')
  })

  test('a contract in the domain that is not the token', async () => {
    const verifyingContract = unsigned.spender
    const domain = { ...unsigned.domain, verifyingContract }
    expect(await paramOf(await signPermit(cow, { domain }))).toBe('domain.verifyingContract')
  })

  test.each<[string, Partial<Permit>]>([
    [
      'the token',
      {
        token: unsigned.spender,
        domain: { ...unsigned.domain, verifyingContract: unsigned.spender },
      },
    ],
    ['the spender', { spender: token }],
    ['the value', { value: '25000001' }],
    ['the nonce', { nonce: '1' }],
    ['the deadline', { deadline: unsigned.deadline + 1 }],
    ['the name of the domain', { domain: { ...unsigned.domain, name: 'USDC' } }],
    ['the version of the domain', { domain: { ...unsigned.domain, version: '1' } }],
    ['the lack of a version', { domain: { ...unsigned.domain, version: null } }],
  ])('%s, when it is not what was signed', async (_name, changed) => {
    expect(await paramOf({ ...(await signPermit(cow)), ...changed })).toBe('signature')
  })

  test('the second signature that the curve has', async () => {
    const signed = await signPermit(cow)
    expect(await paramOf({ ...signed, signature: mirrored(signed.signature) })).toBe('signature')
  })

  test.each<[string, Partial<Permit>]>([
    ['value', { value: '0' }],
    ['value', { value: '' }],
    ['value', { value: '-1' }],
    ['value', { value: '1.5' }],
    ['value', { value: '1e3' }],
    ['value', { value: '0x10' }],
    ['value', { value: '01' }],
    ['value', { value: (2n ** 256n).toString() }],
    ['nonce', { nonce: 'x' }],
    ['deadline', { deadline: 0 }],
    ['deadline', { deadline: -1 }],
    ['deadline', { deadline: 1.5 }],
    ['deadline', { deadline: 253_402_300_800 }],
    // Milliseconds.
    ['deadline', { deadline: unsigned.deadline * 1000 }],
    ['token', { token: '0x' }],
    ['spender', { spender: 'nobody' }],
    ['signature', { signature: '0x' }],
    ['domain.name', { domain: { ...unsigned.domain, name: '\ud800' } }],
    ['domain.version', { domain: { ...unsigned.domain, version: '\udc00' } }],
  ])('%s in a form that is none: %j', async (param, more) => {
    expect(await paramOf({ ...(await signPermit(cow)), ...more })).toBe(param)
  })

  test('a permit on a chain that has none', async () => {
    expect(await paramOf(await signPermit(cow), { ...wallet, chainId: 101 })).toBe('type')
  })
})
