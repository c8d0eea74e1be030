// Owns the PostgreSQL engine: a pool behind Kysely, statements prepared by name and pipelined.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import { Pool, type PoolClient, types } from 'pg'
import { systemCode } from '../lib/refusal.ts'
import type { Database } from './database.ts'
import { migrate, pendingMigrations } from './migrations.ts'
import { unsafePostgresqlSettings } from './postgresql-safety.ts'
import type { Tables } from './tables.ts'

const statementTimeoutMs = 10_000
/** A writer waits this long for a row that another one holds, then the caller is told to retry. */
const lockTimeoutMs = 5_000
const connectTimeoutMs = 5_000
const idleTransactionTimeoutMs = 15_000
/** Statements prepared per connection; a query beyond them is planned at each call. */
const statementsMax = 500
/** Deadlocks and serialization failures are safe to run again: nothing of the try has stayed. */
const triesMax = 3
const retryCodes = new Set(['40001', '40P01'])

export function openPostgresql(url: string, connectionsMax: number): Database {
  const pool = new Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionTimeoutMs,
    // Statements of one transaction are sent without waiting for the answer of the one before.
    pipeline: true,
    types: { getTypeParser },
  })
  // A connection that breaks while idle is replaced by the pool; its next user gets a fresh one.
  pool.on('error', () => {})
  const db = new Kysely<Tables>({ dialect: dialectOver(pool) })
  return {
    engine: 'postgresql',
    reader: db,
    transaction: (work) => transaction(db, work),
    afterCommit: null,
    commits: () => 0,
    migrate: () => migrate(db, 'postgresql'),
    pendingMigrations: () => pendingMigrations(db, 'postgresql'),
    unsafeSettings: () => unsafePostgresqlSettings(db),
    close: () => pool.end(),
  }
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
    }
  }
}

/** bigint columns hold counts and milliseconds, both far below 2^53: numbers, as on SQLite. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === types.builtins.INT8) return Number
  return types.getTypeParser(oid, format as 'text')
}

function dialectOver(pool: Pool): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PostgresqlDriver(pool),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

class PostgresqlDriver implements Driver {
  readonly #pool: Pool
  readonly #names = new Map<string, string>()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresqlConnection> {
    return new PostgresqlConnection(await this.#pool.connect(), this.#names)
  }

  async beginTransaction(
    connection: PostgresqlConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    connection.begin(settings.isolationLevel)
  }

  async commitTransaction(connection: PostgresqlConnection): Promise<void> {
    await connection.end('commit')
  }

  async rollbackTransaction(connection: PostgresqlConnection): Promise<void> {
    await connection.end('rollback')
  }

  async releaseConnection(connection: PostgresqlConnection): Promise<void> {
    connection.release()
  }

  async destroy(): Promise<void> {
    await this.#pool.end()
  }
}

class PostgresqlConnection implements DatabaseConnection {
  readonly #client: PoolClient
  readonly #names: Map<string, string>
  #begun: Promise<unknown> | null = null
  #isUnusable = false

  constructor(client: PoolClient, names: Map<string, string>) {
    this.#client = client
    this.#names = names
  }

  /** Sent, not awaited: the first statement follows in the same packet. Its failure fails `end`. */
  begin(isolationLevel: string | undefined): void {
    const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`
    this.#begun = this.#client.query(`begin${level}`)
    this.#begun.catch(() => {})
  }

  async end(command: 'commit' | 'rollback'): Promise<void> {
    const begun = this.#begun
    this.#begun = null
    try {
      const [, result] = await Promise.all([begun, this.#client.query(command)])
      // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and no error.
      if (command === 'commit' && result.command !== 'COMMIT') {
        throw new Error('the transaction was rolled back: one of its statements had failed')
      }
    } catch (error) {
      this.#isUnusable = true
      throw error
    }
  }

  release(): void {
    this.#client.release(this.#isUnusable)
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const name = this.#name(query.sql)
    const result = await this.#client.query({
      text: query.sql,
      values: query.parameters as unknown[],
      ...(name === undefined ? {} : { name }),
    })
    return { rows: result.rows, numAffectedRows: BigInt(result.rowCount ?? 0) }
  }

  // Kysely asks for this member; nothing here streams, since lists are bounded by their page.
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }

  #name(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size >= statementsMax) return known
    const name = `s${this.#names.size}`
    this.#names.set(text, name)
    return name
  }
}
