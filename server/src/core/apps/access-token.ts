// Owns access tokens: short-lived stand-ins for a key, checked without being stored.
import { equalSecrets } from '../../lib/equal-secrets.ts'
import { forApp, type System } from '../context.ts'
import { hasEnded } from './app.ts'
import type { Caller, TokenTerms } from './app-service.ts'
import { selectKeyById } from './app-store.ts'
import { hasScope } from './scopes.ts'

export const accessTokenPrefix = 'at_'

/** `at_<what it says>.<keyed hash of that>`; ends with its time, or with its key's revocation. */
export function createAccessToken(system: System, caller: Caller, terms: TokenTerms): string {
  const expiresAt = system.clock.now() + terms.secondsMax * 1000
  const scopes = terms.scopes ?? []
  const content = [caller.app.id, caller.key.id, String(expiresAt), ...scopes].join(' ')
  const payload = Buffer.from(content).toString('base64url')
  return `${accessTokenPrefix}${payload}.${macOf(system, payload).toString('base64url')}`
}

/** Who presents this token; `null` for one that is changed, expired, or of a revoked key. */
export async function findTokenCaller(system: System, token: string): Promise<Caller | null> {
  const [payload = '', mac = '', ...rest] = token.slice(accessTokenPrefix.length).split('.')
  if (rest.length > 0) return null
  if (!equalSecrets(Buffer.from(mac, 'base64url'), macOf(system, payload))) return null
  const content = Buffer.from(payload, 'base64url').toString('utf8').split(' ')
  const [appId = '', id = '', expiresAt = '', ...scopes] = content
  if (Number(expiresAt) <= system.clock.now()) return null
  const stored = await selectKeyById(forApp(system, appId).db, { appId, id })
  if (!stored || hasEnded(stored.key, system.clock.now())) return null
  if (scopes.length === 0) return { app: stored.app, key: stored.key }
  // What the key has lost since, its tokens have lost too.
  const held = scopes.filter((scope) => hasScope(stored.key.scopes, scope))
  return { app: stored.app, key: { ...stored.key, scopes: held } }
}

function macOf(system: System, payload: string): Buffer {
  return system.vault.hashSecret(`access token\n${payload}`)
}
