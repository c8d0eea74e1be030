// Owns the schema of webhooks: endpoints, deliveries, and how far the events have been handed out.
import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

export async function up(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'webhook_endpoints')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('events', 'text', (c) => c.notNull())
    .addColumn('disabled_reason', 'text')
    .addColumn('failing_since', t.integer)
    .addColumn('data_key', t.bytes, (c) => c.notNull())
    .addColumn('secrets', t.bytes, (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('webhook_endpoints_pkey', ['app_id', 'id'])
    .execute()
  await t
    .table(db, 'webhook_deliveries')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('endpoint_id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id)
    .addColumn('version', t.integer)
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('attempts', t.integer, (c) => c.notNull())
    .addColumn('next_attempt_at', t.integer)
    .addColumn('last_attempt_at', t.integer)
    .addColumn('response_status', t.integer)
    .addColumn('reason', 'text')
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('delivered_at', t.integer)
    .addPrimaryKeyConstraint('webhook_deliveries_pkey', ['app_id', 'id'])
    .execute()
  await sql`create unique index webhook_deliveries_event
    on webhook_deliveries (app_id, endpoint_id, customer_id, version)`.execute(db)
  await sql`create index webhook_deliveries_endpoint
    on webhook_deliveries (app_id, endpoint_id, id)`.execute(db)
  await sql`create index webhook_deliveries_due
    on webhook_deliveries (app_id, endpoint_id, next_attempt_at)
    where next_attempt_at is not null`.execute(db)
  await sql`create index webhook_deliveries_over
    on webhook_deliveries (app_id, last_attempt_at)
    where next_attempt_at is null`.execute(db)
  await t
    .table(db, 'webhook_cursors')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id)
    .addColumn('version', t.integer)
    .addPrimaryKeyConstraint('webhook_cursors_pkey', ['app_id'])
    .execute()
}
