// Owns the schema by which customers are found: their metadata, and an index for each filter.
//
// Each index holds what a filter names and then the customer's id: it gives the customers of one
// value in the order of the list, and says at once whether one customer is among them.
import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

export async function up(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .keyTable(db, 'customer_metadata')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('token', t.bytes, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('customer_metadata_pkey', ['app_id', 'token', 'customer_id'])
    .execute()
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'create index customers_onboarding on customers (app_id, onboarding_status, id)',
  // In place of one that did not name the customer.
  'drop index wallets_by_address',
  'create index wallets_by_address on wallets (app_id, address_token, customer_id)',
  `create index wallets_verified on wallets (app_id, customer_id)
    where ownership_verified_at is not null`,
  `create index wallets_unverified on wallets (app_id, customer_id)
    where ownership_verified_at is null`,
  `create index wallets_authorized on wallets (app_id, customer_id, authorized_until)
    where authorized_at is not null`,
  // The same rule as before, with the number first.
  'drop index bank_accounts_number',
  `create unique index bank_accounts_number on bank_accounts (app_id, number_token, customer_id)
    where number_token is not null`,
  'drop index registrations_remote',
  `create index registrations_remote on registrations (app_id, remote_id, customer_id)
    where remote_id is not null`,
  'drop index registrations_status',
  `create index registrations_status
    on registrations (app_id, provider, status, customer_id, role)`,
  'create index registrations_provider on registrations (app_id, provider, customer_id)',
  'create index registrations_any_status on registrations (app_id, status, customer_id)',
  'create index accounts_status_customer on accounts (app_id, status, customer_id, id)',
  `create index applications_status_customer on applications (app_id, status, customer_id, id)
    where customer_id is not null`,
  `create index payouts_status_customer on payouts (app_id, status, customer_id, id)
    where customer_id is not null`,
  `create index payment_intents_status_customer
    on payment_intents (app_id, status, customer_id, id) where customer_id is not null`,
  // With what a count of those that are due reads.
  'create index invoices_status_customer on invoices (app_id, status, customer_id, id, due_at)',
  'create index subscriptions_status_customer on subscriptions (app_id, status, customer_id, id)',
]
