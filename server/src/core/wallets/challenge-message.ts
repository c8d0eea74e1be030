// Owns the text that a wallet's owner signs: Sign-In with Ethereum, EIP-4361, written by viem.

export const challengeAgeMsMax = 10 * 60 * 1000

/** Slow at the first use, which must not happen inside a transaction. */
export const loadSiwe = () => import('viem/siwe')

export interface ChallengeContent {
  appName: string
  wallet: { id: string; chainId: number; address: string }
  nonce: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** The same content gives the same text, so nothing of it is stored but nonce and time. */
export async function writeChallenge(content: ChallengeContent): Promise<string> {
  const { createSiweMessage } = await loadSiwe()
  const { wallet, nonce, expiresAt } = content
  const domain = domainOf(content.appName)
  return createSiweMessage({
    domain,
    address: `0x${wallet.address.slice(2)}`,
    statement: 'Prove that this wallet is yours. It costs nothing and moves nothing.',
    uri: `https://${domain}`,
    version: '1',
    chainId: wallet.chainId,
    nonce,
    issuedAt: new Date(expiresAt - challengeAgeMsMax),
    expirationTime: new Date(expiresAt),
    requestId: wallet.id,
  })
}

/** The nonce that a message carries; `null` where it is no message of EIP-4361. */
export async function readNonce(message: string): Promise<string | null> {
  const { parseSiweMessage } = await loadSiwe()
  const { address, nonce } = parseSiweMessage(message)
  return address === undefined || nonce === undefined ? null : nonce
}

const ownDomain = 'clientele.local'
const labelLengthMax = 63

/**
 * Who asks, as wallets show it: the app's name where it is a domain itself, else the name as a
 * label below one of ours. No public address is configured, and the caller's pages are the app's.
 */
export function domainOf(appName: string): string {
  const name = appName.toLowerCase()
  if (name.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/.test(name)) {
    return name
  }
  const words = name.replace(/[^a-z0-9]+/g, '-').slice(0, labelLengthMax)
  const label = words.replace(/^-|-$/g, '')
  return label === '' ? ownDomain : `${label}.${ownDomain}`
}
