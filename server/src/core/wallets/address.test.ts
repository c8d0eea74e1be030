// Owns the proof of addresses: EIP-55 against viem, base58 against its length.
import fc from 'fast-check'
import { isAddress } from 'viem/utils'
import { describe, expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { checkAddress, checkTransactionHash } from './address.ts'
import { checkChain } from './chains.ts'
import { solanaAddress } from './testing/wallet-samples.ts'

const base = checkChain('chainId', 8453)
const solana = checkChain('chainId', 101)
const onBase = (text: string) => ruleOf(() => checkAddress('walletAddress', base, text))
const onSolana = (text: string) => ruleOf(() => checkAddress('walletAddress', solana, text))

/** What it answers, or the rule that refuses it. */
async function ruleOf(check: () => unknown): Promise<unknown> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.param).toBe('walletAddress')
    return error.message.split('. Correct')[0]
  }
}

// The examples of EIP-55.
const published = [
  '0x52908400098527886E0F7030069857D2E4169EE7',
  '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
  '0xde709f2102306220921060314715629080e2fb77',
  '0x27b1fdb04752bbc536007a920d24acb045561c26',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
]

describe('EVM', () => {
  test.each(published)('%s is taken, in any of its three spellings', async (address) => {
    const lower = address.toLowerCase()
    expect(await onBase(address)).toBe(lower)
    expect(await onBase(lower)).toBe(lower)
    expect(await onBase(`0x${address.slice(2).toUpperCase()}`)).toBe(lower)
  })

  test('whatever letters are turned, it is taken exactly where viem takes it', async () => {
    const digits = fc.string({
      unit: fc.constantFrom(...'0123456789abcdefABCDEF'),
      minLength: 40,
      maxLength: 40,
    })
    const nearly = fc
      .tuple(fc.constantFrom(...published), fc.nat({ max: 39 }))
      .map(([address, at]) => turnLetter(address, at + 2).slice(2))
    await fc.assert(
      fc.asyncProperty(fc.oneof(digits, nearly), async (text) => {
        const address = `0x${text}`
        // The library's strict check takes lower case whole, and knows no case that is all upper.
        const isUpper = text === text.toUpperCase()
        const isTaken = isUpper || isAddress(address, { strict: true })
        expect((await onBase(address)) === address.toLowerCase()).toBe(isTaken)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', 'has a wrong EIP-55 checksum'],
    ['0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'begins with 0X'],
    ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae', 'has 39 digits after 0x, not 40'],
    ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed0', 'has 41 digits after 0x, not 40'],
    ['0x', 'has 0 digits after 0x, not 40'],
    ['', 'does not begin with 0x'],
    ['5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'does not begin with 0x'],
    [' 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'does not begin with 0x'],
    ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg', 'is not hexadecimal'],
    ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae\n', 'is not hexadecimal'],
    [solanaAddress, 'does not begin with 0x'],
  ])('%j is refused by the rule it breaks, and not repeated', async (text, rule) => {
    const said = await onBase(text)
    expect(said).toContain(rule)
    if (text.length > 2) expect(said).not.toContain(text)
  })
})

describe('Solana', () => {
  test.each([solanaAddress, '11111111111111111111111111111111'])(
    '%s stays as it is',
    async (text) => {
      expect(await onSolana(text)).toBe(text)
    },
  )

  test.each([
    ['1111111111111111111111111111111', 'is 31 bytes in base58, not 32'],
    ['111111111111111111111111111111111', 'is 33 bytes in base58, not 32'],
    ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'is not base58'],
    [`${solanaAddress} `, 'is not base58'],
    ['', 'is not base58'],
    ['2'.repeat(200), 'is not base58'],
  ])('%j is refused by the rule it breaks', async (text, rule) => {
    expect(await onSolana(text)).toContain(rule)
  })
})

describe('a transaction', () => {
  const ofBase = (text: string) => ruleOf(() => checkTransactionHash('walletAddress', base, text))
  const ofSolana = (text: string) =>
    ruleOf(() => checkTransactionHash('walletAddress', solana, text))

  test('has a hash of 32 bytes on EVM chains, stored in lower case', async () => {
    expect(await ofBase(`0x${'AB'.repeat(32)}`)).toBe(`0x${'ab'.repeat(32)}`)
    for (const bad of [
      '',
      `0x${'ab'.repeat(31)}`,
      `0x${'ab'.repeat(33)}`,
      `0X${'ab'.repeat(32)}`,
    ]) {
      expect(await ofBase(bad)).toContain('is not a transaction hash')
    }
  })

  test('has a signature of 64 bytes on Solana', async () => {
    expect(await ofSolana('1'.repeat(64))).toBe('1'.repeat(64))
    for (const bad of ['', '1'.repeat(63), '1'.repeat(65), `0x${'ab'.repeat(32)}`]) {
      expect(await ofSolana(bad)).toContain('is not a Solana signature')
    }
  })
})

function turnLetter(text: string, at: number): string {
  const letter = text.charAt(at)
  const turned = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
  return text.slice(0, at) + turned + text.slice(at + 1)
}
