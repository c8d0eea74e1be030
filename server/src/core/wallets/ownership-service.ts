// Owns proving that a wallet is its customer's: the challenge, and the signature that answers it.
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { requirePermission } from '../customer/banking-status.ts'
import { recordChange } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { refuseField } from '../fields.ts'
import { requireEvm } from './chains.ts'
import { challengeAgeMsMax, readNonce, writeChallenge } from './challenge-message.ts'
import {
  deleteExpiredChallenges,
  insertChallenge,
  type StoredChallenge,
  selectChallenge,
  updateChallengeUsed,
} from './challenge-store.ts'
import { checkSignature, recoverMessageSigner } from './signature.ts'
import { type Wallet, walletErrors, walletEvents } from './wallet.ts'
import { changeWallet, holdWallet, type WalletKey } from './wallet-service.ts'
import { updateWallet } from './wallet-store.ts'

/** What the owner signs, as it stands, before it expires. */
export interface Challenge {
  message: string
  nonce: string
  expiresAt: number
}

const nonceBytes = 16

/** No event: nothing of the customer changes. Errors: `field_invalid`, those of `holdWallet`. */
export function createChallenge(context: Context, key: WalletKey): Promise<Challenge> {
  return inTransaction(context, async (tx) => {
    const { held, wallet } = await holdWallet(tx, key)
    requireEvm('walletId', wallet.chainId)
    const nonce = tx.random.bytes(nonceBytes).toString('hex')
    const expiresAt = tx.clock.now() + challengeAgeMsMax
    const message = await writeChallenge({ appName: tx.app.name, wallet, nonce, expiresAt })
    const place = { appId: tx.app.id, walletId: wallet.id, nonce }
    await insertChallenge(tx.db, { ...place, expiresAt, usedAt: null }).execute()
    tx.touched?.({ customerId: key.customerId, dataKey: held.dataKey })
    return { message, nonce, expiresAt }
  })
}

/** A message of the right form, and who signed it. */
export interface OwnershipProof {
  message: string
  nonce: string
  /** Lower case; `null` where no key signed it. */
  signer: string | null
}

/** What the proof says by itself; to be called outside a transaction. Error: `field_invalid`. */
export async function readOwnershipProof(given: {
  message: string
  signature: string
}): Promise<OwnershipProof> {
  const { message } = given
  const signature = checkSignature('signature', given.signature)
  const nonce = await readNonce(message)
  if (nonce === null) refuseField('message', 'is not a Sign-In with Ethereum message (EIP-4361)')
  return { message, nonce, signer: await recoverMessageSigner(message, signature) }
}

/**
 * Errors: `field_invalid`, `challenge_used`, those of `holdWallet`. Event:
 * `customer.wallet.ownership_verified`.
 */
export function proveOwnership(
  context: Context,
  key: WalletKey,
  proof: OwnershipProof,
): Promise<Wallet> {
  return inTransaction(context, async (tx) => {
    const held = await holdWallet(tx, key)
    requirePermission(held.held.customer, 'update')
    const challenge = await selectChallenge(tx.db, {
      appId: tx.app.id,
      walletId: key.walletId,
      nonce: proof.nonce,
    })
    const now = tx.clock.now()
    checkChallenge(challenge, now)
    const { nonce, expiresAt } = challenge
    const content = { appName: tx.app.name, wallet: held.wallet, nonce, expiresAt }
    if (proof.message !== (await writeChallenge(content))) {
      refuseField('message', 'is not the message of the challenge, character by character')
    }
    if (proof.signer !== held.wallet.address) refuseField('signature', "is not the wallet's")
    const next = changeWallet(tx, held, { ownershipVerifiedAt: now, updatedAt: now })
    const changes = { walletId: key.walletId, ownershipVerifiedAt: now }
    const change = { type: walletEvents.ownershipVerified, changes }
    await recordChange(tx, held.held, change, (db) => [
      updateWallet(db, next.stored),
      updateChallengeUsed(db, challenge, now),
    ])
    return next.wallet
  })
}

function checkChallenge(
  challenge: StoredChallenge | null,
  now: number,
): asserts challenge is StoredChallenge {
  if (challenge === null) refuseField('message', 'carries no nonce that this wallet was given')
  if (challenge.usedAt !== null) {
    throw new AppError(walletErrors.challenge_used, { param: 'message' })
  }
  if (challenge.expiresAt <= now) refuseField('message', 'has expired; ask for a new challenge')
}

/** Deletes challenges that have expired; answers how many went. */
export function forgetChallenges(context: Context, limit: number): Promise<number> {
  const before = context.clock.now()
  return inTransaction(context, (tx) =>
    deleteExpiredChallenges(tx.db, { appId: tx.app.id, before, limit }),
  )
}
