// Owns opening an installation: its database, its master key, and what the first start makes.
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Config } from './config.ts'
import {
  createKey,
  createMerchant,
  everyScope,
  listApps,
  type NewKey,
} from './core/apps/app-service.ts'
import type { App, RecordCache, System } from './core/context.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { createEgress, type Egress, EgressFailed } from './lib/egress.ts'
import { createGate } from './lib/gate.ts'
import { createIds } from './lib/id.ts'
import { type Random, systemRandom } from './lib/random.ts'
import { Refusal } from './lib/refusal.ts'
import { createProviders } from './providers/providers.ts'
import type { BlobStore } from './storage/blobs.ts'
import { openFolderBlobs } from './storage/blobs-folder.ts'
import { openS3Blobs } from './storage/blobs-s3.ts'
import { type Database, openDatabase } from './storage/database.ts'
import type { Tables } from './storage/tables.ts'
import { readMasterKey, sealMasterKeyCheck, verifyMasterKey } from './vault/master-key.ts'
import { openRootKey, sealRootKey } from './vault/root-key.ts'
import { createVault, type Vault } from './vault/vault.ts'

export interface Ports {
  clock: Clock
  random: Random
}

export const systemPorts: Ports = { clock: systemClock, random: systemRandom }

/** Shown once, by the start that made them. */
export interface FirstStart {
  test: App
  live: App
  key: NewKey
}

export interface Installation {
  system: System
  /** `null` on every start but the first. */
  firstStart: FirstStart | null
}

export function openInstallationDatabase(config: Config): Promise<Database> {
  return openDatabase({
    url: config.databaseUrl,
    dataDir: config.dataDir,
    connectionsMax: config.databaseConnectionsMax,
  })
}

/** Migrates, verifies the master key; the first start makes merchant, apps and a test key. */
export async function prepareInstallation(
  database: Database,
  config: Config,
  ports: Ports = systemPorts,
): Promise<Installation> {
  // A wrong key changes nothing: only the step that makes the table of its check comes before it.
  const pending = await database.pendingMigrations()
  if (pending.includes(firstMigration)) await database.migrate()
  const system = await createSystem(database, config, ports)
  await database.migrate()
  return { system, firstStart: await makeFirstApps(system) }
}

/** What an earlier start has made; makes nothing. For commands that run without a server. */
export async function openInstallation(
  database: Database,
  config: Config,
  ports: Ports = systemPorts,
): Promise<System> {
  const pending = await database.pendingMigrations()
  if (pending.length > 0) {
    throw new Refusal(
      'migrations_pending',
      `the database has not had the migrations ${pending.join(', ')}`,
      'run: npm run clientele -- migrate',
    )
  }
  if ((await findMasterKeyCheck(database.reader)) === null) {
    throw notStartedYet()
  }
  return createSystem(database, config, ports)
}

async function createSystem(database: Database, config: Config, ports: Ports): Promise<System> {
  const vault = await openVault(database, config, ports.random)
  const ids = createIds(ports.clock, ports.random)
  const cache = createCache(config.cachedRecordsMax)
  const egress = createEgress({ allowedNetworks: config.allowedNetworks })
  const providers = createProviders({ egress, database, vault, ...ports })
  const blobs = await openBlobs(config, egress)
  const { approvesTestApplications, deliveryAgeMsMax } = config
  const outside = { egress, rpcUrls: config.rpcUrls, providers, blobs }
  const inside = { database, db: database.reader, ids, vault, cache }
  return { ...inside, ...ports, ...outside, approvesTestApplications, deliveryAgeMsMax }
}

function createCache(recordsMax: number): RecordCache {
  // The library reads 0 as "no limit"; here it is "no cache".
  if (recordsMax === 0) return { get: () => undefined, set: () => {}, delete: () => {} }
  return new LRUCache<string, object>({ max: recordsMax })
}

const firstMigration = '0001-record'
const checkName = 'master_key_check'

const rootKeyName = 'root_key'

async function openVault(database: Database, config: Config, random: Random): Promise<Vault> {
  const { check: stored, sealedRootKey } = await findKeySettings(database.reader)
  const source = { value: config.masterKey, file: config.masterKeyFile, mayCreate: !stored }
  const masterKey = readMasterKey(source, random)
  const check = stored ?? (await storeCheck(database, sealMasterKeyCheck(masterKey, random)))
  verifyMasterKey(masterKey, check, random)
  const rootKey = sealedRootKey === null ? masterKey : openRootKey(masterKey, sealedRootKey, random)
  return createVault(rootKey, random)
}

/**
 * Seals the root key under `next`, in one transaction: before its commit the old master key opens
 * this installation, and after it the next one alone. What runs keeps its root key and goes on.
 */
export async function replaceMasterKey(
  database: Database,
  keys: { current: Uint8Array; next: Uint8Array },
  random: Random,
): Promise<void> {
  const { current, next } = keys
  await database.transaction(async (db) => {
    // Held until the end: of two replacements at once the second one finds another key.
    await db
      .updateTable('settings')
      .set((eb) => ({ value: eb.ref('value') }))
      .where('name', '=', checkName)
      .execute()
    const { check, sealedRootKey } = await findKeySettings(db)
    if (check === null) throw notStartedYet()
    verifyMasterKey(current, check, random)
    const rootKey = sealedRootKey === null ? current : openRootKey(current, sealedRootKey, random)
    const rows = [
      { name: checkName, value: sealMasterKeyCheck(next, random) },
      { name: rootKeyName, value: sealRootKey(next, rootKey, random) },
    ]
    await db.deleteFrom('settings').where('name', 'in', [checkName, rootKeyName]).execute()
    await db.insertInto('settings').values(rows).execute()
  })
}

/** Both of one moment. */
async function findKeySettings(
  db: Kysely<Tables>,
): Promise<{ check: Uint8Array | null; sealedRootKey: Uint8Array | null }> {
  const rows = await db
    .selectFrom('settings')
    .select(['name', 'value'])
    .where('name', 'in', [checkName, rootKeyName])
    .execute()
  const settingOf = (wanted: string) => rows.find(({ name }) => name === wanted)?.value ?? null
  return { check: settingOf(checkName), sealedRootKey: settingOf(rootKeyName) }
}

/** What proves the master key; `null` until the first start. */
export async function findMasterKeyCheck(db: Kysely<Tables>): Promise<Uint8Array | null> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', checkName)
    .executeTakeFirst()
  return row?.value ?? null
}

/** The check that stands: of two processes that start at once on one database, the first one's. */
function storeCheck(database: Database, check: Uint8Array): Promise<Uint8Array> {
  return database.transaction(async (db) => {
    await db
      .insertInto('settings')
      .values({ name: checkName, value: check })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const row = await db
      .selectFrom('settings')
      .select('value')
      .where('name', '=', checkName)
      .executeTakeFirstOrThrow()
    return row.value
  })
}

async function makeFirstApps(system: System): Promise<FirstStart | null> {
  if ((await listApps(system)).length > 0) return null
  return system.database.ofEveryApp().transaction(async (db) => {
    const tx = { ...system, db }
    // Only the process whose row it is goes on: two first starts at once make one merchant.
    const claim = await db
      .insertInto('settings')
      .values({ name: 'first_start', value: new Uint8Array([1]) })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (claim.numInsertedOrUpdatedRows !== 1n) return null
    const { test, live } = await createMerchant(tx, 'First merchant')
    const key = await createKey(tx, { app: test, name: 'first test key', scopes: [everyScope] })
    return { test, live, key }
  })
}

/** Files that are taken in at once: sealing and hashing them must not starve requests. */
const filesAtOnceMax = 2

async function openBlobs(config: Config, egress: Egress): Promise<BlobStore> {
  const store = await openStore(config, egress)
  const gate = createGate(filesAtOnceMax)
  return { ...store, put: (name, bytes) => gate.pass(() => store.put(name, bytes)) }
}

async function openStore(config: Config, egress: Egress): Promise<BlobStore> {
  if (!config.objectStore) return openFolderBlobs(config.filesDir)
  refuseInside(config.objectStore.endpoint, egress)
  const spoolFolder = join(config.filesDir, 'spool')
  return openS3Blobs({ ...config.objectStore, egress, spoolFolder })
}

function refuseInside(endpoint: string, egress: Egress): void {
  try {
    egress.checkUrl(endpoint)
  } catch (error) {
    if (!(error instanceof EgressFailed)) throw error
    throw new Refusal(
      'object_store_refused',
      `CLIENTELE_S3_ENDPOINT cannot be used: ${error.message}`,
      'name a public https address, or set CLIENTELE_ALLOWED_NETWORKS to its network',
    )
  }
}

function notStartedYet(): Refusal {
  return new Refusal('not_started_yet', 'no server has run on this database yet', 'run: npm start')
}
