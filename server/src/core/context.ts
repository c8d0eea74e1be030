// Owns the first argument of everything: who acts, for which app, on what database, at what time.
import type { Kysely } from 'kysely'
import type { Clock } from '../lib/clock.ts'
import type { Egress } from '../lib/egress.ts'
import type { Ids } from '../lib/id.ts'
import type { Random } from '../lib/random.ts'
import type { BlobStore } from '../storage/blobs.ts'
import type { Database } from '../storage/database.ts'
import type { Tables } from '../storage/tables.ts'
import type { Transactional } from '../storage/transaction.ts'
import type { DataKey, Vault } from '../vault/vault.ts'
import type { Providers } from './provider.ts'

/** What is the same for every request of one process. */
export interface System {
  database: Database
  db: Kysely<Tables>
  clock: Clock
  random: Random
  ids: Ids
  vault: Vault
  cache: RecordCache
  /** The network outside. */
  egress: Egress
  /** Where a chain can be asked about a transaction, by chain id. */
  rpcUrls: ReadonlyMap<number, string>
  providers: Providers
  /** The bytes of files, sealed. */
  blobs: BlobStore
  /** Whether a test app's application is approved as soon as it is submitted. */
  approvesTestApplications: boolean
  /** For how long a webhook delivery is kept after its last try. */
  deliveryAgeMsMax: number
}

/** Opened records by name; see customer/customer-cache.ts. */
export interface RecordCache {
  get(name: string): unknown
  set(name: string, record: object): void
  delete(name: string): void
}

export type Mode = 'test' | 'live'

/** A tenant in one mode: everything belongs to exactly one. */
export interface App {
  id: string
  merchantId: string
  name: string
  mode: Mode
  /** Milliseconds since the epoch. */
  createdAt: number
}

/** What a key may do: it gives other keys no more than that. */
export interface KeyGrant {
  appId: string
  id: string
  scopes: readonly string[]
  isOperator: boolean
  expiresAt: number | null
}

export interface Context extends System, Transactional {
  app: App
  /**
   * Who caused it, for the history: `key:<id>`, `key:<id> operator:<name>`, `job:<kind>`,
   * `operator:<name>`.
   */
  actor: string
  /** The key of the caller; left out for jobs and commands. */
  key?: KeyGrant
  /** Told of each customer that a transaction changes: a stored reply is sealed with its key. */
  touched?: (owner: { customerId: string; dataKey: DataKey }) => void
}

/** What concerns one app. Inside a transaction nothing changes: it has the rows it began with. */
export function forApp<S extends System>(system: S, appId: string): S {
  return lookInto(system, () => system.database.ofApp(appId))
}

/** For what goes over all apps: test/house/query-rules.ts lists each use, with its reason. */
export function forEveryApp<S extends System>(system: S): S {
  return lookInto(system, () => system.database.ofEveryApp())
}

function lookInto<S extends System>(system: S, view: () => Database): S {
  if (system.db !== system.database.reader) return system
  const database = view()
  return { ...system, database, db: database.reader }
}

/** Of one app, and of nobody else's rows. */
export function contextOf(system: System, caller: Pick<Context, 'app' | 'actor' | 'key'>): Context {
  const database = system.database.ofApp(caller.app.id)
  return { ...system, ...caller, database, db: database.reader }
}
