// Owns who may what, of the platform client: apps, keys, and connections to providers.
import type { CallOptions } from './options.ts'
import type { PlatformCalls, PlatformList } from './platform-calls.ts'
import type {
  App,
  Connection,
  Key,
  KeyWithSecret,
  ListKeysQuery,
  NewConnection,
  NewKey,
  RemovedConnection,
  Rotation,
} from './platform-types.generated.ts'
import type { Result } from './result.ts'

/** Those that the key sees: its own, or with an operator key its merchant's. */
export interface PlatformApps {
  list(options?: CallOptions): PlatformList<App>
}

/** Keys of the app. Each call with an id: `key_not_found` (404). */
export interface PlatformKeys {
  /**
   * `secret` is in this answer alone.
   *
   * Errors: `scope_unknown`, `operator_required` (422); `scope_missing` (403) for a right that the
   * asking key does not have itself.
   */
  create(key: NewKey, options?: CallOptions): Promise<Result<KeyWithSecret>>
  /** Newest first, with those that have ended. */
  list(query?: ListKeysQuery, options?: CallOptions): PlatformList<Key>
  /** A new secret; the one before works on for a while. Errors: `key_ended` (409). */
  rotate(id: string, rotation?: Rotation, options?: CallOptions): Promise<Result<KeyWithSecret>>
  /** At once, with its access tokens. */
  revoke(id: string, options?: CallOptions): Promise<Result<Key>>
}

export type Provider = Connection['provider']

/** Credentials at providers. Each call: `connection_not_found` (404). */
export interface PlatformConnections {
  list(options?: CallOptions): PlatformList<Connection>
  retrieve(provider: Provider, options?: CallOptions): Promise<Result<Connection>>
  /**
   * Saved when the provider accepts the credentials.
   *
   * Errors: `provider_credentials_refused`, `connection_url_refused`, `connection_mode_differs`,
   * and what else comes of asking the provider.
   */
  save(
    provider: Provider,
    connection: NewConnection,
    options?: CallOptions,
  ): Promise<Result<Connection>>
  /** Asks the provider again. Errors: as `save`. */
  test(provider: Provider, options?: CallOptions): Promise<Result<Connection>>
  remove(provider: Provider, options?: CallOptions): Promise<Result<RemovedConnection>>
}

export function createApps(calls: PlatformCalls): PlatformApps {
  return { list: (options) => calls.list(['apps'], undefined, options) }
}

export function createKeys(calls: PlatformCalls): PlatformKeys {
  const root = 'keys'
  return {
    create: (key, options) => calls.send('POST', [root], { body: key }, options),
    list: (query, options) => calls.list([root], query, options),
    rotate: (id, rotation, options) =>
      calls.send('POST', [root, { id }, 'rotate'], { body: rotation ?? {} }, options),
    revoke: (id, options) => calls.send('DELETE', [root, { id }], {}, options),
  }
}

export function createConnections(calls: PlatformCalls): PlatformConnections {
  const root = 'connections'
  return {
    list: (options) => calls.list([root], undefined, options),
    retrieve: (provider, options) => calls.get([root, { provider }], undefined, options),
    save: (provider, connection, options) =>
      calls.send('PUT', [root, { provider }], { body: connection }, options),
    test: (provider, options) => calls.send('POST', [root, { provider }, 'test'], {}, options),
    remove: (provider, options) => calls.send('DELETE', [root, { provider }], {}, options),
  }
}
