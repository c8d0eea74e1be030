// Owns what a caller does with the keys of its app: giving, rotating, listing, noting their use.
import { inTransaction } from '../../storage/transaction.ts'
import { type Context, forEveryApp, type KeyGrant, type System } from '../context.ts'
import { AppError } from '../errors.ts'
import { checkText, refuseField } from '../fields.ts'
import { type Key, keyErrors, keyNameLengthMax, overlapMs } from './app.ts'
import { createKey, type NewKey, revokeKey } from './app-service.ts'
import { selectKeyById, selectKeysBefore, updateKeySecret, updateKeyUsed } from './app-store.ts'
import { everyScope, hasScope, scopeNames } from './scopes.ts'
import { createSecret } from './secret.ts'

export interface KeyTerms {
  name: string
  scopes: string[]
  expiresAt: number | null
  isOperator: boolean
}

/**
 * A key of the context's app. Errors: `field_invalid`, `scope_unknown`; where a key asks and has
 * less itself, `scope_missing`, `operator_required`.
 */
export async function giveKey(context: Context, terms: KeyTerms): Promise<NewKey> {
  const { scopes, expiresAt } = terms
  checkText('name', terms.name, keyNameLengthMax)
  checkScopes(scopes)
  if (expiresAt !== null && expiresAt <= context.clock.now()) {
    refuseField('expiresAt', 'is not in the future')
  }
  if (context.key) checkGrant(context.key, terms)
  return createKey(context, { ...terms, app: context.app, scopes: [...new Set(scopes)] })
}

/** Errors: `scope_unknown`, naming it. */
export function checkScopes(scopes: readonly string[]): void {
  const unknown = scopes.find((scope) => !scopeNames.includes(scope))
  if (unknown === undefined) return
  const known = scopeNames.join(', ')
  const detail = `scopes: ${JSON.stringify(unknown)} is not one of ${known}.`
  throw new AppError(keyErrors.scope_unknown, { param: 'scopes', detail })
}

/** Newest first. A cursor is the id of a key. */
export function pageKeys(
  context: Context,
  page: { limit: number; beforeId: string | null },
): Promise<Key[]> {
  return selectKeysBefore(context.db, { appId: context.app.id, ...page })
}

/** Error: `key_cursor_unknown`. */
export async function requireKeyCursor(context: Context, id: string | null): Promise<string> {
  const key = { appId: context.app.id, id: id ?? '' }
  if (id !== null && (await selectKeyById(context.db, key))) return id
  throw new AppError(keyErrors.key_cursor_unknown, { param: 'cursor' })
}

/** Revokes it. Errors: `key_not_found`. */
export function endKey(context: Context, id: string): Promise<Key> {
  return inTransaction(context, async (tx) => {
    await revokeKey(tx, { appId: tx.app.id, id })
    return getKey(tx, id)
  })
}

/** Errors: `key_not_found`, also for another app's key. */
async function getKey(context: Context, id: string): Promise<Key> {
  const stored = await selectKeyById(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(keyErrors.key_not_found)
  return stored.key
}

/**
 * A new secret; the one before works on for the overlap, and what an earlier rotation left over
 * ends now. Whoever gets the secret can do what the key can, so the caller must be able to do it.
 * Errors: `key_not_found`, `key_ended`, `scope_missing`, `operator_required`, `field_invalid`.
 */
export function rotateKey(
  context: Context,
  id: string,
  { overlap = overlapMs.default }: { overlap?: number | undefined },
): Promise<NewKey> {
  return inTransaction(context, async (tx) => {
    const key = await getKey(tx, id)
    if (tx.key) checkGrant(tx.key, key)
    if (overlap > overlapMs.max) refuseField('overlap', 'is longer than seven days')
    const now = tx.clock.now()
    const secret = createSecret(tx.app.mode, tx.random)
    const last4 = secret.slice(-4)
    const previousEndsAt = overlap === 0 ? null : now + overlap
    const isRotated = await updateKeySecret(tx.db, {
      ...{ appId: tx.app.id, id, now, last4, previousEndsAt },
      secretHash: tx.vault.hashSecret(secret),
    })
    if (!isRotated) throw new AppError(keyErrors.key_ended)
    return { key: { ...key, last4, previousEndsAt }, secret }
  })
}

export interface KeyUse {
  appId: string
  id: string
  at: number
}

export const useEveryMs = 60_000

/** Whether it is time to write down that the key was used. */
export function isUseDue({ lastUsedAt }: Key, now: number): boolean {
  return lastUsedAt === null || now - lastUsedAt >= useEveryMs
}

/** At most once a minute a key, however many processes see it. */
export async function recordUses(system: System, uses: KeyUse[]): Promise<void> {
  if (uses.length === 0) return
  // In one order, so that two processes do not wait for each other's rows.
  const ordered = [...uses].sort((left, right) => (left.id < right.id ? -1 : 1))
  await inTransaction(forEveryApp(system), async (tx) => {
    for (const use of ordered) {
      await updateKeyUsed(tx.db, { ...use, notAfter: use.at - useEveryMs })
    }
  })
}

/** A key gives nothing that it does not have: no scope, no operator's view, no longer life. */
function checkGrant(giver: KeyGrant, given: Omit<KeyTerms, 'name'>): void {
  const missing = given.scopes.find((scope) => !hasScope(giver.scopes, scope))
  if (missing !== undefined) {
    const what = missing === everyScope ? 'every scope' : `the scope ${missing}`
    const detail = `The API key does not have ${what}, and so cannot give it.`
    throw new AppError(keyErrors.scope_missing, { detail })
  }
  if (given.isOperator && !giver.isOperator) {
    throw new AppError(keyErrors.operator_required, { param: 'isOperator' })
  }
  const isLonger = giver.expiresAt !== null && (given.expiresAt ?? Infinity) > giver.expiresAt
  if (isLonger) refuseField('expiresAt', 'is later than the end of the key that gives it')
}
