// Owns how events of payment intents, invoices and subscriptions are made.
import { moveBankingStatus } from '../core/accounts/status-service.ts'
import {
  createInvoice,
  openInvoice,
  payInvoice,
  voidInvoice,
} from '../core/activity/invoice-service.ts'
import {
  authorizePaymentIntent,
  cancelPaymentIntent,
  capturePaymentIntent,
  createPaymentIntent,
  refundPaymentIntent,
} from '../core/activity/payment-intent-service.ts'
import { rollSubscription } from '../core/activity/period-service.ts'
import {
  activateSubscription,
  cancelSubscription,
  createSubscription,
  getSubscription,
  pauseSubscription,
  resumeSubscription,
} from '../core/activity/subscription-service.ts'
import type { Context } from '../core/context.ts'
import { getCustomer } from '../core/customer/customer-service.ts'
import { present } from '../lib/assert.ts'
import { bankingCustomer } from './banking-triggers.ts'
import { type Trigger, toSomeone } from './trigger.ts'
import { sampleChain } from './wallet-triggers.ts'

type Step = (context: Context, id: string) => Promise<{ id: string }>

/** One step after the other, with what the first one made. */
function through(...steps: Step[]): Trigger {
  return toSomeone(async (context, customerId) => {
    let id = customerId
    for (const step of steps) ({ id } = await step(context, id))
  })
}

const intent: Step = (context, customerId) =>
  createPaymentIntent(context, {
    ...{ customerId, externalId: null, amount: '25.00', currency: 'USD' },
    ...{ allowedChains: 'ALL', allowedTokens: 'ALL', captureMode: 'MANUAL' },
    ...{ successUrl: null, cancelUrl: null, metadata: {} },
  })
const authorized: Step = (context, id) =>
  authorizePaymentIntent(context, id, {
    ...{ walletId: null, method: 'PERMIT', chainId: sampleChain, txHash: null },
    ...{ tokenKey: `USDC-${sampleChain}`, cryptoAmount: '25.00' },
  })
const captured: Step = (context, id) => capturePaymentIntent(context, id, { txHash: null })
const refunded: Step = (context, id) =>
  refundPaymentIntent(context, id, { reason: 'Made by a trigger.' })

const invoice: Step = (context, customerId) =>
  createInvoice(context, {
    ...{ customerId, currency: 'USD', dueAt: null, memo: null, subscriptionId: null },
    items: [{ description: 'Made by a trigger', amount: '25.00', quantity: 1 }],
    metadata: {},
  })
const paid: Step = (context, id) => payInvoice(context, id, { paymentIntentId: null })

const subscription: Step = (context, customerId) =>
  createSubscription(context, {
    ...{ customerId, planId: 'plan_sample', priceId: 'price_sample', metadata: {} },
  })
const active: Step = (context, id) => activateSubscription(context, id, { walletId: null })
const cancelled =
  (cancelAtPeriodEnd: boolean): Step =>
  (context, id) =>
    cancelSubscription(context, id, { cancelAtPeriodEnd })
/** Time is not turned forward: the period is taken as ended ahead of its day. */
const periodOver: Step = async (context, id) => {
  const { periodEnd } = await getSubscription(context, id)
  await rollSubscription(context, id, present(periodEnd, 'activating opens a period'))
  return { id }
}

/** Frozen while the period ends, and then what it was before. */
const lapse: Trigger = async (context, named) => {
  const customerId = await bankingCustomer(context, named)
  const before = (await getCustomer(context, customerId)).bankingStatus
  const { id } = await active(context, (await subscription(context, customerId)).id)
  const reason = 'Made by a trigger.'
  await moveBankingStatus(context, customerId, { status: 'FROZEN', reason })
  await periodOver(context, id)
  const status = present(before, 'a customer of the bank has a status')
  await moveBankingStatus(context, customerId, { status, reason })
  return customerId
}

export const activityTriggers = {
  'customer.payment_intent.created': through(intent),
  'customer.payment_intent.authorized': through(intent, authorized),
  'customer.payment_intent.captured': through(intent, authorized, captured),
  'customer.payment_intent.cancelled': through(intent, cancelPaymentIntent),
  'customer.payment_intent.refunded': through(intent, authorized, captured, refunded),
  'customer.invoice.created': through(invoice),
  'customer.invoice.opened': through(invoice, openInvoice),
  'customer.invoice.paid': through(invoice, openInvoice, paid),
  'customer.invoice.voided': through(invoice, voidInvoice),
  'customer.subscription.created': through(subscription),
  'customer.subscription.activated': through(subscription, active),
  'customer.subscription.paused': through(subscription, active, pauseSubscription),
  'customer.subscription.resumed': through(
    ...[subscription, active, pauseSubscription, resumeSubscription],
  ),
  'customer.subscription.renewed': through(subscription, active, periodOver),
  'customer.subscription.lapsed': lapse,
  'customer.subscription.cancel_scheduled': through(subscription, active, cancelled(true)),
  'customer.subscription.cancelled': through(subscription, active, cancelled(false)),
} satisfies Record<string, Trigger>
