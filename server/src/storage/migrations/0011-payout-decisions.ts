// Owns the schema of who said what became of a payout: one without a customer has no history.
import type { Kysely } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

export async function up(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await db.schema.alterTable('payouts').addColumn('decided_by', 'text').execute()
  await db.schema.alterTable('payouts').addColumn('decision_note', t.bytes).execute()
}
