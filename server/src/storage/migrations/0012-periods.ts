// Owns the schema by which the periods of subscriptions follow each other.
import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

export async function up(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  // No row is written: until its first period ends, that period's start says the same.
  await db.schema.alterTable('subscriptions').addColumn('period_anchor', t.integer).execute()
  // Those alone that the end of a period changes, by when it ends.
  await sql`create index subscriptions_period_end on subscriptions (app_id, period_end, id)
    where status = 'ACTIVE' or (cancels_at_period_end = 1 and status <> 'CANCELLED')`.execute(db)
}
