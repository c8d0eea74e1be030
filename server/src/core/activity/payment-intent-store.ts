// Owns the SQL of the payment_intents table.
import type { Kysely, Selectable } from 'kysely'
import type { PaymentIntentRow } from '../../storage/crypto-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { CaptureMode, IntentStatus, PaymentIntent } from './payment-intent.ts'

/** What of an intent is sealed. */
export type IntentDetails = Pick<
  PaymentIntent,
  | 'allowedChains'
  | 'allowedTokens'
  | 'successUrl'
  | 'cancelUrl'
  | 'metadata'
  | 'authorizationTxHash'
  | 'captureTxHash'
  | 'refundReason'
>

/** An intent as stored: its details still sealed. */
export interface StoredIntent extends Omit<PaymentIntent, keyof IntentDetails> {
  appId: string
  wrappedKey: Uint8Array | null
  sealedDetails: Uint8Array
}

interface IntentKey {
  appId: string
  id: string
}

export function insertIntent(db: Kysely<Tables>, intent: StoredIntent): Write {
  return db.insertInto('payment_intents').values(toRow(intent))
}

export function updateIntent(db: Kysely<Tables>, intent: StoredIntent): Write {
  const { app_id, id, ...columns } = toRow(intent)
  return db
    .updateTable('payment_intents')
    .set(columns)
    .where('app_id', '=', app_id)
    .where('id', '=', id)
}

export async function selectIntent(
  db: Kysely<Tables>,
  key: IntentKey,
): Promise<StoredIntent | null> {
  return (await selectIntents(db, { appId: key.appId, ids: [key.id] }))[0] ?? null
}

/** As `selectIntent`, and no other transaction can change the row until this one ends. */
export async function selectIntentForUpdate(
  db: Kysely<Tables>,
  key: IntentKey,
): Promise<StoredIntent | null> {
  const row = await db
    .selectFrom('payment_intents')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .forUpdate()
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** In no order. */
export async function selectIntents(
  db: Kysely<Tables>,
  filter: { appId: string; ids: string[] },
): Promise<StoredIntent[]> {
  if (filter.ids.length === 0) return []
  const rows = await db
    .selectFrom('payment_intents')
    .selectAll()
    .where('app_id', '=', filter.appId)
    .where('id', 'in', filter.ids)
    .execute()
  return rows.map(fromRow)
}

function toRow(intent: StoredIntent): PaymentIntentRow {
  return {
    app_id: intent.appId,
    id: intent.id,
    customer_id: intent.customerId,
    external_id: intent.externalId,
    status: intent.status,
    amount_minor: intent.amountMinor,
    currency: intent.currency,
    capture_mode: intent.captureMode,
    wallet_id: intent.walletId,
    method: intent.method,
    chain_id: intent.chainId,
    token_key: intent.tokenKey,
    crypto_amount: intent.cryptoAmount,
    data_key: intent.wrappedKey,
    details: intent.sealedDetails,
    authorized_at: intent.authorizedAt,
    captured_at: intent.capturedAt,
    refunded_at: intent.refundedAt,
    cancelled_at: intent.cancelledAt,
    created_at: intent.createdAt,
    updated_at: intent.updatedAt,
  }
}

function fromRow(row: Selectable<PaymentIntentRow>): StoredIntent {
  return {
    appId: row.app_id,
    id: row.id,
    customerId: row.customer_id,
    externalId: row.external_id,
    status: row.status as IntentStatus,
    amountMinor: row.amount_minor,
    currency: row.currency,
    captureMode: row.capture_mode as CaptureMode,
    walletId: row.wallet_id,
    method: row.method,
    chainId: row.chain_id,
    tokenKey: row.token_key,
    cryptoAmount: row.crypto_amount,
    wrappedKey: row.data_key,
    sealedDetails: row.details,
    authorizedAt: row.authorized_at,
    capturedAt: row.captured_at,
    refundedAt: row.refunded_at,
    cancelledAt: row.cancelled_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
