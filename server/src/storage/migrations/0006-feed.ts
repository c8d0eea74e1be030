// Owns the schema of the feed: the order in which an app's events are handed out.
import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

/**
 * PostgreSQL commits in another order than it numbers rows. There each event carries its
 * transaction, and the feed reads what is older than every transaction still running. SQLite has
 * one writer, so the order of its rows is the order of their commits.
 */
export async function up(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  if (t.engine === 'sqlite') {
    await db.schema.createIndex('events_feed').on('events').column('app_id').execute()
    return
  }
  await sql`alter table events add column tx xid8 not null default pg_current_xact_id()`.execute(db)
  await sql`create index events_feed on events (app_id, tx, customer_id, version)`.execute(db)
}
