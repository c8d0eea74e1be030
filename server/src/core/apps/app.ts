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
}

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
  app_not_found: {
    kind: 'missing',
    title: 'No such app',
    detail: 'There is no app with this id.',
    fix: 'List the apps and check the id.',
  },
})
