// Owns giving customers what a checkout gives them, before a measurement: wallets, intents, invoices.
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

function rowsOf(
  context: Context,
  { customerId, dataKey, first }: { customerId: string; dataKey: DataKey; first: number },
) {
  const now = context.clock.now()
  const base = { app_id: context.app.id, customer_id: customerId, created_at: now, updated_at: now }
  const details = context.vault.seal(
    dataKey,
    { appId: context.app.id, ownerId: customerId, field: 'bench' },
    '{}',
  )
  const range = (length: number) => Array.from({ length }, (_, at) => at)
  return {
    wallets: range(walletsEach).map((at) => {
      const id = context.ids()
      const address = `0x${context.random.bytes(20).toString('hex')}`
      const owner = { customerId, walletId: id, dataKey }
      return {
        ...base,
        id,
        chain_id: [1, 137, 8453][at] ?? 1,
        address_token: context.vault.blindIndex(context.app.id, 'wallet.address', address),
        details: sealWallet(context, owner, { address, authorizationTxHash: null }),
        ownership_verified_at: null,
        authorization_type: null,
        authorized_at: null,
        authorized_until: null,
      }
    }),
    intents: range(intentsEach).map(() => ({
      ...base,
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
      details,
      authorized_at: now,
      captured_at: now,
      refunded_at: null,
      cancelled_at: null,
    })),
    invoices: range(intentsEach).map((at) => ({
      ...base,
      id: context.ids(),
      number: first + at + 1,
      status: 'OPEN',
      subtotal_minor: 2_500,
      tax_minor: 0,
      total_minor: 2_500,
      currency: 'USD',
      subscription_id: null,
      payment_intent_id: null,
      details,
      due_at: now,
      opened_at: now,
      paid_at: null,
      voided_at: null,
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
