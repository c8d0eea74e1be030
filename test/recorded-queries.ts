// Owns listening to the statements that the server sends, and asking the engine for their plans.
import { CompiledQuery, type Kysely } from 'kysely'
import { vi } from 'vitest'
import type { Tables } from '../server/src/storage/tables.ts'
import type { TestServer } from './harness.ts'

/**
 * Every statement outside transactions from now on, until `vi.restoreAllMocks()`: those that see
 * the rows of either app of the first start, or what `system` sees.
 */
export function recordQueries({ system, testApp, liveApp }: TestServer): CompiledQuery[] {
  const recorded: CompiledQuery[] = []
  const { database } = system
  const ofApps = [testApp, liveApp].map(({ id }) => database.ofApp(id).reader)
  for (const executor of new Set([system.db, ...ofApps].map((db) => db.getExecutor()))) {
    const execute = executor.executeQuery.bind(executor)
    vi.spyOn(executor, 'executeQuery').mockImplementation((query, ...rest) => {
      recorded.push(query)
      return execute(query, ...rest)
    })
  }
  return recorded
}

/** The engine's plan for a statement, as its own text. */
export async function explain(server: TestServer, query: CompiledQuery): Promise<string> {
  const { database } = server.system
  if (database.engine === 'sqlite') {
    const text = `explain query plan ${query.sql}`
    const plan = CompiledQuery.raw(text, [...query.parameters])
    const { rows } = await server.system.db.executeQuery<{ detail: string }>(plan)
    return rows.map(({ detail }) => detail).join('\n')
  }
  return database.transaction(async (db) => {
    // A table of a few rows is read whole, whatever its indexes. What matters is the plan for a
    // large one, and whether an index can give the order at all.
    await db.executeQuery(CompiledQuery.raw('set local enable_seqscan = off'))
    await db.executeQuery(CompiledQuery.raw('set local enable_bitmapscan = off'))
    return explainPostgresql(db, query)
  })
}

async function explainPostgresql(db: Kysely<Tables>, query: CompiledQuery): Promise<string> {
  const plan = CompiledQuery.raw(`explain ${query.sql}`, [...query.parameters])
  const { rows } = await db.executeQuery<{ 'QUERY PLAN': string }>(plan)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}
