// Owns several writes that need no read between them: one statement where the engine can.
import { type Kysely, type OperationNodeSource, type RawBuilder, sql } from 'kysely'
import { assert } from '../lib/assert.ts'
import type { Tables } from './tables.ts'
import { inTransaction, type Transactional } from './transaction.ts'

/** A statement of Kysely's that is built and not sent yet. */
export interface Write extends OperationNodeSource {
  execute(): Promise<unknown>
}

/**
 * All of them or none. On PostgreSQL one statement with data-modifying CTEs: one journey, and
 * outside a transaction it is one by itself. The writes must not touch a row twice, since each
 * sees the rows as they were before. On the embedded engine they run one after the other.
 */
export async function writeTogether<C extends Transactional>(
  context: C,
  build: (db: Kysely<Tables>) => Write[],
): Promise<void> {
  const { autocommit, reader } = context.database
  if (autocommit === null) {
    await inTransaction(context, async ({ db }) => {
      for (const write of build(db)) await write.execute()
    })
    return
  }
  assert(!context.gathered, 'what only inserts writes by insertTogether')
  const db = context.db === reader ? autocommit : context.db
  const writes = build(db)
  if (writes.length > 0) await withTogether(writes).execute(db)
}

/** One statement of at least one. */
export function withTogether(writes: OperationNodeSource[]): RawBuilder<unknown> {
  const last = writes.at(-1)
  const before = writes
    .slice(0, -1)
    .map((write, at) => sql`${sql.ref(`write_${at}`)} as (${write})`)
  return before.length === 0 ? sql`${last}` : sql`with ${sql.join(before)} ${last}`
}
