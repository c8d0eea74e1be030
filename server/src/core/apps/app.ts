// Owns the vocabulary of tenants and their keys.
import { defineErrors } from '../errors.ts'

export interface Key {
  appId: string
  id: string
  name: string
  /** The last four characters of the secret, to tell keys apart. */
  last4: string
  /** `*` is every scope of the app, otherwise `<surface>:read`, `customers:write`: scopes.ts. */
  scopes: string[]
  createdAt: number
  revokedAt: number | null
  expiresAt: number | null
  /** At most a minute behind, while it is in use. */
  lastUsedAt: number | null
  /** Until when the secret before this one works too. */
  previousEndsAt: number | null
  /** Sees every app of its merchant; one of a test app only those in test mode. */
  isOperator: boolean
}

/** Revoked, or past its time. */
export function hasEnded({ revokedAt, expiresAt }: Key, now: number): boolean {
  return revokedAt !== null || (expiresAt !== null && expiresAt <= now)
}

export const keyNameLengthMax = 100

/** How long the secret before goes on working after a rotation. */
export const overlapMs = { default: 24 * 60 * 60 * 1000, max: 7 * 24 * 60 * 60 * 1000 } as const

export const keyErrors = defineErrors({
  key_missing: {
    kind: 'unauthenticated',
    title: 'No key',
    detail: 'The request carries no API key.',
    fix: 'Send it in the header of this surface: Authorization: Bearer <key>, or x-api-key.',
  },
  key_unknown: {
    kind: 'unauthenticated',
    title: 'Unknown key',
    detail: 'The API key is not known here, or it has been revoked.',
    fix: 'Check that it is whole and was made on this installation, or make a new one.',
  },
  scope_missing: {
    kind: 'forbidden',
    title: 'Scope missing',
    detail: 'The API key does not have the scope that this operation needs.',
    fix: 'Use a key with that scope.',
  },
  app_forbidden: {
    kind: 'forbidden',
    title: 'Another app',
    detail: 'appId: is not the app of the API key.',
    fix: 'Leave it out, or use a key of that app.',
  },
  key_not_found: {
    kind: 'missing',
    title: 'No such key',
    detail: 'There is no key with this id in this app.',
    fix: 'List the keys of the app and check the id.',
  },
  key_cursor_unknown: {
    kind: 'malformed',
    title: 'Unknown cursor',
    detail: 'cursor: is not the id of a key.',
    fix: 'Pass `next_cursor` of the page before as it is, or leave it out.',
  },
  key_ended: {
    kind: 'conflict',
    title: 'Key has ended',
    detail: 'The key is revoked or has expired.',
    fix: 'Make a new key.',
  },
  scope_unknown: {
    kind: 'invalid',
    title: 'No such scope',
    detail: 'scopes: holds a name that is no scope.',
    fix: 'Use the names in the reference.',
  },
  token_refused: {
    kind: 'forbidden',
    title: 'Not with a token',
    detail: 'An access token cannot change keys: what it makes would outlive it.',
    fix: 'Use the key itself.',
  },
  operator_required: {
    kind: 'invalid',
    title: 'Not an operator key',
    detail: 'operator: only an operator key can make one, or rotate one.',
    fix: 'Use an operator key; `keys create --operator` makes one.',
  },
  operator_name_malformed: {
    kind: 'malformed',
    title: 'Operator name malformed',
    detail: 'Clientele-Operator: is not 1 to 100 letters, digits, spaces and ._@+- in ASCII.',
    fix: 'Send a plain name, or leave the header out.',
  },
  app_not_found: {
    kind: 'missing',
    title: 'No such app',
    detail: 'There is no app with this id.',
    fix: 'List the apps and check the id.',
  },
})
