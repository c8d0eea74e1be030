// Owns the PostgreSQL engine: a pool behind Kysely, statements prepared by name and pipelined.
import { type Driver, Kysely } from 'kysely'
import { LRUCache } from 'lru-cache'
import { Pool, types } from 'pg'
import { assert } from '../lib/assert.ts'
import { systemClock } from '../lib/clock.ts'
import { systemCode } from '../lib/refusal.ts'
import type { Database } from './database.ts'
import { GatheringClient } from './gathering-client.ts'
import { InsertQueue } from './insert-queue.ts'
import { migrate, pendingMigrations } from './migrations.ts'
import { dialectOf, type NamingPool, PoolDriver, StatementNames } from './postgresql-driver.ts'
import { grantUse } from './postgresql-roles.ts'
import { unsafePostgresqlSettings } from './postgresql-safety.ts'
import { everyApp, noApp } from './row-scope.ts'
import { SharedConnections, SharedDriver } from './shared-connections.ts'
import type { Tables } from './tables.ts'

const statementTimeoutMs = 10_000
/**
 * Where the other side is gone without a word, nobody ends a statement but us: the connection is
 * dropped then. Longer than what the server itself allows, with the statements queued before.
 */
const answerTimeoutMs = 20_000
/** A writer waits this long for a row that another one holds, then the caller is told to retry. */
const lockTimeoutMs = 5_000
const connectTimeoutMs = 5_000
const idleTransactionTimeoutMs = 15_000
/** Deadlocks and serialization failures are safe to run again: nothing of the try has stayed. */
const triesMax = 3
/** Long enough for the other side of a deadlock to take the row that this one has let go. */
const retryPauseMs = 20
const retryCodes = new Set(['40001', '40P01'])

export function openPostgresql(url: string, connectionsMax: number): Database {
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    query_timeout: answerTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionTimeoutMs,
    // Statements of one transaction are sent without waiting for the answer of the one before.
    pipeline: true,
    types: { getTypeParser },
  }
  const { reading, single, transactions } = shareConnections(connectionsMax)
  const pool = new Pool({ ...connection, max: transactions, Client: GatheringClient })
  // A connection that breaks while idle is replaced by the pool; its next user gets a fresh one.
  pool.on('error', () => {})
  // One that breaks in use fails its statements; unheard, its event would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  const connections = {
    pool: { pool, names: new StatementNames() },
    reading: new SharedConnections(connection, reading, { gathers: true }),
    // What is one statement was put together by InsertQueue, and leaves at once.
    single: new SharedConnections(connection, single, { gathers: false }),
  }
  return createViews(connections, async () => {
    await Promise.all([pool.end(), connections.reading.close(), connections.single.close()])
  })
}

interface Connections {
  pool: NamingPool
  reading: SharedConnections
  single: SharedConnections
}

/** Views of apps that are kept; another one is made in microseconds. */
const viewsMax = 1_000

/** The database as each app sees it, over the same connections; the one answered sees no app. */
function createViews(connections: Connections, close: () => Promise<void>): Database {
  const all = kyselyOver(new PoolDriver(connections.pool, everyApp))
  const ofApps = new LRUCache<string, Database>({ max: viewsMax })
  const ofEveryApp = () => everyView
  const ofApp = (appId: string) => {
    const known = ofApps.get(appId)
    if (known) return known
    assert(appId !== everyApp && appId !== noApp, 'an app has an id of its own')
    const view = createView(appId)
    ofApps.set(appId, view)
    return view
  }
  const createView = (scope: string): Database => {
    const db = kyselyOver(new PoolDriver(connections.pool, scope))
    const autocommit = kyselyOver(new SharedDriver(connections.single, scope))
    return {
      engine: 'postgresql',
      ofApp,
      ofEveryApp,
      reader: kyselyOver(new SharedDriver(connections.reading, scope)),
      transaction: (work) => transaction(db, work),
      autocommit,
      inserts: new InsertQueue(autocommit),
      afterCommit: null,
      commits: () => 0,
      migrate: () => migratePending(all),
      pendingMigrations: () => pendingMigrations(all, 'postgresql'),
      grantUse: (role) => grantUse(all, role),
      unsafeSettings: () => unsafePostgresqlSettings(all),
      close,
    }
  }
  const everyView = createView(everyApp)
  return createView(noApp)
}

/** Where nothing is pending, nothing is asked that only the owner of the tables may do. */
async function migratePending(db: Kysely<Tables>): Promise<string[]> {
  const pending = await pendingMigrations(db, 'postgresql')
  return pending.length === 0 ? [] : migrate(db, 'postgresql')
}

/** Reads need few, since they share; transactions have one to themselves and wait for the disk. */
function shareConnections(connectionsMax: number) {
  const reading = Math.max(1, Math.floor(connectionsMax / 5))
  const single = Math.max(1, Math.floor(connectionsMax / 3))
  const transactions = Math.max(1, connectionsMax - reading - single)
  return { reading, single, transactions }
}

function kyselyOver(driver: Driver): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialectOf(driver) })
}

async function transaction<T>(
  db: Kysely<Tables>,
  work: (db: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt >= triesMax || !retryCodes.has(systemCode(error))) throw error
      await systemClock.wait(attempt * retryPauseMs)
    }
  }
}

/** bigint columns hold counts and milliseconds, both far below 2^53: numbers, as on SQLite. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === types.builtins.INT8) return Number
  return types.getTypeParser(oid, format as 'text')
}
