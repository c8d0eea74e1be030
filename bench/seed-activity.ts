// Owns giving customers wallets, intents and invoices, before a measurement.
import type { Context } from '../server/src/core/context.ts'
import { openDataKeys } from '../server/src/core/customer/customer-service.ts'
import { sealWallet } from '../server/src/core/wallets/wallet-seal.ts'

const walletsEach = 3
const intentsEach = 50
const rowsPerStatement = 500

/** Rows alone, as the services leave them: a million events would say nothing more. */
export async function seedActivity(context: Context, customerIds: string[]): Promise<void> {
  const keys = await openDataKeys(context, customerIds)
  const rows = customerIds.flatMap((customerId, at) => {
    const dataKey = keys.get(customerId)
    return dataKey ? [rowsOf(context, { customerId, dataKey, first: at * intentsEach })] : []
  })
  const { database } = context
  const insertAll = async <T>(of: T[], insert: (chunk: T[]) => Promise<unknown>) => {
    for (let at = 0; at < of.length; at += rowsPerStatement) {
      await insert(of.slice(at, at + rowsPerStatement))
    }
  }
  await insertAll(
    rows.flatMap(({ wallets }) => wallets),
    (chunk) => database.transaction((db) => db.insertInto('wallets').values(chunk).execute()),
  )
  await insertAll(
    rows.flatMap(({ intents }) => intents),
    (chunk) =>
      database.transaction((db) => db.insertInto('payment_intents').values(chunk).execute()),
  )
  await insertAll(
    rows.flatMap(({ invoices }) => invoices),
    (chunk) => database.transaction((db) => db.insertInto('invoices').values(chunk).execute()),
  )
  await insertAll(
    rows.map(({ counts }) => counts),
    (chunk) =>
      database.transaction((db) => db.insertInto('activity_counts').values(chunk).execute()),
  )
}

type DataKey = Parameters<typeof sealWallet>[1]['dataKey']

interface Owner {
  customerId: string
  dataKey: DataKey
  first: number
}

function rowsOf(context: Context, owner: Owner) {
  const { customerId, dataKey } = owner
  const now = context.clock.now()
  const base = { app_id: context.app.id, customer_id: customerId, created_at: now, updated_at: now }
  const place = { appId: context.app.id, ownerId: customerId, field: 'bench' }
  const details = context.vault.seal(dataKey, place, '{}')
  return {
    wallets: range(walletsEach).map((at) => ({ ...base, ...walletOf(context, owner, at) })),
    intents: range(intentsEach).map(() => ({ ...base, ...intentOf(context), details })),
    invoices: range(intentsEach).map((at) => ({
      ...base,
      ...invoiceOf(context, owner.first + at + 1),
      details,
    })),
    counts: {
      app_id: context.app.id,
      customer_id: customerId,
      payment_intents: intentsEach,
      invoices: intentsEach,
      subscriptions: 0,
    },
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at)
}

function walletOf(context: Context, { customerId, dataKey }: Owner, at: number) {
  const id = context.ids()
  const address = `0x${context.random.bytes(20).toString('hex')}`
  const owner = { customerId, walletId: id, dataKey }
  return {
    id,
    chain_id: [1, 137, 8453][at] ?? 1,
    address_token: context.vault.blindIndex(context.app.id, 'wallet.address', address),
    details: sealWallet(context, owner, { address, authorizationTxHash: null }),
    ownership_verified_at: null,
    authorization_type: null,
    authorized_at: null,
    authorized_until: null,
  }
}

function intentOf(context: Context) {
  const now = context.clock.now()
  return {
    id: context.ids(),
    external_id: null,
    status: 'CAPTURED',
    amount_minor: 2_500,
    currency: 'USD',
    capture_mode: 'AUTOMATIC',
    wallet_id: null,
    method: 'PERMIT',
    chain_id: 8453,
    token_key: 'USDC-8453',
    crypto_amount: '25.00',
    data_key: null,
    authorized_at: now,
    captured_at: now,
    refunded_at: null,
    cancelled_at: null,
  }
}

function invoiceOf(context: Context, number: number) {
  const now = context.clock.now()
  return {
    id: context.ids(),
    number,
    status: 'OPEN',
    subtotal_minor: 2_500,
    tax_minor: 0,
    total_minor: 2_500,
    currency: 'USD',
    subscription_id: null,
    payment_intent_id: null,
    due_at: now,
    opened_at: now,
    paid_at: null,
    voided_at: null,
  }
}
