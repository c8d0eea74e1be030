// Owns the third schema: wallets and their authorizations, activity, and search by words.
import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'

export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createWords(db, types)
  await createWallets(db, types)
  await createIntents(db, types)
  await createInvoices(db, types)
  await createSubscriptions(db, types)
}

/** Keyed hashes of the beginnings of words: search finds a customer the moment it is there. */
async function createWords(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .keyTable(db, 'customer_words')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('token', t.bytes, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('customer_words_pkey', ['app_id', 'token', 'customer_id'])
    .execute()
  // Those whose words are not there yet: search looks at each of them.
  await t
    .keyTable(db, 'unindexed_customers')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('unindexed_customers_pkey', ['app_id', 'customer_id'])
    .execute()
  await sql`insert into unindexed_customers select app_id, id from customers`.execute(db)
}

async function createWallets(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'wallets')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addColumn('chain_id', t.integer, (c) => c.notNull())
    .addColumn('address_token', t.bytes, (c) => c.notNull())
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('ownership_verified_at', t.integer)
    .addColumn('authorization_type', 'text')
    .addColumn('authorized_at', t.integer)
    .addColumn('authorized_until', t.integer)
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('wallets_pkey', ['app_id', 'id'])
    .execute()
  await sql`create unique index wallets_address
    on wallets (app_id, customer_id, chain_id, address_token)`.execute(db)
  await sql`create index wallets_by_address on wallets (app_id, address_token)`.execute(db)
  await t
    .table(db, 'wallet_authorizations')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('wallet_id', t.id, (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('proof_token', t.bytes, (c) => c.notNull())
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('valid_until', t.integer)
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('revoked_at', t.integer)
    .addPrimaryKeyConstraint('wallet_authorizations_pkey', ['app_id', 'id'])
    .execute()
  // One proof counts once on a wallet.
  await sql`create unique index wallet_authorizations_proof
    on wallet_authorizations (app_id, wallet_id, proof_token)`.execute(db)
  await sql`create index wallet_authorizations_wallet
    on wallet_authorizations (app_id, wallet_id, id)`.execute(db)
  await t
    .table(db, 'wallet_challenges')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('wallet_id', t.id, (c) => c.notNull())
    .addColumn('nonce', 'text', (c) => c.notNull())
    .addColumn('expires_at', t.integer, (c) => c.notNull())
    .addColumn('used_at', t.integer)
    .addPrimaryKeyConstraint('wallet_challenges_pkey', ['app_id', 'wallet_id', 'nonce'])
    .execute()
  await sql`create index wallet_challenges_age on wallet_challenges (app_id, expires_at)`.execute(
    db,
  )
}

async function createIntents(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  // How much a customer did, so that a page of customers counts nothing.
  await t
    .table(db, 'activity_counts')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addColumn('payment_intents', t.integer, (c) => c.notNull())
    .addColumn('invoices', t.integer, (c) => c.notNull())
    .addColumn('subscriptions', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('activity_counts_pkey', ['app_id', 'customer_id'])
    .execute()
  await t
    .table(db, 'payment_intents')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id)
    .addColumn('external_id', 'text')
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('amount_minor', t.integer, (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('capture_mode', 'text', (c) => c.notNull())
    .addColumn('wallet_id', t.id)
    .addColumn('method', 'text')
    .addColumn('chain_id', t.integer)
    .addColumn('token_key', 'text')
    .addColumn('crypto_amount', 'text')
    .addColumn('data_key', t.bytes)
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('authorized_at', t.integer)
    .addColumn('captured_at', t.integer)
    .addColumn('refunded_at', t.integer)
    .addColumn('cancelled_at', t.integer)
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('payment_intents_pkey', ['app_id', 'id'])
    .execute()
  // Holds what a customer's page shows of an intent, so that fifty of them are read side by side.
  await sql`create index payment_intents_customer on payment_intents
    (app_id, customer_id, id, status, amount_minor, currency, crypto_amount, token_key, chain_id,
      created_at, captured_at)
    where customer_id is not null`.execute(db)
  await sql`create index payment_intents_status on payment_intents (app_id, status, id)`.execute(db)
}

async function createInvoices(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  // The row is the queue of those who want a number: none is skipped, none is given twice.
  await t
    .table(db, 'invoice_numbers')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('last', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('invoice_numbers_pkey', ['app_id'])
    .execute()
  await t
    .table(db, 'invoices')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addColumn('number', t.integer, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('subtotal_minor', t.integer, (c) => c.notNull())
    .addColumn('tax_minor', t.integer, (c) => c.notNull())
    .addColumn('total_minor', t.integer, (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('subscription_id', t.id)
    .addColumn('payment_intent_id', t.id)
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('due_at', t.integer)
    .addColumn('opened_at', t.integer)
    .addColumn('paid_at', t.integer)
    .addColumn('voided_at', t.integer)
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('invoices_pkey', ['app_id', 'id'])
    .execute()
  await sql`create unique index invoices_number on invoices (app_id, number)`.execute(db)
  await sql`create index invoices_customer on invoices
    (app_id, customer_id, id, number, status, total_minor, currency, due_at, paid_at, created_at)
    `.execute(db)
  await sql`create index invoices_status on invoices (app_id, status, id, due_at)`.execute(db)
}

async function createSubscriptions(db: Kysely<unknown>, t: ColumnTypes): Promise<void> {
  await t
    .table(db, 'subscriptions')
    .addColumn('app_id', t.id, (c) => c.notNull())
    .addColumn('id', t.id, (c) => c.notNull())
    .addColumn('customer_id', t.id, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('plan_id', 'text', (c) => c.notNull())
    .addColumn('price_id', 'text', (c) => c.notNull())
    .addColumn('wallet_id', t.id)
    .addColumn('period_start', t.integer)
    .addColumn('period_end', t.integer)
    .addColumn('cancels_at_period_end', t.integer, (c) => c.notNull())
    .addColumn('cancel_at', t.integer)
    .addColumn('cancelled_at', t.integer)
    .addColumn('paused_at', t.integer)
    .addColumn('details', t.bytes, (c) => c.notNull())
    .addColumn('created_at', t.integer, (c) => c.notNull())
    .addColumn('updated_at', t.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('subscriptions_pkey', ['app_id', 'id'])
    .execute()
  await sql`create index subscriptions_customer on subscriptions (app_id, customer_id, id)`.execute(
    db,
  )
  await sql`create index subscriptions_status on subscriptions (app_id, status, id)`.execute(db)
  await sql`create index subscriptions_wallet on subscriptions (app_id, wallet_id)
    where wallet_id is not null`.execute(db)
}
