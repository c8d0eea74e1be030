// Owns the proof of signatures, by the example that EIP-712 publishes.
import { expect, test } from 'vitest'
import { refused } from '../../../../test/refused.ts'
import { fieldErrors } from '../fields.ts'
import { checkSignature, hashTyped, recoverMessageSigner, recoverSigner } from './signature.ts'
import { addressOf, cow, hashOf, mirrored } from './testing/wallet-samples.ts'

/** Source: EIP-712, "Test Cases", and its Example.js. */
const mail = {
  domain: {
    name: 'Ether Mail',
    version: '1',
    chainId: 1,
    verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC',
  },
  types: {
    Person: [
      { name: 'name', type: 'string' },
      { name: 'wallet', type: 'address' },
    ],
    Mail: [
      { name: 'from', type: 'Person' },
      { name: 'to', type: 'Person' },
      { name: 'contents', type: 'string' },
    ],
  },
  primaryType: 'Mail',
  message: {
    from: { name: 'Cow', wallet: '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826' },
    to: { name: 'Bob', wallet: '0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB' },
    contents: 'Hello, Bob!',
  },
} as const
const digest = '0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2'
const signature =
  '0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d' +
  '07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c'

test('the published mail has the published digest', async () => {
  expect(await hashTyped(mail)).toBe(digest)
})

test('the published signature is of the published signer', async () => {
  const signer = await recoverSigner(digest, checkSignature('signature', signature))
  expect(signer).toBe('0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826')
  expect(addressOf(cow)).toBe(signer)
})

test('a v of 0 or 1 says the same as 27 or 28, and one in upper case is the same', async () => {
  for (const spelling of [`${signature.slice(0, -2)}01`, `0x${signature.slice(2).toUpperCase()}`]) {
    expect(await recoverSigner(digest, checkSignature('s', spelling))).toBe(addressOf(cow))
  }
})

test('one changed letter of the mail is another signer', async () => {
  const changed = { ...mail, message: { ...mail.message, contents: 'Hello, Bob?' } }
  const signer = await recoverSigner(await hashTyped(changed), checkSignature('s', signature))
  expect(signer).not.toBe(addressOf(cow))
})

test('a message is recovered as wallets sign it (EIP-191)', async () => {
  const signed = await cow.signMessage({ message: 'moo' })
  expect(await recoverMessageSigner('moo', checkSignature('s', signed))).toBe(addressOf(cow))
  expect(await recoverMessageSigner('Moo', checkSignature('s', signed))).not.toBe(addressOf(cow))
})

test('numbers that are not on the curve have no signer', async () => {
  const r = 'f'.repeat(64)
  const none = checkSignature('signature', `0x${r}${'1'.padStart(64, '0')}1b`)
  expect(await recoverSigner(hashOf('anything'), none)).toBeNull()
  const zeros = checkSignature('signature', `0x${'0'.repeat(128)}1b`)
  expect(await recoverSigner(hashOf('anything'), zeros)).toBeNull()
})

test.each([
  ['nothing', '', 'is not a signature'],
  ['64 bytes', signature.slice(0, -2), 'is not a signature'],
  ['66 bytes', `${signature}00`, 'is not a signature'],
  ['0X', signature.replace('0x', '0X'), 'is not a signature'],
  ['another letter', signature.replace('4355', 'g355'), 'is not a signature'],
  ['a v of 29', `${signature.slice(0, -2)}1d`, 'ends in a v'],
  ['the second signature that the curve has', mirrored(signature), 'upper half'],
])('%s is refused', async (_name, text, rule) => {
  const error = await refused(() => checkSignature('signature', text))
  expect([error.definition, error.param]).toEqual([fieldErrors.field_invalid, 'signature'])
  expect(error.message).toContain(rule)
})
