// Owns how events of wallets are made: with a key that is made for it and forgotten.
import { detachWallet } from '../core/activity/subscription-service.ts'
import type { Context } from '../core/context.ts'
import {
  authorize,
  checkAuthorization,
  revokeAuthorization,
} from '../core/wallets/authorization-service.ts'
import {
  createChallenge,
  proveOwnership,
  readOwnershipProof,
} from '../core/wallets/ownership-service.ts'
import { typedPermit } from '../core/wallets/permit.ts'
import { addWallet, checkWallet, removeWallet } from '../core/wallets/wallet-service.ts'
import { type Trigger, toSomeone } from './trigger.ts'

export const sampleChain = 8453
const token = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
const spender = '0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45'
const permitSeconds = 24 * 60 * 60

export const walletTriggers = {
  'customer.wallet.added': toSomeone(add),
  'customer.wallet.removed': toSomeone(async (context, id) => {
    const { key } = await add(context, id)
    await removeWallet(context, key, detachWallet(context, key.walletId))
  }),
  'customer.wallet.ownership_verified': toSomeone(async (context, id) => {
    const { key, account } = await add(context, id)
    const { message } = await createChallenge(context, key)
    const signature = await account.signMessage({ message })
    await proveOwnership(context, key, await readOwnershipProof({ message, signature }))
  }),
  'customer.wallet.authorized': toSomeone(authorizeSample),
  'customer.wallet.authorization_revoked': toSomeone(async (context, id) => {
    const { key, authorizationId } = await authorizeSample(context, id)
    await revokeAuthorization(context, key, authorizationId)
  }),
} satisfies Record<string, Trigger>

async function add(context: Context, customerId: string) {
  // Slow to load, and needed here alone.
  const { privateKeyToAccount } = await import('viem/accounts')
  const account = privateKeyToAccount(`0x${context.random.bytes(32).toString('hex')}`)
  const place = await checkWallet({ chainId: sampleChain, address: account.address })
  const { id: walletId, address } = await addWallet(context, customerId, place)
  return { key: { customerId, walletId }, account, address }
}

/** By a permit, which is checked without asking a chain. */
async function authorizeSample(context: Context, customerId: string) {
  const { key, account, address } = await add(context, customerId)
  const permit = {
    ...{ token, spender, value: '25000000', nonce: '0', signature: '' },
    deadline: Math.floor(context.clock.now() / 1_000) + permitSeconds,
    domain: {
      ...{ name: 'USD Coin', version: '2', chainId: sampleChain, verifyingContract: token },
    },
  }
  const signature = await account.signTypedData(typedPermit(permit, address))
  const given = { type: 'PERMIT', permit: { ...permit, signature } } as const
  const { id } = await authorize(context, key, await checkAuthorization(context, key, given))
  return { key, authorizationId: id }
}
