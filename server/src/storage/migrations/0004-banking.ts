// Owns the fourth schema: applications, the people in them, their documents, and accounts.
import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await extendCustomers(db)
  await createApplications(db, types)
  await createIndividuals(db, types)
  await createAccounts(db, types)
}

async function extendCustomers(db: Kysely<unknown>): Promise<void> {
  // Null: not a customer of the bank. One status that every surface asks.
  await db.schema.alterTable('customers').addColumn('banking_status', 'text').execute()
  await sql`create index customers_banking on customers (app_id, id)
    where banking_status is not null`.execute(db)
  // One a filter, each in the order of the list: no page is sorted, or read past what it skips.
  await sql`create index customers_banking_kind on customers (app_id, kind, id)
    where banking_status is not null`.execute(db)
  await sql`create index customers_banking_status on customers (app_id, banking_status, id)
    where banking_status is not null`.execute(db)
  await sql`create index customers_banking_both on customers (app_id, banking_status, kind, id)
    where banking_status is not null`.execute(db)
}

async function createApplications(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'applications')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('customer_id', t.id)
    .addColumn('account_currency', 'text', (c) => c.notNull())
    .addColumn('terms_accepted_at', t.integer)
    .addColumn('data_key', t.bytes, (c) => c.notNull())
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('submitted_at', t.integer)
    .addColumn('decided_at', t.integer)
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('applications_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index applications_status on applications (app_id, status, id)`.execute(db)
  await sql`create index applications_customer on applications (app_id, customer_id)
    where customer_id is not null`.execute(db)
  await t
    .table(db, 'application_documents')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('application_id', t.id, (c) => c.notNull())
    .addColumn('individual_id', t.id)
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('data_key', t.bytes, (c) => c.notNull())
    .addColumn('details', t.bytes)
    .addColumn('blob_name', 'text')
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('uploaded_at', t.integer)
    .addPrimaryKeyConstraint('application_documents_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index application_documents_application
    on application_documents (app_id, application_id, id)`.execute(db)
}

async function createIndividuals(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'individuals')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('application_id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id)
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('ownership_hundredths', t.integer)
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('individuals_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index individuals_application
    on individuals (app_id, application_id, id)`.execute(db)
  await sql`create index individuals_customer on individuals (app_id, customer_id, id)
    where customer_id is not null`.execute(db)
}

async function createAccounts(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'accounts')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('accounts_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index accounts_customer on accounts (app_id, customer_id, id)`.execute(db)
  await sql`create index accounts_status on accounts (app_id, status, id)`.execute(db)
  await sql`create index accounts_currency on accounts (app_id, currency, id)`.execute(db)
}
