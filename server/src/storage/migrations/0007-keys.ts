// Owns the schema of keys that end, rotate and are operators', and of finding a merchant's apps.
import type { Kysely } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

export async function up(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  // One column a statement: SQLite takes no more.
  await db.schema.alterTable('keys').addColumn('expires_at', t.integer).execute()
  await db.schema.alterTable('keys').addColumn('last_used_at', t.integer).execute()
  await db.schema.alterTable('keys').addColumn('previous_secret_hash', t.bytes).execute()
  await db.schema.alterTable('keys').addColumn('previous_ends_at', t.integer).execute()
  await db.schema
    .alterTable('keys')
    .addColumn('is_operator', t.integer, (c) => c.notNull().defaultTo(0))
    .execute()
  // As for the secret itself: a presented one that was rotated out has no app yet.
  await db.schema
    .createIndex('keys_previous_secret_hash')
    .on('keys')
    .column('previous_secret_hash')
    .execute()
  await db.schema.createIndex('apps_merchant').on('apps').column('merchant_id').execute()
}
