// Owns the outcomes of challenges and their answers on a real database.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { refused } from '../../../../test/refused.ts'
import type { ErrorDefinition } from '../errors.ts'
import { fieldErrors } from '../fields.ts'
import { challengeAgeMsMax } from './challenge-message.ts'
import {
  createChallenge,
  forgetChallenges,
  proveOwnership,
  readOwnershipProof,
} from './ownership-service.ts'
import { cow, other, solanaAddress } from './testing/wallet-samples.ts'
import { openWalletBench, type WalletBench } from './testing/wallets-of-server.ts'
import { walletErrors } from './wallet.ts'
import { removeWallet, type WalletKey } from './wallet-service.ts'

let bench: WalletBench
let key: WalletKey
beforeAll(async () => {
  bench = await openWalletBench()
})
beforeEach(async () => {
  key = await bench.newWallet()
})
afterAll(() => bench.server.close())

const challenge = (of = key) => createChallenge(bench.context, of)
const sign = async (message: string, account = cow) => ({
  message,
  signature: await account.signMessage({ message }),
})
const prove = async (proof: { message: string; signature: string }, of = key) =>
  proveOwnership(bench.context, of, await readOwnershipProof(proof))

/** The refusal, after which the wallet and its history are what they were. */
async function refusedWith(
  proof: { message: string; signature: string },
  of = key,
): Promise<[ErrorDefinition, string | undefined]> {
  const before = [await bench.walletOf(of), await bench.historyOf(of.customerId)]
  const { definition, param } = await refused(() => prove(proof, of))
  expect([await bench.walletOf(of), await bench.historyOf(of.customerId)]).toEqual(before)
  return [definition, param]
}
const invalid = fieldErrors.field_invalid

test('a challenge that the wallet signs marks when its owner was verified', async () => {
  const { message, nonce, expiresAt } = await challenge()
  expect(nonce).toMatch(/^[0-9a-f]{32}$/)
  expect(expiresAt - bench.context.clock.now()).toBeGreaterThan(challengeAgeMsMax - 60_000)
  expect(await bench.historyOf(key.customerId)).toHaveLength(2)
  const wallet = await prove(await sign(message))
  const { ownershipVerifiedAt } = wallet
  expect(ownershipVerifiedAt).toBe(wallet.updatedAt)
  expect(ownershipVerifiedAt).toBeGreaterThanOrEqual(wallet.createdAt)
  expect(await bench.walletOf(key)).toEqual(wallet)
  expect((await bench.historyOf(key.customerId)).at(-1)).toBe(
    '3 customer.wallet.ownership_verified',
  )
  expect(await bench.lastChangesOf(key.customerId)).toEqual({
    walletId: key.walletId,
    ownershipVerifiedAt,
  })
})

test('no two challenges are the same, and each can be answered', async () => {
  const first = await challenge()
  const second = await challenge()
  expect(first.nonce).not.toBe(second.nonce)
  await prove(await sign(second.message))
  await prove(await sign(first.message))
  expect(await bench.historyOf(key.customerId)).toHaveLength(4)
})

test('a challenge is used once, also by twenty at once', async () => {
  const proof = await sign((await challenge()).message)
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => prove(proof)))
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await refusedWith(proof)).toEqual([walletErrors.challenge_used, 'message'])
  expect(await bench.historyOf(key.customerId)).toHaveLength(3)
})

test('a refused answer leaves the challenge to be answered', async () => {
  const { message } = await challenge()
  expect(await refusedWith(await sign(message, other))).toEqual([invalid, 'signature'])
  await prove(await sign(message))
})

test('what is not the message that was given, character by character, is refused', async () => {
  const { message } = await challenge()
  for (const altered of [
    message.replace('https://', 'http://'),
    message.replace('moves nothing', 'moves everything'),
    message.replace('Chain ID: 8453', 'Chain ID: 1'),
    message.replace(/Expiration Time: 2/, 'Expiration Time: 3'),
    message.replace(key.walletId, crypto.randomUUID()),
    message.replace(cow.address, other.address),
    `${message}\nResources:\n- https://example.com`,
    `${message}\n`,
  ]) {
    expect(altered).not.toBe(message)
    expect(await refusedWith(await sign(altered))).toEqual([invalid, 'message'])
  }
  const nonce = /Nonce: (\w+)/.exec(message)?.[1] ?? ''
  const guessed = message.replace(nonce, nonce.split('').reverse().join(''))
  expect(await refusedWith(await sign(guessed))).toEqual([invalid, 'message'])
  expect(await refusedWith(await sign('hello'))).toEqual([invalid, 'message'])
})

test('a challenge is of one wallet', async () => {
  const { message } = await challenge()
  const another = await bench.newWallet({ customerId: key.customerId, chainId: 1 })
  expect(await refusedWith(await sign(message), another)).toEqual([invalid, 'message'])
  const ofAnotherCustomer = await bench.newWallet()
  expect(await refusedWith(await sign(message), ofAnotherCustomer)).toEqual([invalid, 'message'])
})

test('a challenge is of no use from the instant at which it expires', async () => {
  const { message, expiresAt } = await challenge()
  const proof = await readOwnershipProof(await sign(message))
  const at = (now: number) => ({
    ...bench.context,
    clock: { ...bench.context.clock, now: () => now },
  })
  const error = await refused(() => proveOwnership(at(expiresAt), key, proof))
  expect([error.definition, error.param]).toEqual([invalid, 'message'])
  expect((await proveOwnership(at(expiresAt - 1), key, proof)).ownershipVerifiedAt).toBe(
    expiresAt - 1,
  )
})

test('Solana has no such challenge', async () => {
  const onSolana = await bench.newWallet({ chainId: 101, address: solanaAddress })
  const error = await refused(() => challenge(onSolana))
  expect(error.definition).toBe(invalid)
  expect(error.message).toContain('EVM chains only')
})

test('a wallet that is gone has no challenge', async () => {
  const { message } = await challenge()
  await removeWallet(bench.context, key)
  const { definition } = await refused(() => challenge())
  expect(definition).toBe(walletErrors.wallet_not_found)
  const proof = await readOwnershipProof(await sign(message))
  const error = await refused(() => proveOwnership(bench.context, key, proof))
  expect(error.definition).toBe(walletErrors.wallet_not_found)
})

test('challenges that have expired are forgotten, a few at a time, and no others', async () => {
  bench.server.clock.advance(challengeAgeMsMax + 1)
  expect(await forgetChallenges(bench.context, 1_000)).toBeLessThan(1_000)
  for (let made = 0; made < 5; made += 1) await challenge()
  bench.server.clock.advance(challengeAgeMsMax / 2)
  const young = await challenge()
  bench.server.clock.advance(challengeAgeMsMax / 2 + 1)
  expect(await forgetChallenges(bench.context, 3)).toBe(3)
  expect(await forgetChallenges(bench.context, 3)).toBe(2)
  expect(await forgetChallenges(bench.context, 3)).toBe(0)
  await prove(await sign(young.message))
})
