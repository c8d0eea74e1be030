// Owns tenants and their keys: making them, telling who presents a secret, revoking.

import { equalSecrets } from '../../lib/equal-secrets.ts'
import { parseId } from '../../lib/id.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { type App, forApp, forEveryApp, type KeyGrant, type Mode, type System } from '../context.ts'
import { AppError } from '../errors.ts'
import { accessTokenPrefix, createAccessToken, findTokenCaller } from './access-token.ts'
import { hasEnded, type Key, keyErrors } from './app.ts'
import {
  insertApp,
  insertKey,
  insertMerchant,
  selectApp,
  selectApps,
  selectAppsOfMerchant,
  selectKeyByPreviousHash,
  selectKeyBySecretHash,
  selectKeys,
  updateKeyRevoked,
} from './app-store.ts'
import { hasScope } from './scopes.ts'
import { createSecret, readSecret } from './secret.ts'

export { everyScope } from './scopes.ts'

export const appsMax = 1_000
export const keysMax = 1_000

export interface Caller {
  /** The key's own, or the one of its merchant that an operator key has chosen. */
  app: App
  key: Key
}

export interface NewKey {
  key: Key
  /** Shown once; only its keyed hash is stored. */
  secret: string
}

/** A merchant with a test app and a live app. */
export function createMerchant(system: System, name: string): Promise<{ test: App; live: App }> {
  return inTransaction(system, async (tx) => {
    const createdAt = tx.clock.now()
    const merchantId = tx.ids()
    const app = (mode: Mode): App => ({ id: tx.ids(), merchantId, name, mode, createdAt })
    const [test, live] = [app('test'), app('live')]
    await insertMerchant(tx.db, { id: merchantId, name, createdAt })
    await insertApp(tx.db, test)
    await insertApp(tx.db, live)
    return { test, live }
  })
}

export function listApps(system: System): Promise<App[]> {
  return selectApps(system.db, appsMax)
}

/** Of one merchant: what its operator keys can see. A key of a test app sees test apps only. */
export async function listAppsFor(
  system: System,
  { app, key }: { app: App; key: KeyGrant },
): Promise<App[]> {
  if (!key.isOperator) return [app]
  const all = await selectAppsOfMerchant(system.db, { merchantId: app.merchantId, limit: appsMax })
  const home = all.find(({ id }) => id === key.appId)
  return all.filter(({ mode }) => home?.mode === 'live' || mode === home?.mode)
}

/** The app of this id, where the caller can see it. */
export async function selectAppFor(
  system: System,
  caller: Caller,
  id: string,
): Promise<App | null> {
  return (await listAppsFor(system, caller)).find((app) => app.id === id) ?? null
}

/** Errors: `app_not_found`. */
export async function getApp(system: System, id: string): Promise<App> {
  const app = await selectApp(system.db, id)
  if (!app) throw new AppError(keyErrors.app_not_found)
  return app
}

export interface KeyInput {
  app: App
  name: string
  scopes: string[]
  expiresAt?: number | null
  isOperator?: boolean
}

export function createKey(system: System, input: KeyInput): Promise<NewKey> {
  return inTransaction(forApp(system, input.app.id), async (tx) => {
    const secret = createSecret(input.app.mode, tx.random)
    const key: Key = {
      appId: input.app.id,
      id: tx.ids(),
      name: input.name,
      last4: secret.slice(-4),
      scopes: input.scopes,
      createdAt: tx.clock.now(),
      revokedAt: null,
      expiresAt: input.expiresAt ?? null,
      lastUsedAt: null,
      previousEndsAt: null,
      isOperator: input.isOperator ?? false,
    }
    await insertKey(tx.db, key, tx.vault.hashSecret(secret))
    return { key, secret }
  })
}

export function listKeys(system: System, appId: string): Promise<Key[]> {
  return selectKeys(forApp(system, appId).db, { appId, limit: keysMax })
}

/** Errors: `key_not_found`. Revoking twice keeps the first time. */
export function revokeKey(system: System, key: { appId: string; id: string }): Promise<void> {
  return inTransaction(forApp(system, key.appId), async (tx) => {
    const isFound = await updateKeyRevoked(tx.db, { ...key, at: tx.clock.now() })
    if (!isFound) throw new AppError(keyErrors.key_not_found)
  })
}

export interface TokenTerms {
  secondsMax: number
  /** What the token may do of what its key may; left out: all of it. */
  scopes?: readonly string[]
}

/**
 * Trades a key's id and secret for a token that stands in for it. Errors: `key_unknown`,
 * `scope_missing`.
 */
export async function grantAccessToken(
  system: System,
  credentials: { keyId: string; secret: string },
  terms: TokenTerms,
): Promise<string> {
  const caller = await authenticateKey(system, credentials)
  for (const scope of terms.scopes ?? []) requireScope(caller, scope)
  return createAccessToken(system, caller, terms)
}

/** Errors: `scope_missing`, naming the scope. */
export function requireScope({ key }: Caller, scope: string): void {
  if (hasScope(key.scopes, scope)) return
  const detail = `The API key does not have the scope ${scope}.`
  throw new AppError(keyErrors.scope_missing, { detail })
}

/** Whose key this id and secret are. Error: `key_unknown`. */
export async function authenticateKey(
  system: System,
  credentials: { keyId: string; secret: string },
): Promise<Caller> {
  const caller = await findCaller(system, credentials.secret)
  const isKnown = caller !== null && parseId('key', credentials.keyId) === caller.key.id
  // A token is no secret to trade for another one: it would never end.
  if (!isKnown || credentials.secret.startsWith(accessTokenPrefix)) {
    throw new AppError(keyErrors.key_unknown, { detail: 'The id or the secret is wrong.' })
  }
  return caller
}

/**
 * Who presents this secret, in any accepted spelling, or this access token; `null` for an unknown,
 * revoked or expired one. A secret that was rotated out works until its overlap ends.
 */
export async function findCaller(system: System, presented: string): Promise<Caller | null> {
  if (presented.startsWith(accessTokenPrefix)) return findTokenCaller(system, presented)
  const secret = readSecret(presented)
  if (secret === null) return null
  const secretHash = system.vault.hashSecret(secret)
  const now = system.clock.now()
  const { db } = forEveryApp(system)
  const stored =
    (await selectKeyBySecretHash(db, secretHash)) ??
    (await selectKeyByPreviousHash(db, { hash: secretHash, now }))
  if (!stored || !equalSecrets(stored.secretHash, secretHash)) return null
  if (hasEnded(stored.key, now) || !secret.startsWith(`sk_${stored.app.mode}_`)) return null
  return { app: stored.app, key: stored.key }
}
