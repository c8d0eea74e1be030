// Owns how Kysely's statements reach PostgreSQL: prepared by name, pipelined, in two ways. A
// transaction has a connection to itself; reads share a few, so that many are under way on each.
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
import type { Client, ClientBase, ClientConfig, Pool, PoolClient } from 'pg'
import { GatheringClient } from './gathering-client.ts'

/** Statements prepared per connection; a query beyond them is planned at each call. */
const statementsMax = 500

export function dialectOf(driver: Driver): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/** Names statements by their text, the same name on every connection. */
class StatementNames {
  readonly #names = new Map<string, string>()

  find(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size >= statementsMax) return known
    const name = `s${this.#names.size}`
    this.#names.set(text, name)
    return name
  }
}

class PipelinedConnection implements DatabaseConnection {
  readonly #sender: ClientBase
  readonly #names: StatementNames

  constructor(sender: ClientBase, names: StatementNames) {
    this.#sender = sender
    this.#names = names
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    gather(this.#sender)
    const name = this.#names.find(query.sql)
    const result = await this.#sender.query({
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
}

function gather(client: ClientBase): void {
  if (client instanceof GatheringClient) client.gather()
}

/** For transactions, and for everything at the start: one connection of the pool at a time. */
export class PoolDriver implements Driver {
  readonly #pool: Pool
  readonly #names = new StatementNames()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PoolConnection> {
    return new PoolConnection(await this.#pool.connect(), this.#names)
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

  async destroy(): Promise<void> {
    await this.#pool.end()
  }
}

class PoolConnection extends PipelinedConnection {
  readonly #client: PoolClient
  #begun: Promise<unknown> | null = null
  #isUnusable = false
  #isOver = false

  constructor(client: PoolClient, names: StatementNames) {
    super(client, names)
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
    gather(this.#client)
    this.#begun = this.#client.query(`begin${level}`)
    this.#begun.catch(() => {})
  }

  async end(command: 'commit' | 'rollback'): Promise<void> {
    gather(this.#client)
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

/**
 * For statements that are a transaction by themselves: many are under way on each connection, and
 * each goes to the one with the fewest. One that is slow holds up those behind it, so what may wait
 * for long belongs into a transaction of its own.
 */
export class SharedDriver implements Driver {
  readonly #config: ClientConfig
  readonly #names = new StatementNames()
  readonly #connections: Shared[]

  constructor(config: ClientConfig, connections: number) {
    this.#config = config
    this.#connections = Array.from({ length: connections }, () => ({ open: null, pending: 0 }))
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SharedConnection> {
    const shared = this.#connections.reduce((least, next) =>
      next.pending < least.pending ? next : least,
    )
    shared.pending += 1
    try {
      shared.open ??= this.#connect(shared)
      return new SharedConnection(await shared.open, this.#names, shared)
    } catch (error) {
      shared.pending -= 1
      throw error
    }
  }

  async releaseConnection(connection: SharedConnection): Promise<void> {
    connection.shared.pending -= 1
  }

  async beginTransaction(): Promise<never> {
    throw new Error('a shared connection runs no transactions')
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}

  async destroy(): Promise<void> {
    const open = this.#connections.map((shared) => shared.open)
    await Promise.allSettled(open.map(async (client) => (await client)?.end()))
  }

  async #connect(shared: Shared): Promise<Client> {
    const client = new GatheringClient(this.#config)
    // Its queries fail with it; the next one opens another connection.
    const drop = () => {
      shared.open = null
    }
    client.on('error', drop)
    client.on('end', drop)
    try {
      await client.connect()
      return client
    } catch (error) {
      drop()
      throw error
    }
  }
}

interface Shared {
  open: Promise<Client> | null
  pending: number
}

class SharedConnection extends PipelinedConnection {
  readonly shared: Shared

  constructor(client: Client, names: StatementNames, shared: Shared) {
    super(client, names)
    this.shared = shared
  }
}
