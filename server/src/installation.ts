// Owns opening an installation: its database, its master key, and what the first start makes.

import type { Config } from './config.ts'
import {
  createKey,
  createMerchant,
  everyScope,
  listApps,
  type NewKey,
} from './core/apps/app-service.ts'
import type { App, System } from './core/context.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { createIds } from './lib/id.ts'
import { type Random, systemRandom } from './lib/random.ts'
import { type Database, openDatabase } from './storage/database.ts'
import { readMasterKey, sealMasterKeyCheck, verifyMasterKey } from './vault/master-key.ts'
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

/** Migrates, verifies the master key, and on the first start makes merchant, apps and a test key. */
export async function prepareInstallation(
  database: Database,
  config: Config,
  ports: Ports = systemPorts,
): Promise<Installation> {
  await database.migrate()
  const vault = await openVault(database, config, ports.random)
  const ids = createIds(ports.clock, ports.random)
  const system: System = { database, db: database.reader, ...ports, ids, vault }
  return { system, firstStart: await makeFirstApps(system) }
}

const checkName = 'master_key_check'

async function openVault(database: Database, config: Config, random: Random): Promise<Vault> {
  const stored = await selectCheck(database)
  const source = { value: config.masterKey, file: config.masterKeyFile, mayCreate: !stored }
  const masterKey = readMasterKey(source, random)
  const check = stored ?? (await storeCheck(database, sealMasterKeyCheck(masterKey, random)))
  verifyMasterKey(masterKey, check, random)
  return createVault(masterKey, random)
}

async function selectCheck(database: Database): Promise<Uint8Array | null> {
  const row = await database.reader
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
  return system.database.transaction(async (db) => {
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
