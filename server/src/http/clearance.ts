// Owns who may call an operation, and who sees personal data in clear: by the scopes of the key.
import { keyErrors } from '../core/apps/app.ts'
import { type Caller, requireScope } from '../core/apps/app-service.ts'
import { hasScope } from '../core/apps/scopes.ts'
import { AppError } from '../core/errors.ts'
import { once } from '../lib/once.ts'
import { toJsonSchema } from './json-schema.ts'
import { type Mask, maskOf } from './mask.ts'
import type { AnyInput, Operation } from './operation.ts'
import type { Surface } from './surface.ts'

/** Any one of them is enough. Bytes cannot be masked: they are for those who see them in clear. */
function scopesOf({ masking }: Surface, { scope, returns }: Operation): string[] {
  if (scope === null) return []
  const isMaskable = scope === masking?.clear && returns.contentType === undefined
  return isMaskable ? [scope, masking.masked] : [scope]
}

/** As published: each entry is enough, and needs all of its scopes. */
export function securityOf(surface: Surface, operation: Operation): string[][] {
  const { clearMembers = [], query, body } = operation
  const required = [query, body].flatMap(
    (part): string[] => Reflect.get(part ?? {}, 'required') ?? [],
  )
  const needsClear = clearMembers.some((name) => required.includes(name))
  const clear = needsClear && surface.masking ? [surface.masking.clear] : []
  return scopesOf(surface, operation).map((one) => [one, ...clear])
}

export interface Clearance {
  /** Error: `scope_missing`. */
  requireCall(caller: Caller): void
  /** Error: `scope_missing`, where the request has what only those who see clear values may ask. */
  requireMembers(caller: Caller, input: AnyInput): void
  /** `null`: the answer is shown as it is. */
  maskFor(caller: Caller): Mask | null
}

export function clearanceOf(surface: Surface, operation: Operation): Clearance {
  const { masking } = surface
  const { scope, clearMembers = [] } = operation
  const scopes = scopesOf(surface, operation)
  const mask = once(() => maskOf(toJsonSchema(operation.returns.schema)))
  const seesClear = ({ key }: Caller) => !masking || hasScope(key.scopes, masking.clear)
  return {
    requireCall(caller) {
      if (scope === null || scopes.some((one) => hasScope(caller.key.scopes, one))) return
      requireScope(caller, scope)
    },
    requireMembers(caller, { query, body }) {
      if (clearMembers.length === 0 || seesClear(caller)) return
      const param = clearMembers.find((name) => isGiven(query, name) || isGiven(body, name))
      if (param === undefined) return
      const detail = `${param}: needs the scope ${masking?.clear}, which the API key does not have.`
      throw new AppError(keyErrors.scope_missing, { param, detail })
    },
    maskFor: (caller) => (seesClear(caller) ? null : mask()),
  }
}

function isGiven(input: unknown, name: string): boolean {
  return typeof input === 'object' && input !== null && Object.hasOwn(input, name)
}
