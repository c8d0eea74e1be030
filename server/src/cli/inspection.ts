// Owns looking at a database without making or changing anything, not even a lock or a log file.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { Kysely, SqliteDialect, type SqliteStatement } from 'kysely'
import type { Config } from '../config.ts'
import { openDatabase } from '../storage/database.ts'
import { pendingMigrations } from '../storage/migrations.ts'
import { databaseFileName } from '../storage/sqlite.ts'
import type { Tables } from '../storage/tables.ts'
import type { Inspection } from './command.ts'

export interface OpenInspection extends Inspection {
  close(): Promise<void>
}

export async function openInspection(config: Config): Promise<OpenInspection> {
  if (config.databaseUrl === undefined) return inspectFolder(config.dataDir)
  const { databaseUrl: url, dataDir, databaseConnectionsMax: connectionsMax } = config
  // A pool makes nothing by itself: what is asked of it here is all `select`.
  const database = await openDatabase({ url, dataDir, connectionsMax })
  return { ...database.ofEveryApp(), exists: true }
}

function inspectFolder(dataDir: string): OpenInspection {
  const file = join(dataDir, databaseFileName)
  const exists = existsSync(file)
  const connection = exists ? openReadOnly(file) : new DatabaseSync(':memory:')
  const reader = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: { close: () => {}, prepare: prepareWith(connection) } }),
  })
  return {
    engine: 'sqlite',
    exists,
    reader,
    pendingMigrations: () => pendingMigrations(reader, 'sqlite'),
    // They belong to a connection: the server makes its own safe, and looks at them itself.
    unsafeSettings: async () => [],
    close: async () => connection.close(),
  }
}

/**
 * A database that was closed has no write-ahead log, and `immutable` keeps SQLite from making one.
 * Where a log is left by a crash, or a server works on it, the log must be read too.
 */
function openReadOnly(file: string): DatabaseSync {
  if (existsSync(`${file}-wal`)) return new DatabaseSync(file, { readOnly: true })
  const url = pathToFileURL(file)
  url.search = '?immutable=1'
  return new DatabaseSync(url, { readOnly: true })
}

function prepareWith(connection: DatabaseSync): (text: string) => SqliteStatement {
  return (text) => {
    const statement = connection.prepare(text)
    const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => statement.all(...values(parameters)),
      run: (parameters) => statement.run(...values(parameters)),
      iterate: (parameters) => statement.iterate(...values(parameters)),
    }
  }
}
