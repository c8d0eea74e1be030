// Owns the only writer of the embedded engine: transactions that arrive together share one commit.
import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import { isDiskFull } from './lock.ts'
import type { Tables } from './tables.ts'

/** Transactions in one commit, at most: bounds what one failed commit can take with it. */
const batchTransactionsMax = 128

interface Batch {
  transactions: number
  afterCommit: (() => void)[]
  /** Settles with the commit: every transaction of the batch answers after it. */
  committed: Promise<void>
  settle: (error?: unknown) => void
}

/**
 * Runs transactions one after the other, each in a savepoint of a batch. The batch is committed,
 * with one wait for the disk, when nobody is queueing any more; only then do its members resolve.
 * A member that fails is rolled back to its savepoint and leaves the others untouched.
 */
export class SqliteWriter {
  commits = 0
  readonly #connection: DatabaseSync
  readonly #db: Kysely<Tables>
  #turn: Promise<void> = Promise.resolve()
  #queued = 0
  #batch: Batch | null = null
  #broken: unknown = null

  constructor(connection: DatabaseSync, db: Kysely<Tables>) {
    this.#connection = connection
    this.#db = db
  }

  async transaction<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    const before = this.#turn
    let pass: () => void = () => {}
    this.#turn = new Promise((resolve) => {
      pass = resolve
    })
    this.#queued += 1
    await before
    let batch: Batch | null = null
    try {
      batch = this.#join()
      return await this.#inSavepoint(work)
    } finally {
      this.#queued -= 1
      if (batch) this.#scheduleCommit(batch)
      pass()
      // Also a refusal waits: it may rest on what another member of the batch has written.
      if (batch) await batch.committed
    }
  }

  /** Inside a transaction. A member that is rolled back has its listeners run all the same. */
  afterCommit(listener: () => void): void {
    this.#batch?.afterCommit.push(listener)
  }

  /** True after a write that failed for another reason than a full disk: it refuses all others. */
  get isStopped(): boolean {
    return this.#broken !== null
  }

  /** Resolves when nothing is queued and nothing is uncommitted. */
  async idle(): Promise<void> {
    await this.#turn
    await this.#batch?.committed.catch(() => {})
  }

  #join(): Batch {
    // After a failed write to the disk nobody knows what reached it; a restart reads what did.
    if (this.#broken) throw this.#broken
    if (!this.#batch) {
      this.#connection.exec('begin immediate')
      this.#batch = newBatch()
    }
    this.#batch.transactions += 1
    return this.#batch
  }

  async #inSavepoint<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    this.#connection.exec('savepoint work')
    try {
      // A hold on the connection that ends with the work: a statement left running is refused then,
      // where it would slip into the next transaction.
      const result = await this.#db.connection().execute(work)
      this.#connection.exec('release work')
      return result
    } catch (error) {
      // SQLite itself rolls the whole batch back on a full disk or a read error: then the batch is
      // gone, and its other members must not be answered as if it were not.
      if (!this.#rollBackToSavepoint()) this.#fail(error)
      throw error
    }
  }

  /** False when that cannot be done: then nothing of the batch may be committed. */
  #rollBackToSavepoint(): boolean {
    if (!this.#connection.isTransaction) return false
    try {
      this.#connection.exec('rollback to work; release work')
      return true
    } catch {
      return false
    }
  }

  #scheduleCommit(batch: Batch): void {
    if (batch.transactions >= batchTransactionsMax) {
      this.#commit(batch)
      return
    }
    // Once per turn of the event loop: requests that were read together are committed together.
    if (this.#queued === 0) {
      setImmediate(() => {
        if (this.#queued === 0) this.#commit(batch)
      })
    }
  }

  #commit(batch: Batch): void {
    if (this.#batch !== batch) return
    try {
      this.#connection.exec('commit')
      this.#batch = null
      this.commits += 1
      for (const listener of batch.afterCommit) listener()
      batch.settle()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    const batch = this.#batch
    this.#batch = null
    if (this.#connection.isTransaction) this.#connection.exec('rollback')
    if (!isDiskFull(error)) this.#broken = error
    batch?.settle(error)
  }
}

function newBatch(): Batch {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  // Members await it themselves; without one left, a failure here is already theirs.
  promise.catch(() => {})
  return {
    transactions: 0,
    afterCommit: [],
    committed: promise,
    settle: (error) => (error === undefined ? resolve() : reject(error)),
  }
}
