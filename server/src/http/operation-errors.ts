// Owns everything that one operation can be refused with, its own and what any can, as it looks.
import { keyErrors } from '../core/apps/app.ts'
import { AppError, type ErrorDefinition } from '../core/errors.ts'
import { fieldErrors } from '../core/fields.ts'
import { statusOf } from './answer-error.ts'
import { httpErrors } from './http-errors.ts'
import type { Operation } from './operation.ts'
import type { Surface } from './surface.ts'

export const sampleRequestId = 'req_5f0c2a9be1d84736a0b1c2d300002a'

/** Refusals that come before the operation itself looks at the request, or when it breaks. */
export function sharedErrorsOf(surface: Surface, operation: Operation): ErrorDefinition[] {
  const own = new Set(operation.errors.map(({ code }) => code))
  const shared = [
    ...before,
    ...(surface.takesOperators ? ofOperators : []),
    ...(operation.method === 'GET' ? [] : writeErrors(operation)),
    ...after,
  ]
  return shared.filter(({ code }) => !own.has(code))
}

/** In the order of the statuses' reasons: first what every operation answers, then its own. */
export function allErrorsOf(surface: Surface, operation: Operation): ErrorDefinition[] {
  return [...sharedErrorsOf(surface, operation), ...operation.errors]
}

/** The body that a caller of this surface gets. */
export function renderDefinition(surface: Surface, definition: ErrorDefinition): unknown {
  const { message } = new AppError(definition)
  const requestId = sampleRequestId
  const status = statusOf(surface, definition.kind)
  const shown = { definition, status, message, param: undefined, issues: [], requestId }
  return surface.renderError(shown)
}

/** What that body says in `code`, wherever the surface puts it. */
export function wireCodeOf(surface: Surface, definition: ErrorDefinition): string {
  return findCode(renderDefinition(surface, definition)) ?? definition.code
}

function findCode(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, member] of Object.entries(value)) {
    if (name === 'code' && typeof member === 'string') return member
    const inside = findCode(member)
    if (inside !== undefined) return inside
  }
  return undefined
}

const before = [
  httpErrors.request_malformed,
  httpErrors.query_invalid,
  keyErrors.key_missing,
  keyErrors.key_unknown,
  keyErrors.scope_missing,
]

/** What the headers of operators can be refused with. */
const ofOperators = [keyErrors.app_forbidden, keyErrors.operator_name_malformed]

const after = [
  httpErrors.too_many_requests,
  httpErrors.internal_error,
  httpErrors.temporarily_unavailable,
]

function writeErrors(operation: Operation): ErrorDefinition[] {
  const { body_missing, body_unexpected } = httpErrors
  return [
    httpErrors.body_not_json,
    httpErrors.body_too_deep,
    httpErrors.body_too_large,
    httpErrors.media_type_unsupported,
    operation.body ? body_missing : body_unexpected,
    // Also where no body is taken: text that no field may hold is refused before that is known.
    fieldErrors.field_invalid,
    httpErrors.idempotency_key_malformed,
    httpErrors.idempotency_key_reused,
    httpErrors.idempotency_key_busy,
  ]
}
