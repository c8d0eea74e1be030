// Owns the platform client: where it is, who calls, in which app and as whom.
import { createClient } from './client.ts'
import { ArgumentError } from './errors.ts'
import {
  type ClientOptions,
  readBaseUrl,
  readOptions,
  readSecret,
  readSendOptions,
} from './options.ts'
import {
  createApps,
  createConnections,
  createKeys,
  type PlatformApps,
  type PlatformConnections,
  type PlatformKeys,
} from './platform-access.ts'
import { createCalls } from './platform-calls.ts'
import { createCustomers, type PlatformCustomers } from './platform-customers.ts'
import {
  createApplications,
  createPayouts,
  createStatusMachines,
  type PlatformApplications,
  type PlatformPayouts,
  type PlatformStatusMachines,
} from './platform-decisions.ts'
import { createEvents, type PlatformEvents } from './platform-events.ts'
import { createWebhookEndpoints, type PlatformWebhookEndpoints } from './platform-webhooks.ts'

export interface PlatformClientOptions extends ClientOptions {
  /** With an operator key: the id of the merchant's app that is meant. The key's own by default. */
  app?: string | undefined
  /** Who acts, such as `ana.gomez`: stands in the history beside the key. */
  operator?: string | undefined
}

/** The platform surface: the whole record, its history, webhooks, and what operators do. */
export interface PlatformClient {
  readonly customers: PlatformCustomers
  readonly events: PlatformEvents
  readonly webhookEndpoints: PlatformWebhookEndpoints
  readonly applications: PlatformApplications
  readonly payouts: PlatformPayouts
  readonly statusMachines: PlatformStatusMachines
  readonly apps: PlatformApps
  readonly keys: PlatformKeys
  readonly connections: PlatformConnections
}

/**
 * A client of the platform surface. It holds no connection of its own and need not be closed, so
 * there may be one for every operator. Every call resolves to a {@link Result} and never throws.
 *
 * @example
 * const platform = createPlatformClient({ apiKey, baseUrl: 'http://127.0.0.1:4000/v1' })
 * const created = await platform.customers.create({ kind: 'individual', name: 'Ada Lovelace' })
 */
export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const client = createClient(
    readOptions(() => {
      const apiKey = readSecret('apiKey', options.apiKey)
      return {
        credential: { bearer: () => apiKey, secrets: [] },
        baseUrl: readBaseUrl('baseUrl', options.baseUrl),
        headers: {
          ...readHeader('app', 'clientele-app', options.app),
          ...readHeader('operator', 'clientele-operator', options.operator),
        },
        ...readSendOptions(options),
      }
    }),
  )
  const calls = createCalls(client)
  return {
    customers: createCustomers(calls),
    events: createEvents(calls),
    webhookEndpoints: createWebhookEndpoints(calls),
    applications: createApplications(calls),
    payouts: createPayouts(calls),
    statusMachines: createStatusMachines(calls),
    apps: createApps(calls),
    keys: createKeys(calls),
    connections: createConnections(calls),
  }
}

/** What a header cannot carry is told here; whether the server knows it, the server says. */
function readHeader(param: string, name: string, value: unknown): Record<string, string> {
  if (value === undefined) return {}
  if (typeof value === 'string' && /^[\x21-\x7e]([\x20-\x7e]{0,98}[\x21-\x7e])?$/.test(value)) {
    return { [name]: value }
  }
  throw new ArgumentError(param, 'is not 1 to 100 printable ASCII characters')
}
