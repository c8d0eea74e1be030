// Owns the outcomes of POST /customers/{id}/wallets/{walletId}/ownership.
import { describe, expect, test } from 'vitest'
import { cow, mirrored, other } from '../../core/wallets/testing/wallet-samples.ts'
import { refusal, refusalOf, wireTime } from './test-customers.ts'
import { lostPaths, type OpenWallet, testWallets } from './test-wallets.ts'

const wallets = testWallets()
const prove = (path: string, body: unknown, headers = {}) =>
  wallets.call('POST', `${path}/ownership`, { body, headers })
const challenge = async ({ path }: OpenWallet): Promise<string> =>
  (await wallets.call('POST', `${path}/challenge`, { body: {} })).json.data.message
const sign = async (message: string, account = cow) => ({
  message,
  signature: await account.signMessage({ message }),
})

describe('200', () => {
  test('the wallet is verified, and stays so', async () => {
    const open = await wallets.openWallet()
    const answer = await prove(open.path, await sign(await challenge(open)))
    expect(answer.status).toBe(200)
    const { ownershipVerifiedAt } = answer.json.data
    expect(ownershipVerifiedAt).toMatch(wireTime)
    const verified = { ...open.data, ownershipVerifiedAt, updatedAt: ownershipVerifiedAt }
    expect(answer.json).toEqual({ success: true, data: verified })
    expect(await wallets.shownWallets(open.customerId)).toEqual([verified])
    expect(await wallets.historyOf(open.customerId)).toEqual([
      '1 customer.created',
      '2 customer.wallet.added',
      '3 customer.wallet.ownership_verified',
    ])
  })

  test('a repeat with its idempotency key is the same answer, though the time is over', async () => {
    const open = await wallets.openWallet()
    const proof = await sign(await challenge(open))
    const headers = { 'idempotency-key': 'prove-once' }
    const first = await prove(open.path, proof, headers)
    wallets.server.clock.advance(11 * 60_000)
    const second = await prove(open.path, proof, headers)
    expect([second.status, second.text]).toEqual([200, first.text])
    expect(second.headers.get('idempotent-replayed')).toBe('true')
  })
})

/** The answer to a refused proof, after which everything is what it was. */
async function refusedTo(open: OpenWallet, body: unknown) {
  const before = [
    await wallets.shownWallets(open.customerId),
    await wallets.historyOf(open.customerId),
  ]
  const answer = await prove(open.path, body)
  const after = [
    await wallets.shownWallets(open.customerId),
    await wallets.historyOf(open.customerId),
  ]
  expect(after).toEqual(before)
  return refusalOf(answer)
}

describe('400', () => {
  test('another wallet has signed, or another message', async () => {
    const open = await wallets.openWallet()
    const message = await challenge(open)
    const { signature } = await sign(message)
    const theirs = await sign(message, other)
    const altered = { message: message.replace('nothing.', 'all.'), signature }
    const wrong = refusal(400, 'VALIDATION_ERROR', 'signature')
    expect(await refusedTo(open, theirs)).toEqual(wrong)
    expect(await refusedTo(open, { message, signature: mirrored(signature) })).toEqual(wrong)
    expect(await refusedTo(open, { message, signature: signature.slice(0, -2) })).toEqual(wrong)
    const strange = refusal(400, 'VALIDATION_ERROR', 'message')
    expect(await refusedTo(open, altered)).toEqual(strange)
    expect((await prove(open.path, { message, signature })).status).toBe(200)
  })

  test('a challenge that has expired', async () => {
    const open = await wallets.openWallet()
    const proof = await sign(await challenge(open))
    wallets.server.clock.advance(10 * 60_000)
    expect(await refusedTo(open, proof)).toEqual(refusal(400, 'VALIDATION_ERROR', 'message'))
  })

  test('a challenge of another wallet', async () => {
    const open = await wallets.openWallet()
    const theirs = await wallets.openWallet({ chainId: 1 })
    const proof = await sign(await challenge(theirs))
    expect(await refusedTo(open, proof)).toEqual(refusal(400, 'VALIDATION_ERROR', 'message'))
  })

  test.each<[string, object, string[]]>([
    ['nothing', {}, ['message', 'signature']],
    [
      'a message that is none',
      { message: 'moo', signature: `0x${'1'.repeat(128)}1b` },
      ['message'],
    ],
    ['a signature that is none', { message: 'moo', signature: '0x' }, ['signature']],
    ['a number', { message: 1, signature: 2 }, ['message', 'signature']],
    ['a message of 2,001 characters', { message: 'm'.repeat(2_001), signature: '0x' }, ['message']],
  ])('%s', async (_name, body, paths) => {
    const open = await wallets.openWallet()
    expect(await refusedTo(open, body)).toEqual(refusal(400, 'VALIDATION_ERROR', ...paths))
  })
})

test('409: a challenge is used once, also by ten at once', async () => {
  const open = await wallets.openWallet()
  const proof = await sign(await challenge(open))
  const answers = await Promise.all(Array.from({ length: 10 }, () => prove(open.path, proof)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  for (const answer of answers.filter(({ status }) => status !== 200)) {
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT', 'message'))
  }
  expect(await wallets.historyOf(open.customerId)).toHaveLength(3)
})

test('404: an id that names nothing', async () => {
  const open = await wallets.openWallet()
  const body = await sign(await challenge(open))
  for (const [path, expected] of lostPaths(open, '/ownership')) {
    const answer = await wallets.call('POST', path, { body })
    expect([answer.status, answer.json]).toEqual([404, expected])
  }
})
