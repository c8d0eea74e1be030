// Owns the unit of work: what belongs together commits together.
import { type Kysely, sql } from 'kysely'
import { assert } from '../lib/assert.ts'
import type { Database } from './database.ts'
import type { Insert } from './insert-together.ts'
import type { Tables } from './tables.ts'

/** What a context must carry to run a transaction. */
export interface Transactional {
  database: Database
  /** The reader outside a transaction, the transaction inside one. */
  db: Kysely<Tables>
  /** Takes what `insertTogether` would send: whoever gave it sends that, with rows of its own. */
  gathered?: Insert[]
}

/**
 * Runs `work` with a context whose `db` is a transaction. Within one already, `work` joins it:
 * business rows, event, job and stored reply commit together or not at all.
 */
export function inTransaction<C extends Transactional, T>(
  context: C,
  work: (context: C) => Promise<T>,
): Promise<T> {
  if (context.db !== context.database.reader) return work(context)
  assert(!context.gathered, 'what only inserts opens no transaction')
  return context.database.transaction((db) => work({ ...context, db }))
}

/**
 * Inside a transaction: when `work` throws, it alone is undone, and what follows can still read.
 * Without it PostgreSQL refuses every statement after one that failed.
 */
export async function inSavepoint<C extends Transactional, T>(
  context: C,
  work: (context: C) => Promise<T>,
): Promise<T> {
  await sql`savepoint attempt`.execute(context.db)
  try {
    return await work(context)
  } catch (error) {
    // Where there is nothing left to go back to, as on a full disk, the transaction is over too.
    await sql`rollback to savepoint attempt`.execute(context.db).catch(() => {})
    throw error
  }
}
