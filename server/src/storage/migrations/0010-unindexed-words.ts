// Owns the schema by which the words of a new customer wait beside it.
import type { Kysely } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

export async function up(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  // Of those that wait already the words are read from the record.
  await db.schema.alterTable('unindexed_customers').addColumn('tokens', t.bytes).execute()
}
