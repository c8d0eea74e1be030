// Owns the second schema: registrations at providers, connections, files, and counting by position.
import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await extendCustomers(db, types)
  await createConnections(db, types)
  await createRegistrations(db, types)
  await createFiles(db, types)
  await createSandbox(db, types)
  // Apart from the attempts: a job that waits and looks again for weeks has not failed once.
  await db.schema
    .alterTable('jobs')
    .addColumn('failures', types.integer, (c) => c.notNull().defaultTo(0))
    .execute()
  // Leases are taken by kind: one that has a million waiting does not slow down the others.
  await sql`drop index jobs_due`.execute(db)
  await sql`create index jobs_due on jobs (app_id, status, kind, run_at)`.execute(db)
}

async function extendCustomers(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  const customers = () => db.schema.alterTable('customers')
  await customers().addColumn('document_type', 'text').execute()
  await customers()
    .addColumn('onboarding_status', 'text', (c) => c.notNull().defaultTo('NOT_STARTED'))
    .execute()
  await customers()
    .addColumn('roles', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await customers()
    .addColumn('is_synced', t.integer, (c) => c.notNull().defaultTo(0))
    .execute()
  await customers().addColumn('synced_at', t.integer).execute()
  await sql`create index customers_country on customers (app_id, country, id)
    where country is not null`.execute(db)
  await sql`create index customers_document_type on customers (app_id, document_type, id)
    where document_type is not null`.execute(db)
  // How many customers there are between two ids: an exact count, and a way to a far position.
  await t
    .table(db, 'customer_tallies')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('first_id', t.id, (c) => c.notNull())
    .addColumn('end_id', t.id, (c) => c.notNull())
    .addColumn('count', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('customer_tallies_pkey', ['app_id', 'first_id'])
    .execute()
}

async function createConnections(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'connections')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('data_key', t.bytes, (c) => c.notNull())
    .addColumn('credentials', t.bytes, (c) => c.notNull())
    .addColumn('base_url', 'text')
    .addColumn('may_replace_legal_address', t.integer, (c) => c.notNull())
    .addColumn('checked_at', t.integer, (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('connections_pkey', ['app_id', 'id'])
    .execute()
  // The look-up of a webhook has no app yet: it finds it.
  await db.schema.createIndex('connections_id').on('connections').column('id').execute()
  await sql`create unique index connections_provider on connections (app_id, provider)`.execute(db)
  await t
    .table(db, 'provider_notices')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('connection_id', t.id, (c) => c.notNull())
    .addColumn('event_id', 'text', (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('remote_id', 'text')
    .addColumn('occurred_at', t.integer, (c) => c.notNull())
    .addColumn('notice', t.bytes, (c) => c.notNull())
    .addColumn('received_at', t.integer, (c) => c.notNull())
    .addColumn('applied_at', t.integer)
    .addPrimaryKeyConstraint('provider_notices_pkey', ['app_id', 'connection_id', 'event_id'])
    .execute()
  await sql`create index provider_notices_id on provider_notices (app_id, id)`.execute(db)
  await sql`create index provider_notices_age on provider_notices (app_id, received_at)`.execute(db)
}

async function createRegistrations(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'registrations')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('remote_id', 'text')
    .addColumn('action_required', 'text')
    .addColumn('stated_at', t.integer)
    .addColumn('claimed_at', t.integer)
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('registrations_pkey', ['app_id', 'id'])
    .execute()
  await sql`create unique index registrations_customer
    on registrations (app_id, customer_id, provider, role)`.execute(db)
  await sql`create index registrations_remote on registrations (app_id, provider, remote_id)
    where remote_id is not null`.execute(db)
  await sql`create index registrations_status
    on registrations (app_id, provider, status, role, customer_id)`.execute(db)
  await t
    .table(db, 'registration_fields')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('registration_id', t.id, (c) => c.notNull())
    .addColumn('field', 'text', (c) => c.notNull())
    .addColumn('value_hash', t.bytes, (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('pushed_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('registration_fields_pkey', ['app_id', 'registration_id', 'field'])
    .execute()
  await t
    .table(db, 'syncs')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('fields', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('ended_at', t.integer)
    .addPrimaryKeyConstraint('syncs_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index syncs_customer on syncs (app_id, customer_id, id)`.execute(db)
}

async function createFiles(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'files')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addColumn('file_type', 'text', (c) => c.notNull())
    .addColumn('content_type', 'text', (c) => c.notNull())
    .addColumn('size', t.integer, (c) => c.notNull())
    .addColumn('sha256', t.bytes, (c) => c.notNull())
    .addColumn('blob_name', 'text', (c) => c.notNull())
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('files_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index files_customer on files (app_id, customer_id, id)`.execute(db)
  // Written before the bytes are: what no commit has kept is swept later.
  await t
    .table(db, 'blobs')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('kept_at', t.integer)
    .addPrimaryKeyConstraint('blobs_pkey', ['app_id', 'name'])
    .execute()
  await sql`create index blobs_unkept on blobs (app_id, created_at) where kept_at is null`.execute(
    db,
  )
  await t
    .table(db, 'file_deliveries')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('file_id', t.id, (c) => c.notNull())
    .addColumn('registration_id', t.id, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('remote_file_id', 'text')
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('ended_at', t.integer)
    .addPrimaryKeyConstraint('file_deliveries_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index file_deliveries_registration
    on file_deliveries (app_id, registration_id, id)`.execute(db)
}

async function createSandbox(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'sandbox_customers')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('remote_id', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('idempotency_key', 'text', (c) => c.notNull())
    .addColumn('behaviour', 'text', (c) => c.notNull())
    .addColumn('documents', t.integer, (c) => c.notNull())
    .addColumn('documents_at', t.integer)
    .addColumn('field_hashes', 'text', (c) => c.notNull())
    .addColumn('balances', 'text', (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('sandbox_customers_pkey', ['app_id', 'remote_id'])
    .execute()
  await sql`create unique index sandbox_customers_key
    on sandbox_customers (app_id, idempotency_key)`.execute(db)
}
