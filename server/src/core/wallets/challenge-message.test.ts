// Owns the proof that a challenge is a message of EIP-4361, under a domain of the app.

import { parseSiweMessage } from 'viem/siwe'
import { expect, test } from 'vitest'
import { domainOf, readNonce, writeChallenge } from './challenge-message.ts'

const content = {
  appName: 'Shop',
  wallet: {
    id: '01890a5d-ac96-774b-bcce-b302099a8057',
    chainId: 8453,
    address: '0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826',
  },
  nonce: '3b1f5c0de2a94f6c8d7e6f5a4b3c2d1e',
  expiresAt: Date.parse('2026-02-25T12:10:00.000Z'),
}

test('the message says who asks, which wallet, on which chain, and for how long', async () => {
  const message = await writeChallenge(content)
  expect(message).toBe(
    [
      'shop.clientele.local wants you to sign in with your Ethereum account:',
      '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826',
      '',
      'Prove that this wallet is yours. It costs nothing and moves nothing.',
      '',
      'URI: https://shop.clientele.local',
      'Version: 1',
      'Chain ID: 8453',
      'Nonce: 3b1f5c0de2a94f6c8d7e6f5a4b3c2d1e',
      'Issued At: 2026-02-25T12:00:00.000Z',
      'Expiration Time: 2026-02-25T12:10:00.000Z',
      'Request ID: 01890a5d-ac96-774b-bcce-b302099a8057',
    ].join('\n'),
  )
  expect(parseSiweMessage(message)).toMatchObject({ nonce: content.nonce, chainId: 8453 })
  expect(await readNonce(message)).toBe(content.nonce)
})

test.each(['', 'hello', 'Nonce: 3b1f5c0de2a94f6c8d7e6f5a4b3c2d1e', '🙂'.repeat(500)])(
  'what is no such message has no nonce: %j',
  async (text) => {
    expect(await readNonce(text)).toBeNull()
  },
)

test.each([
  ['Shop', 'shop.clientele.local'],
  ['shop.example.com', 'shop.example.com'],
  ['Shop.Example.COM', 'shop.example.com'],
  ['First merchant (test)', 'first-merchant-test.clientele.local'],
  ['--Ünïcode & co.--', 'n-code-co.clientele.local'],
  ['日本', 'clientele.local'],
  ['', 'clientele.local'],
  ['localhost', 'localhost.clientele.local'],
  ['evil.com wants you', 'evil-com-wants-you.clientele.local'],
  ['a'.repeat(100), `${'a'.repeat(63)}.clientele.local`],
  [`${'a'.repeat(62)} b`, `${'a'.repeat(62)}.clientele.local`],
  ['a\nb', 'a-b.clientele.local'],
])('the app %j asks as %s', async (appName, domain) => {
  expect(domainOf(appName)).toBe(domain)
  const message = await writeChallenge({ ...content, appName })
  expect(parseSiweMessage(message).domain).toBe(domain)
})
