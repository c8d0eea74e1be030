// Owns the proof that the chains are those of the contract, under the names that viem has.

import * as known from 'viem/chains'
import { expect, test } from 'vitest'
import { refused } from '../../../../test/refused.ts'
import { fieldErrors } from '../fields.ts'
import { chains, checkChain, findChain, requireEvm } from './chains.ts'

test('the chains of the contract are known, and no other', () => {
  const evm = [1, 10, 56, 137, 8453, 42161, 43114, 11155111, 80002, 84532]
  expect(chains.map(({ chainId }) => chainId)).toEqual([...evm, 101, 102, 103])
})

test('every EVM chain has the name that viem has', () => {
  const all: { id: number; name: string }[] = Object.values(known).filter(
    (one) => typeof one === 'object',
  )
  for (const { chainId, name } of chains.filter(({ family }) => family === 'evm')) {
    const names = all.filter(({ id }) => id === chainId).map((one) => one.name)
    expect(names).toContain(name)
  }
})

test.each([0, 2, 100, 104, -1, 8453.5, 2 ** 53])(
  '%s is no chain, and the known ones are named',
  async (chainId) => {
    expect(findChain(chainId)).toBeNull()
    const error = await refused(() => checkChain('chainId', chainId))
    expect([error.definition, error.param]).toEqual([fieldErrors.field_invalid, 'chainId'])
    for (const chain of chains) expect(error.message).toContain(`${chain.chainId} ${chain.name}`)
  },
)

test('what only EVM chains have is refused for Solana', async () => {
  expect((await refused(() => requireEvm('type', 101))).param).toBe('type')
  expect(() => requireEvm('type', 1)).not.toThrow()
})
