// Owns a few PostgreSQL connections that many statements share, outside of transactions.
import type { Driver } from 'kysely'
import type { ClientConfig } from 'pg'
import { type Gathering, GatheringClient } from './gathering-client.ts'
import { PipelinedConnection, StatementNames } from './postgresql-driver.ts'

interface Shared {
  open: Promise<GatheringClient> | null
  /** Once it is open. */
  client: GatheringClient | null
  pending: number
}

/**
 * For statements that are a transaction by themselves: many are under way on each connection, and
 * each goes to the one with the fewest. One that is slow holds up those behind it, so what may wait
 * for long belongs into a transaction of its own.
 */
export class SharedConnections {
  readonly names = new StatementNames()
  readonly #config: ClientConfig
  readonly #gathering: Gathering
  readonly #connections: Shared[]
  #isClosed = false

  constructor(config: ClientConfig, count: number, gathering: Gathering) {
    this.#config = config
    this.#gathering = gathering
    const none = { open: null, client: null, pending: 0 }
    this.#connections = Array.from({ length: count }, () => ({ ...none }))
  }

  async take(scope: string): Promise<{ client: GatheringClient; shared: Shared }> {
    if (this.#isClosed) throw new Error('the database is closed')
    const shared = this.#connections.reduce((best, next) => {
      if (next.pending !== best.pending) return next.pending < best.pending ? next : best
      // Of two that are as busy, the one that need not be told whose rows to show.
      return isShowing(next, scope) && !isShowing(best, scope) ? next : best
    })
    shared.pending += 1
    try {
      shared.open ??= this.#connect(shared)
      return { client: await shared.open, shared }
    } catch (error) {
      shared.pending -= 1
      throw error
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const open = this.#connections.map((shared) => shared.open)
    await Promise.allSettled(open.map(async (client) => (await client)?.end()))
  }

  async #connect(shared: Shared): Promise<GatheringClient> {
    const client = new GatheringClient(this.#config, this.#gathering)
    // Its queries fail with it; the next one opens another connection.
    const drop = () => {
      if (shared.client !== null && shared.client !== client) return
      shared.open = null
      shared.client = null
    }
    client.on('error', drop)
    client.on('end', drop)
    try {
      await client.connect()
      shared.client = client
      return client
    } catch (error) {
      drop()
      throw error
    }
  }
}

function isShowing({ client }: Shared, scope: string): boolean {
  return client?.rows.isShowing(scope) ?? false
}

/** The shared connections, for the rows of one app. */
export class SharedDriver implements Driver {
  readonly #connections: SharedConnections
  readonly #scope: string

  constructor(connections: SharedConnections, scope: string) {
    this.#connections = connections
    this.#scope = scope
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SharedConnection> {
    const { client, shared } = await this.#connections.take(this.#scope)
    return new SharedConnection(client, shared, {
      names: this.#connections.names,
      scope: this.#scope,
    })
  }

  async releaseConnection(connection: SharedConnection): Promise<void> {
    connection.shared.pending -= 1
  }

  async beginTransaction(): Promise<never> {
    throw new Error('a shared connection runs no transactions')
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}

  // They serve many apps: whoever made them closes them.
  async destroy(): Promise<void> {}
}

class SharedConnection extends PipelinedConnection {
  readonly shared: Shared

  constructor(
    client: GatheringClient,
    shared: Shared,
    { names, scope }: { names: StatementNames; scope: string },
  ) {
    super(client, names, scope)
    this.shared = shared
  }
}
