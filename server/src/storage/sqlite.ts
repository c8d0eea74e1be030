// Owns the embedded engine: node:sqlite behind Kysely, one writer, readers that see commits only.
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type LimitNode,
  type QueryResult,
  type SelectModifierNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { Refusal } from '../lib/refusal.ts'
import type { Database, UnsafeSetting } from './database.ts'
import { folderRefusal, lockFolder } from './lock.ts'
import { migrate, pendingMigrations } from './migrations.ts'
import { SqliteWriter } from './sqlite-writer.ts'
import type { Tables } from './tables.ts'

/** Prepared statements kept per connection; a query beyond them is prepared anew at each call. */
const statementsMax = 500
/** Page cache per connection. The operating system's cache holds the rest, outside our memory. */
const pageCacheKib = 8 * 1024

export const databaseFileName = 'clientele.db'

export function openSqlite(dataDir: string): Database {
  const lock = lockFolder(dataDir)
  let connections: { writing: DatabaseSync; reading: DatabaseSync }
  try {
    connections = openConnections(dataDir)
  } catch (error) {
    lock.release()
    throw error instanceof Refusal ? error : folderRefusal(dataDir, error)
  }
  const { writing, reading } = connections
  const writerDb = kyselyOver(writing)
  const reader = kyselyOver(reading)
  const writer = new SqliteWriter(writing, writerDb)
  const database: Database = {
    engine: 'sqlite',
    ofApp: () => database,
    ofEveryApp: () => database,
    reader,
    transaction: (work) => writer.transaction(work),
    autocommit: null,
    inserts: null,
    afterCommit: (listener) => writer.afterCommit(listener),
    commits: () => writer.commits,
    migrate: () => migrate(writerDb, 'sqlite'),
    pendingMigrations: () => pendingMigrations(reader, 'sqlite'),
    grantUse: null,
    unsafeSettings: async () => [
      ...(writer.isStopped ? [writerStopped] : []),
      ...unsafeSettings(writing),
    ],
    close: async () => {
      await writer.idle()
      reading.close()
      writing.close()
      lock.release()
    },
  }
  return database
}

function openConnections(dataDir: string): { writing: DatabaseSync; reading: DatabaseSync } {
  const file = join(dataDir, databaseFileName)
  const writing = new DatabaseSync(file)
  // FULL makes every commit wait for the disk; the write-ahead log lets readers go on meanwhile.
  writing.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma foreign_keys = on;
    pragma temp_store = memory;
    pragma cache_size = -${pageCacheKib};
  `)
  const reading = new DatabaseSync(file, { readOnly: true })
  reading.exec(`pragma temp_store = memory; pragma cache_size = -${pageCacheKib};`)
  return { writing, reading }
}

const writerStopped: UnsafeSetting = {
  name: 'writer_stopped',
  detail: 'a write to the disk failed, and nobody knows what of it was kept; writes are refused',
  fix: 'check the disk, then restart: the start reads what was kept',
}

function unsafeSettings(connection: DatabaseSync): UnsafeSetting[] {
  const found: UnsafeSetting[] = []
  const synchronous = Number(connection.prepare('pragma synchronous').get()?.['synchronous'])
  if (synchronous < 2) {
    found.push({
      name: 'synchronous',
      detail: `SQLite runs with synchronous=${synchronous}: a power cut can lose what was answered`,
      fix: 'let Clientele open the file itself; it sets synchronous=FULL',
    })
  }
  const journal = connection.prepare('pragma journal_mode').get()?.['journal_mode']
  if (journal !== 'wal') {
    found.push({
      name: 'journal_mode',
      detail: `SQLite runs with journal_mode=${journal}: readers would block the writer`,
      fix: 'put the data folder on a local disk that allows shared memory files',
    })
  }
  return found
}

function kyselyOver(connection: DatabaseSync): Kysely<Tables> {
  const dialect: Dialect = {
    createAdapter: () => new EmbeddedAdapter(),
    createDriver: () => new SqliteDriver(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new EmbeddedQueryCompiler(),
  }
  return new Kysely<Tables>({ dialect })
}

/** A migration is one transaction: cut off in the middle, it leaves nothing, and runs again. */
class EmbeddedAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class EmbeddedQueryCompiler extends SqliteQueryCompiler {
  /** SQLite plans by the value of a bare `limit ?`, which means anew whenever it is bound. */
  protected override visitLimit(node: LimitNode): void {
    super.visitLimit(node)
    this.append(' + 0')
  }

  /** Row locks have no meaning where a transaction holds the only writer: they are left out. */
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier !== 'ForUpdate' && node.modifier !== 'SkipLocked') {
      super.visitSelectModifier(node)
    }
  }
}

/** Transactions through Kysely serve migrations; the server's own go through SqliteWriter. */
class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection

  constructor(connection: DatabaseSync) {
    this.#connection = new SqliteConnection(connection)
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<Hold> {
    return new Hold(this.#connection)
  }
  async beginTransaction(): Promise<void> {
    this.#connection.exec('begin immediate')
  }
  async commitTransaction(): Promise<void> {
    this.#connection.exec('commit')
  }
  async rollbackTransaction(): Promise<void> {
    this.#connection.rollback()
  }
  async releaseConnection(hold: Hold): Promise<void> {
    hold.end()
  }
  async destroy(): Promise<void> {}
}

/** One transaction's or one query's use of the connection; nothing runs through it afterwards. */
class Hold implements DatabaseConnection {
  readonly #connection: SqliteConnection
  #isOver = false

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  end(): void {
    this.#isOver = true
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#isOver) throw new Error('a statement came after the end of its transaction')
    return this.#connection.executeQuery(query)
  }

  // Kysely asks for this member; nothing here streams, since lists are bounded by their page.
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }
}

interface Prepared {
  statement: StatementSync
  /** A query, or a write that returns rows. */
  hasRows: boolean
}

class SqliteConnection {
  readonly #connection: DatabaseSync
  readonly #statements = new Map<string, Prepared>()

  constructor(connection: DatabaseSync) {
    this.#connection = connection
  }

  exec(text: string): void {
    this.#connection.exec(text)
  }

  rollback(): void {
    // On a full disk SQLite has done it already.
    if (this.#connection.isTransaction) this.#connection.exec('rollback')
  }

  executeQuery<R>(query: CompiledQuery): QueryResult<R> {
    const { statement, hasRows } = this.#prepare(query.sql)
    const parameters = query.parameters as SQLInputValue[]
    if (hasRows) return { rows: statement.all(...parameters) as R[] }
    const { changes } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  #prepare(text: string): Prepared {
    const known = this.#statements.get(text)
    if (known) return known
    const statement = this.#connection.prepare(text)
    const prepared = { statement, hasRows: statement.columns().length > 0 }
    if (this.#statements.size < statementsMax) this.#statements.set(text, prepared)
    return prepared
  }
}
