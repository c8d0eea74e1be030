// Owns what a public wire format is to the server: a value that mount.ts turns into routes.
import type { IncomingHttpHeaders } from 'node:http'
import type { TSchema } from 'typebox'
import type { ErrorDefinition, ErrorKind, Issue } from '../core/errors.ts'
import type { Operation } from './operation.ts'

export interface Surface {
  /** `payouts`: its folder, and the first part of its scopes. */
  name: string
  /** `/payouts` */
  basePath: string
  title: string
  version: string
  description: string
  credentials: {
    /** The presented secret, or `null` when the request carries none. */
    read(headers: IncomingHttpHeaders): string | null
    /** As OpenAPI says it. */
    securityScheme: Record<string, string>
  }
  /** Lower case; the first one that a request carries counts. `idempotency-key` always works. */
  idempotencyHeaders: string[]
  requestIdHeader: string
  /** Tells in `RateLimit` and `RateLimit-Policy` how many requests the key has left. */
  tellsAllowance?: true
  /** Takes `Clientele-App` from operator keys, and `Clientele-Operator` for the history. */
  takesOperators?: true
  /**
   * Whoever lacks the scope `clear` sees personal data masked; the scope `masked` reads all the
   * same. Left out: whoever may call an operation sees its answer as it is.
   */
  masking?: { clear: string; masked: string }
  /** Where this surface's status for a kind differs from the common table in mount.ts. */
  statuses: Partial<Record<ErrorKind, number>>
  errorSchema: TSchema
  /** `application/json` where it is left out. */
  errorContentType?: string
  /** This surface's word for a field of the core, where it has another one. */
  fieldNames?: Readonly<Record<string, string>>
  /** What to do instead, by `POST /v1/things`, where a method that is not there is looked for. */
  methodHints?: Readonly<Record<string, string>>
  renderError(error: RenderableError): unknown
  operations: Operation[]
}

export interface RenderableError {
  definition: ErrorDefinition
  status: number
  message: string
  param: string | undefined
  issues: Issue[]
  requestId: string
}

/** The bearer token of a request, as most surfaces read it. */
export function readBearer(headers: IncomingHttpHeaders): string | null {
  const match = /^Bearer +([^\s]{1,500})$/i.exec(headers.authorization ?? '')
  return match?.[1] ?? null
}
