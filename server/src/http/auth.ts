// Owns telling who calls: a presented secret becomes an app and a key, at most half a second old.
import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { keyErrors } from '../core/apps/app.ts'
import { type Caller, findCaller } from '../core/apps/app-service.ts'
import { isUseDue, type KeyUse } from '../core/apps/key-service.ts'
import type { System } from '../core/context.ts'
import { AppError } from '../core/errors.ts'

/** A revoked key works at most this long on another process; "within a second" is the promise. */
const callerAgeMsMax = 500
const callersMax = 10_000

export interface Authenticator {
  /** Errors: `key_missing`, `key_unknown`. */
  authenticate(presented: string | null): Promise<Caller>
  /** Forgets what it knows, so that a revocation in this process counts at once. */
  forget(): void
  /** The uses of keys that are to be written down; each is told once. */
  takeUses(): KeyUse[]
}

export function createAuthenticator(system: () => System): Authenticator {
  const known = new LRUCache<string, { caller: Caller; readAt: number }>({ max: callersMax })
  const uses = new LRUCache<string, KeyUse>({ max: callersMax })
  let forgotten = 0
  return {
    async authenticate(presented) {
      if (presented === null) throw new AppError(keyErrors.key_missing)
      // Hashed, so that no secret stands in memory as the name of an entry.
      const name = hash('sha256', presented, 'base64')
      const now = system().clock.now()
      const recent = known.get(name)
      if (recent && now - recent.readAt < callerAgeMsMax) return recent.caller
      const before = forgotten
      const caller = await findCaller(system(), presented)
      if (!caller) {
        known.delete(name)
        throw new AppError(keyErrors.key_unknown)
      }
      // What was read before a revocation must not be remembered after it.
      if (forgotten === before) known.set(name, { caller, readAt: now })
      const { appId, id } = caller.key
      if (isUseDue(caller.key, now)) uses.set(id, { appId, id, at: now })
      return caller
    },
    forget() {
      forgotten += 1
      known.clear()
    },
    takeUses() {
      const taken = [...uses.values()]
      uses.clear()
      return taken
    },
  }
}
