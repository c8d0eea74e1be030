// Owns what a PostgreSQL role needs that works on the tables without owning them.
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Reading and writing rows, today's tables and those of later migrations by this owner; of the
 * migrations themselves only reading. Repeating it changes nothing.
 */
export async function grantUse(db: Kysely<Tables>, role: string): Promise<void> {
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db)
  const schema = sql.id(rows[0]?.schema ?? 'public')
  const to = sql.id(role)
  const rights = sql`select, insert, update, delete on`
  await db.transaction().execute(async (tx) => {
    await sql`grant usage on schema ${schema} to ${to}`.execute(tx)
    await sql`grant ${rights} all tables in schema ${schema} to ${to}`.execute(tx)
    await sql`alter default privileges in schema ${schema}
      grant ${rights} tables to ${to}`.execute(tx)
    await sql`revoke insert, update, delete on kysely_migration, kysely_migration_lock
      from ${to}`.execute(tx)
  })
}
