// Owns the first schema: the installation, the record, bank accounts, payouts, replies and jobs.
import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createInstallation(db, types)
  await createRecord(db, types)
  await createPayouts(db, types)
  await createMachinery(db, types)
}

async function createInstallation(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'settings')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', t.bytes, (c) => c.notNull())
    .execute()
  await t
    .table(db, 'merchants')
    .addColumn('id', t.id, (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .execute()
  await t
    .table(db, 'apps')
    .addColumn('id', t.id, (c) => c.primaryKey())
    .addColumn('merchant_id', t.id, (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('mode', 'text', (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .execute()
  await t
    .table(db, 'keys')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('secret_hash', t.bytes, (c) => c.notNull())
    .addColumn('secret_last4', 'text', (c) => c.notNull())
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('revoked_at', t.integer)
    .addPrimaryKeyConstraint('keys_pkey', ['app_id', 'id'])
    .execute()
  // The one look-up that has no app yet: it finds the app of a presented secret.
  await db.schema.createIndex('keys_secret_hash').on('keys').column('secret_hash').execute()
}

async function createRecord(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'customers')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('country', 'text')
    .addColumn('external_id', 'text')
    .addColumn('default_bank_account_id', t.id)
    .addColumn('last_payout_at', t.integer)
    .addColumn('data_key', t.bytes, (c) => c.notNull())
    .addColumn('profile', t.bytes, (c) => c.notNull())
    .addColumn('version', t.integer, (c) => c.notNull())
    .addColumn('head_hash', t.bytes, (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('customers_pkey', ['app_id', 'id'])
    .execute()
  await sql`create unique index customers_external_id on customers (app_id, external_id)
    where external_id is not null`.execute(db)
  // Made before the partial ones of the banking migration: of two that serve a list as well, SQLite
  // takes the newer, and there that is the smaller.
  await sql`create index customers_kind on customers (app_id, kind, id)`.execute(db)
  await t
    .table(db, 'customer_lookups')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('field', 'text', (c) => c.notNull())
    .addColumn('token', t.bytes, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('customer_lookups_pkey', ['app_id', 'field', 'token', 'customer_id'])
    .execute()
  await t
    .table(db, 'events')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addColumn('version', t.integer, (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('at', t.integer, (c) => c.notNull())
    .addColumn('changes', t.bytes, (c) => c.notNull())
    .addColumn('hash', t.bytes, (c) => c.notNull())
    .addPrimaryKeyConstraint('events_pkey', ['app_id', 'customer_id', 'version'])
    .execute()
}

async function createPayouts(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'bank_accounts')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addColumn('country', 'text', (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('rail', 'text', (c) => c.notNull())
    .addColumn('account_type', 'text', (c) => c.notNull())
    .addColumn('number_last4', 'text')
    .addColumn('number_token', t.bytes)
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('bank_accounts_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index bank_accounts_customer on bank_accounts (app_id, customer_id, id)`.execute(
    db,
  )
  await sql`create unique index bank_accounts_number
    on bank_accounts (app_id, customer_id, number_token)
    where number_token is not null`.execute(db)
  await t
    .table(db, 'payouts')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id)
    .addColumn('bank_account_id', t.id)
    .addColumn('amount_minor', t.integer, (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('attempts', t.integer, (c) => c.notNull())
    .addColumn('data_key', t.bytes)
    .addColumn('destination', t.bytes, (c) => c.notNull())
    .addColumn('error_message', 'text')
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('submitted_at', t.integer)
    .addColumn('completed_at', t.integer)
    .addPrimaryKeyConstraint('payouts_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index payouts_customer on payouts (app_id, customer_id, id)`.execute(db)
  await sql`create index payouts_status on payouts (app_id, status, id)`.execute(db)
  await t
    .table(db, 'sandbox_transfers')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('payout_id', t.id, (c) => c.notNull())
    .addColumn('attempt', t.integer, (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('sandbox_transfers_pkey', ['app_id', 'payout_id', 'attempt'])
    .execute()
}

async function createMachinery(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'replies')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('token', t.bytes, (c) => c.notNull())
    .addColumn('fingerprint', t.bytes, (c) => c.notNull())
    .addColumn('status', t.integer, (c) => c.notNull())
    .addColumn('customer_id', t.id)
    .addColumn('data_key', t.bytes)
    .addColumn('body', t.bytes, (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('replies_pkey', ['app_id', 'token'])
    .execute()
  await sql`create index replies_age on replies (app_id, created_at)`.execute(db)
  await t
    .table(db, 'jobs')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject_id', t.id, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('run_at', t.integer, (c) => c.notNull())
    .addColumn('attempts', t.integer, (c) => c.notNull())
    .addColumn('lease_token', t.id)
    .addColumn('leased_until', t.integer)
    .addColumn('last_error', 'text')
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('jobs_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index jobs_due on jobs (app_id, status, run_at)`.execute(db)
}
