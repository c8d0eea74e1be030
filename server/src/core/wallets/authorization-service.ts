// Owns what a wallet authorizes: taking a permit or an approval, revoking, and which one counts.
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { requirePermission } from '../customer/banking-status.ts'
import { recordChange, requireCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { refuseField } from '../fields.ts'
import { checkTransactionHash } from './address.ts'
import { checkApproval } from './approval.ts'
import {
  insertAuthorization,
  type StoredAuthorization,
  selectAuthorizations,
  updateAuthorizationRevoked,
} from './authorization-store.ts'
import { checkChain } from './chains.ts'
import { checkPermit } from './permit.ts'
import {
  type Authorization,
  type AuthorizationDetails,
  authorizationsMax,
  type Permit,
  type Wallet,
  walletErrors,
  walletEvents,
} from './wallet.ts'
import { openAuthorization, proofTokenOf, toStoredAuthorization } from './wallet-seal.ts'
import { changeWallet, getWallet, holdWallet, type WalletKey } from './wallet-service.ts'
import { updateWallet } from './wallet-store.ts'

export type NewAuthorization =
  | { type: 'PERMIT'; permit: Permit }
  | { type: 'NATIVE'; txHash: string }

/** What the wallet has signed, or sent where its chain could be asked. */
export interface CheckedAuthorization {
  type: Authorization['type']
  details: AuthorizationDetails
  /** What one is known by: the same permit or transaction counts once. */
  proof: string
  /** Milliseconds since the epoch. */
  validUntil: number | null
}

/**
 * Everything but the time and what was given before; to be called outside a transaction, since it
 * may ask the chain. Errors: `field_invalid`, `chain_unavailable`, those of `getWallet`.
 */
export async function checkAuthorization(
  context: Context,
  key: WalletKey,
  given: NewAuthorization,
): Promise<CheckedAuthorization> {
  const wallet = await getWallet(context, key)
  if (given.type === 'PERMIT') {
    const { permit, digest: proof } = await checkPermit(given.permit, wallet)
    const validUntil = permit.deadline * 1000
    return { type: 'PERMIT', details: { permit, txHash: null }, proof, validUntil }
  }
  const chain = checkChain('chainId', wallet.chainId)
  const txHash = checkTransactionHash('txHash', chain, given.txHash)
  await checkApproval(context, wallet, txHash)
  return { type: 'NATIVE', details: { permit: null, txHash }, proof: txHash, validUntil: null }
}

/**
 * Errors: `customer_status_forbids`, `field_invalid` for a deadline that has passed,
 * `authorization_exists`, which names it,
 * `authorizations_full`, those of `holdWallet`. Event: `customer.wallet.authorized`.
 */
export function authorize(
  context: Context,
  key: WalletKey,
  checked: CheckedAuthorization,
): Promise<Authorization> {
  return inTransaction(context, async (tx) => {
    const held = await holdWallet(tx, key)
    requirePermission(held.held.customer, 'transact')
    const now = tx.clock.now()
    const { type, details, proof, validUntil } = checked
    if (validUntil !== null && validUntil <= now) refuseField('deadline', 'has passed')
    const known = await selectAll(tx, key.walletId)
    const proofToken = proofTokenOf(tx, proof)
    const same = known.find((one) => proofToken.equals(one.proofToken))
    if (same) throw authorizationExists(same.id)
    if (known.length >= authorizationsMax) throw new AppError(walletErrors.authorizations_full)
    const times = { createdAt: now, validUntil, revokedAt: null }
    const { walletId } = key
    const authorization = { id: tx.ids(), walletId, type, ...times, ...details }
    const owner = { customerId: key.customerId, dataKey: held.held.dataKey }
    const stored = toStoredAuthorization(tx, authorization, { ...owner, proofToken })
    const open = (one: StoredAuthorization) => openAuthorization(tx, owner, one)
    const shown = shownOf([stored, ...known], now, open)
    const next = changeWallet(tx, held, { ...shown, updatedAt: now })
    const change = { type: walletEvents.authorized, changes: { walletId, authorization } }
    await recordChange(tx, held.held, change, (db) => [
      insertAuthorization(db, stored),
      updateWallet(db, next.stored),
    ])
    return authorization
  })
}

/**
 * Errors: `authorization_not_found`, `authorization_revoked`, those of `holdWallet`. Event:
 * `customer.wallet.authorization_revoked`.
 */
export function revokeAuthorization(
  context: Context,
  key: WalletKey,
  authorizationId: string,
): Promise<void> {
  return inTransaction(context, async (tx) => {
    const held = await holdWallet(tx, key)
    const now = tx.clock.now()
    const known = await selectAll(tx, key.walletId)
    const found = known.find(({ id }) => id === authorizationId)
    if (!found) throw new AppError(walletErrors.authorization_not_found)
    if (found.revokedAt !== null) throw new AppError(walletErrors.authorization_revoked)
    const revoked = { ...found, revokedAt: now }
    const owner = { customerId: key.customerId, dataKey: held.held.dataKey }
    const open = (one: StoredAuthorization) => openAuthorization(tx, owner, one)
    const all = known.map((one) => (one === found ? revoked : one))
    const next = changeWallet(tx, held, { ...shownOf(all, now, open), updatedAt: now })
    const changes = { walletId: key.walletId, authorizationId, revokedAt: now }
    const change = { type: walletEvents.authorizationRevoked, changes }
    await recordChange(tx, held.held, change, (db) => [
      updateAuthorizationRevoked(db, revoked),
      updateWallet(db, next.stored),
    ])
  })
}

export const authorizationsShownMax = 100

/** Newest first, at most `authorizationsShownMax`. Errors: those of `getWallet`. */
export async function listAuthorizations(
  context: Context,
  key: WalletKey,
): Promise<Authorization[]> {
  const { customerId, walletId } = key
  await getWallet(context, key)
  const dataKey = await requireCustomer(context, customerId)
  const page = { appId: context.app.id, walletId, limit: authorizationsShownMax }
  const rows = await selectAuthorizations(context.db, page)
  return rows.map((stored) => openAuthorization(context, { customerId, dataKey }, stored))
}

type Lasting = Pick<StoredAuthorization, 'validUntil' | 'revokedAt'>

/** Whether it is in force: not revoked, and its deadline has not passed. */
export function isInForce({ validUntil, revokedAt }: Lasting, now: number): boolean {
  return revokedAt === null && (validUntil === null || validUntil > now)
}

/**
 * The one that a wallet shows, of a list with the newest first: in force and lasting longest, of
 * equals the newest; where none is in force, the newest of all.
 */
export function authorizationThatCounts<T extends Lasting>(all: T[], now: number): T | null {
  const endOf = (one: T) => one.validUntil ?? Number.POSITIVE_INFINITY
  const inForce = all.filter((one) => isInForce(one, now))
  return (
    inForce.toSorted((left, right) => compareEnds(endOf(right), endOf(left)))[0] ?? all[0] ?? null
  )
}

/** Not by subtraction: two that never end are equal. */
function compareEnds(left: number, right: number): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

function shownOf(
  all: StoredAuthorization[],
  now: number,
  open: (stored: StoredAuthorization) => Authorization,
): Partial<Wallet> {
  const stored = authorizationThatCounts(all, now)
  if (stored === null) return {}
  const { type, txHash, createdAt, validUntil, revokedAt } = open(stored)
  return {
    authorizationType: type,
    authorizationTxHash: txHash,
    authorizedAt: createdAt,
    authorizedUntil: revokedAt ?? validUntil,
  }
}

function selectAll(tx: Context, walletId: string): Promise<StoredAuthorization[]> {
  return selectAuthorizations(tx.db, { appId: tx.app.id, walletId, limit: authorizationsMax })
}

function authorizationExists(id: string): AppError {
  const detail = `Authorization ${id} of this wallet stands for the same proof.`
  return new AppError(walletErrors.authorization_exists, { detail })
}
