// Owns what may happen to a payment intent: the record of what a customer pays, not the paying.
import type { Kysely } from 'kysely'
import { present } from '../../lib/assert.ts'
import type { Tables } from '../../storage/tables.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { writeTogether } from '../../storage/write-together.ts'
import type { Context } from '../context.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { holdCustomer, recordChange } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { checkText } from '../fields.ts'
import { enforce } from '../rules.ts'
import { checkTransactionHash } from '../wallets/address.ts'
import { checkChain } from '../wallets/chains.ts'
import { type ActivityPosition, inOrder, selectActivityPage } from './activity-list-store.ts'
import { findWallet, holdOwner } from './activity-owner.ts'
import { reasonLengthMax } from './activity-rules.ts'
import { openKeys, openOwnKey } from './activity-seal.ts'
import { captureRules, payerRules, walletRules } from './charge-rules.ts'
import {
  type IntentStatus,
  intentErrors,
  intentEvents,
  intentMachine,
  type PaymentIntent,
} from './payment-intent.ts'
import {
  checkAuthorization,
  checkIsAllowed,
  checkNewIntent,
  type NewAuthorization,
  type NewPaymentIntent,
} from './payment-intent-rules.ts'
import { openIntent, sealIntent } from './payment-intent-seal.ts'
import {
  insertIntent,
  selectIntent,
  selectIntentForUpdate,
  selectIntents,
  updateIntent,
} from './payment-intent-store.ts'
import { countActivity } from './summary-store.ts'

/** Errors: `field_invalid`, `customer_not_found`. Event: `customer.payment_intent.created`. */
export function createPaymentIntent(
  context: Context,
  input: NewPaymentIntent,
): Promise<PaymentIntent> {
  const amountMinor = checkNewIntent(input, context.app.mode)
  return inTransaction(context, async (tx) => {
    const held = input.customerId === null ? null : await holdOwner(tx, input.customerId)
    const { amount, ...wanted } = input
    const id = tx.ids()
    const now = tx.clock.now()
    const made = { status: 'CREATED' as const, createdAt: now, updatedAt: now }
    const intent: PaymentIntent = { id, ...wanted, amountMinor, ...notReached, ...made }
    const appId = tx.app.id
    const ownKey = held ? null : tx.vault.createDataKey({ appId, ownerId: id })
    const dataKey = held?.dataKey ?? present(ownKey, 'without a customer the intent has a key')
    const stored = sealIntent(tx, intent, { dataKey, wrappedKey: ownKey?.wrapped ?? null })
    if (!held) {
      await writeTogether(tx, (db) => [insertIntent(db, stored)])
      return intent
    }
    const change = { type: intentEvents.created, changes: { paymentIntent: intent } }
    const of = { appId, customerId: held.customer.id }
    await recordChange(tx, held, change, (db) => [
      insertIntent(db, stored),
      countActivity(db, of, 'paymentIntents'),
    ])
    return intent
  })
}

const notReached = {
  walletId: null,
  method: null,
  chainId: null,
  tokenKey: null,
  cryptoAmount: null,
  authorizationTxHash: null,
  captureTxHash: null,
  refundReason: null,
  authorizedAt: null,
  capturedAt: null,
  refundedAt: null,
  cancelledAt: null,
}

/** Errors: `payment_intent_not_found`, also for another app's. */
export async function getPaymentIntent(context: Context, id: string): Promise<PaymentIntent> {
  const stored = await selectIntent(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(intentErrors.payment_intent_not_found)
  const keyOf = await openKeys(context, [stored])
  return openIntent(context, keyOf(stored), stored)
}

/** Newest first, with how many there are in all. */
export async function listPaymentIntents(
  context: Context,
  filter: { status: IntentStatus | null },
  page: ActivityPosition,
): Promise<{ count: number; intents: PaymentIntent[] }> {
  const appId = context.app.id
  const of = { appId, status: filter.status }
  const { count, ids } = await selectActivityPage(context.db, 'payment_intents', of, page)
  const rows = inOrder(ids, await selectIntents(context.db, { appId, ids }))
  const keyOf = await openKeys(context, rows)
  return { count, intents: rows.map((row) => openIntent(context, keyOf(row), row)) }
}

/**
 * In automatic mode an authorization that names its transaction is a capture as well: the money
 * moved in it. Errors: `field_invalid`, `payment_intent_not_found`, `customer_status_forbids`,
 * `payment_intent_status_refused`, `wallet_not_found`. Events:
 * `customer.payment_intent.authorized`, and `.captured`.
 */
export function authorizePaymentIntent(
  context: Context,
  id: string,
  input: NewAuthorization,
): Promise<PaymentIntent> {
  const { txHash, ...wanted } = checkAuthorization(input)
  return inTransaction(context, async (tx) => {
    const authorized = await changeIntent(tx, id, async (intent, { held, now }) => {
      const { walletId, chainId } = wanted
      const wallet = walletId === null ? null : await findWallet(tx, intent.customerId, walletId)
      enforce([
        ...payerRules(held?.customer ?? null),
        () => intentMachine.checkMove(intent.status, 'AUTHORIZED'),
        () => checkIsAllowed(intent, { ...wanted, txHash }),
        ...(walletId === null ? [] : walletRules(wallet, chainId)),
      ])
      const reached = { authorizationTxHash: txHash, authorizedAt: now }
      const set = { ...wanted, ...reached, status: 'AUTHORIZED' as const }
      return { type: intentEvents.authorized, set }
    })
    const isOver = authorized.captureMode === 'MANUAL' || txHash === null
    return isOver ? authorized : capturePaymentIntent(tx, id, { txHash })
  })
}

/**
 * Errors: `payment_intent_not_found`, `customer_status_forbids`, `payment_intent_status_refused`,
 * `field_invalid`. Event: `customer.payment_intent.captured`.
 */
export function capturePaymentIntent(
  context: Context,
  id: string,
  input: { txHash: string | null },
): Promise<PaymentIntent> {
  return changeIntent(context, id, (intent, { held, now }) => {
    enforce(captureRules(held?.customer ?? null, intent))
    const set = { status: 'CAPTURED' as const, capturedAt: now }
    if (input.txHash === null) return { type: intentEvents.captured, set }
    const chainId = present(intent.chainId, 'an authorized intent names its chain')
    const chain = checkChain('chainId', chainId)
    const captureTxHash = checkTransactionHash('txHash', chain, input.txHash)
    return { type: intentEvents.captured, set: { ...set, captureTxHash } }
  })
}

/**
 * Errors: `payment_intent_not_found`, `payment_intent_status_refused`.
 * Event: `customer.payment_intent.cancelled`.
 */
export function cancelPaymentIntent(context: Context, id: string): Promise<PaymentIntent> {
  return changeIntent(context, id, (intent, { now }) => {
    intentMachine.checkMove(intent.status, 'CANCELLED')
    const set = { status: 'CANCELLED' as const, cancelledAt: now }
    return { type: intentEvents.cancelled, set }
  })
}

/**
 * The whole of it. Errors: `field_invalid`, `payment_intent_not_found`,
 * `payment_intent_status_refused`. Event: `customer.payment_intent.refunded`.
 */
export async function refundPaymentIntent(
  context: Context,
  id: string,
  input: { reason: string },
): Promise<PaymentIntent> {
  const refundReason = checkText('reason', input.reason, reasonLengthMax)
  return changeIntent(context, id, (intent, { now }) => {
    intentMachine.checkMove(intent.status, 'REFUNDED')
    const set = { status: 'REFUNDED' as const, refundedAt: now, refundReason }
    return { type: intentEvents.refunded, set }
  })
}

interface IntentMove {
  type: string
  set: Partial<PaymentIntent>
}

interface Moment {
  held: HeldCustomer | null
  now: number
}

type Decide = (intent: PaymentIntent, moment: Moment) => IntentMove | Promise<IntentMove>

/** Holds the intent, decides its next state, and writes it with its event. */
function changeIntent(context: Context, id: string, decide: Decide): Promise<PaymentIntent> {
  return inTransaction(context, async (tx) => {
    const key = { appId: tx.app.id, id }
    const found = await selectIntent(tx.db, key)
    if (!found) throw new AppError(intentErrors.payment_intent_not_found)
    // The customer before the row, as in every change of one's facets: no two wait for each other.
    const held = found.customerId === null ? null : await holdCustomer(tx, found.customerId)
    const stored = present(await selectIntentForUpdate(tx.db, key), 'no intent is ever deleted')
    const dataKey = held?.dataKey ?? openOwnKey(tx, stored)
    const intent = openIntent(tx, dataKey, stored)
    const now = tx.clock.now()
    const move = await decide(intent, { held, now })
    const next = { ...intent, ...move.set, updatedAt: now }
    const row = sealIntent(tx, next, { dataKey, wrappedKey: stored.wrappedKey })
    const writes = (db: Kysely<Tables>) => [updateIntent(db, row)]
    const change = { type: move.type, changes: { paymentIntent: { id, ...move.set } } }
    await (held ? recordChange(tx, held, change, writes) : writeTogether(tx, writes))
    return next
  })
}
