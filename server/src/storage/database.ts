// Owns opening a database by its URL, and what every engine promises to the code above.
import type { Kysely } from 'kysely'
import type { InsertQueue } from './insert-queue.ts'
import type { Engine } from './migrations.ts'
import { openPostgresql } from './postgresql.ts'
import { openSqlite } from './sqlite.ts'
import type { Tables } from './tables.ts'

/**
 * Where the engine can hold rows back, the database shows no row of an app unless it is told of
 * which: see `ofApp` and `ofEveryApp`. The embedded engine has no such thing and shows them all.
 */
export interface Database {
  engine: Engine
  /** The same database for what concerns one app: the rows of others are not there. */
  ofApp(appId: string): Database
  /** The rows of all apps. Who asks for them, and why, is listed in test/house/query-rules.ts. */
  ofEveryApp(): Database
  /** Reads outside a transaction: committed data only. */
  reader: Kysely<Tables>
  /**
   * Runs `work` alone with the rows it touches. Resolves after the commit is on disk; when `work`
   * throws, nothing of it stays. No network inside: on SQLite it holds the only writer.
   */
  transaction<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  /** For one statement that is a transaction by itself; `null` where writes share commits. */
  autocommit: Kysely<Tables> | null
  /** For rows that are a transaction by themselves; `null` where writes share commits. */
  inserts: InsertQueue | null
  /**
   * Inside a transaction: runs `listener` in the same instant as its commit, before anybody can
   * read what it changed. `null` where other processes write too: there nothing may be cached.
   */
  afterCommit: ((listener: () => void) => void) | null
  /** Commits so far, in this process. */
  commits(): number
  /** Applies pending migrations; answers their names. */
  migrate(): Promise<string[]>
  pendingMigrations(): Promise<string[]>
  /** Lets a role that owns nothing work on the tables; `null` where there are no roles. */
  grantUse: ((role: string) => Promise<void>) | null
  /** Why an acknowledged write could be lost, or read by others: settings, or a failed disk. */
  unsafeSettings(): Promise<UnsafeSetting[]>
  close(): Promise<void>
}

export interface UnsafeSetting {
  name: string
  detail: string
  fix: string
}

export interface DatabaseOptions {
  /** `postgres://…`; without it the embedded SQLite in `dataDir`. */
  url: string | undefined
  dataDir: string
  connectionsMax: number
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.url === undefined
    ? openSqlite(options.dataDir)
    : openPostgresql(options.url, options.connectionsMax)
}
