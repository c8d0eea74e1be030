// Owns the outcomes of POST /customers/{id}/wallets/{walletId}/challenge.

import { parseSiweMessage } from 'viem/siwe'
import { describe, expect, test } from 'vitest'
import { cow, solanaAddress } from '../../core/wallets/testing/wallet-samples.ts'
import { fieldRefusal, refusal, refusalOf, wireTime } from './test-customers.ts'
import { lostPaths, testWallets } from './test-wallets.ts'

const wallets = testWallets()
const challenge = (path: string, options: object = { body: {} }) =>
  wallets.call('POST', `${path}/challenge`, options)

describe('200', () => {
  test('the message names the wallet, its chain, its nonce, and ends in ten minutes', async () => {
    const { path, walletId, customerId } = await wallets.openWallet()
    const { status, json } = await challenge(path)
    expect(status).toBe(200)
    const { message, nonce, expiresAt } = json.data
    expect(json).toEqual({ success: true, data: { message, nonce, expiresAt } })
    expect(nonce).toMatch(/^[0-9a-f]{32}$/)
    expect(expiresAt).toMatch(wireTime)
    const said = parseSiweMessage(message)
    expect(said).toMatchObject({
      address: cow.address,
      chainId: 8453,
      nonce,
      version: '1',
      requestId: walletId,
      expirationTime: new Date(expiresAt),
    })
    expect(Date.parse(expiresAt) - Number(said.issuedAt)).toBe(600_000)
    expect(said.domain).toMatch(/\.clientele\.local$/)
    expect(said.uri).toBe(`https://${said.domain}`)
    // Asking changes nothing of the customer.
    expect(await wallets.historyOf(customerId)).toHaveLength(2)
  })

  test('a body may be left out, and each challenge is another', async () => {
    const { path } = await wallets.openWallet()
    const nonces = await Promise.all(
      [1, 2, 3].map(async () => (await challenge(path, {})).json.data.nonce),
    )
    expect(new Set(nonces).size).toBe(3)
  })
})

describe('400', () => {
  test('Solana has no such message', async () => {
    const { path } = await wallets.openWallet({ chainId: 101, walletAddress: solanaAddress })
    const answer = await challenge(path)
    expect(answer.status).toBe(400)
    const rule = "is for wallets on EVM chains only, and this wallet's chain is none"
    expect(answer.json).toEqual(fieldRefusal('walletId', rule))
  })

  test('a member that is not known', async () => {
    const { path } = await wallets.openWallet()
    const answer = await challenge(path, { body: { domain: 'evil.example' } })
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', 'domain'))
  })
})

test('404: an id that names nothing', async () => {
  const open = await wallets.openWallet()
  for (const [path, expected] of lostPaths(open, '/challenge')) {
    const answer = await wallets.call('POST', path, { body: {} })
    expect([answer.status, answer.json]).toEqual([404, expected])
  }
})
