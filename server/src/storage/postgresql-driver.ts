// Owns how Kysely's statements reach PostgreSQL: prepared by name, pipelined, for one app's rows.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { type GatheringClient, gatheringClient } from './gathering-client.ts'

/** Statements prepared per connection; a query beyond them is planned at each call. */
const statementsMax = 500
/** Each connection keeps the plan of each: a long text, of many rows, is planned at each call. */
const namedTextLengthMax = 8_192

export function dialectOf(driver: Driver): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/** Names statements by their text, the same name on every connection. */
export class StatementNames {
  readonly #names = new Map<string, string>()

  find(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size >= statementsMax) return known
    if (text.length > namedTextLengthMax) return undefined
    const name = `s${this.#names.size}`
    this.#names.set(text, name)
    return name
  }
}

export class PipelinedConnection implements DatabaseConnection {
  readonly #client: GatheringClient
  readonly #names: StatementNames
  readonly #scope: string

  constructor(client: GatheringClient, names: StatementNames, scope: string) {
    this.#client = client
    this.#names = names
    this.#scope = scope
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const shown = this.show()
    const name = this.#names.find(query.sql)
    const answer = this.#client.query({
      text: query.sql,
      values: query.parameters as unknown[],
      ...(name === undefined ? {} : { name }),
    })
    const result = shown === null ? await answer : (await Promise.all([answer, shown]))[0]
    return { rows: result.rows, numAffectedRows: BigInt(result.rowCount ?? 0) }
  }

  /** Before a statement is sent: `null` where the connection shows the right rows already. */
  protected show(): Promise<unknown> | null {
    this.#client.gather()
    return this.#client.rows.show(this.#scope)
  }

  // Kysely asks for this member; nothing here streams, since lists are bounded by their page.
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }
}

/** A pool, and what was prepared on its connections. */
export interface NamingPool {
  pool: Pool
  names: StatementNames
}

/** For transactions, and for everything at the start: one connection of the pool at a time. */
export class PoolDriver implements Driver {
  readonly #pool: NamingPool
  readonly #scope: string

  constructor(pool: NamingPool, scope: string) {
    this.#pool = pool
    this.#scope = scope
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PoolConnection> {
    const { pool, names } = this.#pool
    return new PoolConnection(await pool.connect(), names, this.#scope)
  }

  async beginTransaction(connection: PoolConnection, settings: TransactionSettings): Promise<void> {
    connection.begin(settings.isolationLevel)
  }

  async commitTransaction(connection: PoolConnection): Promise<void> {
    await connection.end('commit')
  }

  async rollbackTransaction(connection: PoolConnection): Promise<void> {
    await connection.end('rollback')
  }

  async releaseConnection(connection: PoolConnection): Promise<void> {
    connection.release()
  }

  // The pool serves many apps: whoever made it ends it.
  async destroy(): Promise<void> {}
}

class PoolConnection extends PipelinedConnection {
  readonly #client: PoolClient
  #begun: Promise<unknown> | null = null
  #isUnusable = false
  #isOver = false

  constructor(client: PoolClient, names: StatementNames, scope: string) {
    super(gatheringClient(client), names, scope)
    this.#client = client
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // Left running beside one that failed, it would run in nobody's transaction, or in another's.
    if (this.#isOver) throw new Error('a statement came after the end of its transaction')
    return super.executeQuery(query)
  }

  /** Sent, not awaited: the first statement follows in the same packet. Its failure fails `end`. */
  begin(isolationLevel: string | undefined): void {
    const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`
    const shown = this.show()
    this.#begun = Promise.all([this.#client.query(`begin${level}`), shown])
    this.#begun.catch(() => {})
  }

  async end(command: 'commit' | 'rollback'): Promise<void> {
    this.show()
    const begun = this.#begun
    this.#begun = null
    this.#isOver = true
    try {
      const [, result] = await Promise.all([begun, this.#client.query(command)])
      // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and no error.
      if (command === 'commit' && result.command !== 'COMMIT') {
        throw new Error('the transaction was rolled back: one of its statements had failed')
      }
    } catch (error) {
      this.#isUnusable = true
      throw error
    } finally {
      // A migration goes on with the connection after its transaction.
      this.#isOver = false
    }
  }

  release(): void {
    this.#isOver = true
    this.#client.release(this.#isUnusable)
  }
}
