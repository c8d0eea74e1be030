// Owns the form of every refusal. Each facet defines its own in its vocabulary, once.

/** What went wrong, in words that every surface can map to a status of its own. */
export type ErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'missing'
  | 'method_not_allowed'
  | 'conflict'
  | 'precondition_failed'
  | 'precondition_missing'
  | 'key_reused'
  | 'too_large'
  | 'unsupported_media'
  | 'invalid'
  | 'rate_limited'
  | 'internal'
  | 'unavailable'
  | 'upstream'
  /** Answered, and refused: asked the same again it would say the same. */
  | 'upstream_refused'
  | 'upstream_timeout'

export interface ErrorDefinition {
  /** `snake_case`, a fact: `bank_account_exists`. */
  code: string
  kind: ErrorKind
  title: string
  /** What happened, in general; a throw may say it with the values at hand. */
  detail: string
  fix: string
}

/** Names each entry by its member, so that a code is written once. */
export function defineErrors<Code extends string>(
  entries: Record<Code, Omit<ErrorDefinition, 'code'>>,
): Record<Code, ErrorDefinition> {
  const defined: Partial<Record<Code, ErrorDefinition>> = {}
  for (const code in entries) defined[code] = { code, ...entries[code] }
  return defined as Record<Code, ErrorDefinition>
}

export interface ErrorOptions {
  /** The field, in the core's name: `accountNumber`, `metadata.cuit`. */
  param?: string
  /** In place of the definition's; no personal data, no secrets. */
  detail?: string
  /** Every field that breaks a rule, where there may be several. */
  issues?: Issue[]
  /** For `rate_limited` and `unavailable`: when to come back. */
  retryAfterSeconds?: number
  /** The fields are named as they were sent, not as the core calls them. */
  isInWireWords?: boolean
}

export interface Issue {
  param: string
  message: string
}

export class AppError extends Error {
  override readonly name = 'AppError'
  readonly definition: ErrorDefinition
  readonly param: string | undefined
  readonly issues: Issue[]
  readonly retryAfterSeconds: number | undefined
  readonly isInWireWords: boolean

  constructor(definition: ErrorDefinition, options: ErrorOptions = {}) {
    super(`${options.detail ?? definition.detail} ${definition.fix}`)
    this.definition = definition
    this.param = options.param ?? options.issues?.[0]?.param
    this.issues = options.issues ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
    this.isInWireWords = options.isInWireWords ?? false
  }
}
