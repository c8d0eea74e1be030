// Owns the vocabulary of connections: an app's credentials at one provider.
import { defineErrors } from '../errors.ts'
import type { ProviderName } from '../provider.ts'

/** As it may be shown: never the credentials. */
export interface Connection {
  id: string
  provider: ProviderName
  /** `null`: the provider's own. */
  baseUrl: string | null
  /** Which credentials are saved. */
  credentialNames: string[]
  mayReplaceLegalAddress: boolean
  /** When the provider last accepted them; milliseconds since the epoch. */
  checkedAt: number
  createdAt: number
  updatedAt: number
}

export const connectionErrors = defineErrors({
  connection_not_found: {
    kind: 'missing',
    title: 'No such connection',
    detail: 'This app has no connection to this provider.',
    fix: 'Save one, or check that the key belongs to the app that has it.',
  },
  connection_missing: {
    kind: 'conflict',
    title: 'Connection missing',
    detail: 'This live app has no connection to the provider.',
    fix: 'Save its credentials: PUT /v1/connections/{provider}, or `clientele connections set`.',
  },
  connection_mode_differs: {
    kind: 'conflict',
    title: 'Mode differs',
    detail: 'The credentials belong to another mode than the app.',
    fix: 'Use test credentials in a test app, and live credentials in a live app.',
  },
  connection_url_refused: {
    kind: 'invalid',
    title: 'Base URL refused',
    detail: 'baseUrl: is not an https URL of a public address.',
    fix: 'Use the public address, or allow the network with CLIENTELE_ALLOWED_NETWORKS.',
  },
})
