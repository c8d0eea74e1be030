// Owns opening a database by its URL, and what every engine promises to the code above.
import type { Kysely } from 'kysely'
import type { Engine } from './migrations.ts'
import { openPostgresql } from './postgresql.ts'
import { openSqlite } from './sqlite.ts'
import type { Tables } from './tables.ts'

export interface Database {
  engine: Engine
  /** Reads outside a transaction: committed data only. */
  reader: Kysely<Tables>
  /**
   * Runs `work` alone with the rows it touches. Resolves after the commit is on disk; when `work`
   * throws, nothing of it stays. No network inside: on SQLite it holds the only writer.
   */
  transaction<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  /** For one statement that is a transaction by itself; `null` where writes share commits. */
  autocommit: Kysely<Tables> | null
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
