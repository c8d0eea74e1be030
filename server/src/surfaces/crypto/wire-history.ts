// Owns the wire schemas of what stands beside a customer: the app, and the newest activity.
import Type, { type Static } from 'typebox'
import type { IntentSummary, InvoiceSummary } from '../../core/activity/activity.ts'
import { invoiceStatuses } from '../../core/activity/invoice.ts'
import { intentStatuses } from '../../core/activity/payment-intent.ts'
import type { App } from '../../core/context.ts'
import { printAmount } from '../../lib/money.ts'
import { Id, LaterText, LaterTime, Nullable, named, Text, Time, toWireTime } from './wire.ts'

export const WireApp = Type.Object(
  {
    id: Id('The id of the app'),
    merchantId: Id('Whose app it is'),
    name: Text('Its name', 'Shop'),
    environment: Type.Enum(['TEST', 'PRODUCTION'], { description: 'Its mode' }),
    receivingWallet: LaterText('Where payments arrive'),
    receivingWalletSignature: LaterText('The proof that it is yours'),
    payoutWallet: LaterText('Where payouts come from'),
    payoutApproved: Type.Boolean({ description: 'Whether payouts are approved' }),
    createdAt: Time('When it was made'),
    updatedAt: Time('When it changed last'),
  },
  named('App'),
)

export const WireIntentSummary = Type.Object(
  {
    id: Id('The id of the payment intent'),
    status: Type.Enum([...intentStatuses], { description: 'Its state' }),
    amount: Text('Decimal text with two places', '25.00'),
    currency: Text('ISO 4217', 'USD'),
    cryptoAmount: LaterText('How much of the token'),
    cryptoTokenKey: LaterText('Which token, as `USDC-8453`'),
    authorizationChainId: Nullable(Type.Integer({ description: 'On which chain' })),
    createdAt: Time('When it was made'),
    capturedAt: LaterTime('When it was captured'),
  },
  named('PaymentIntentSummary'),
)

export const WireInvoiceSummary = Type.Object(
  {
    id: Id('The id of the invoice'),
    invoiceNumber: Text('Rises by one', 'INV-00001'),
    status: Type.Enum([...invoiceStatuses], { description: 'Its state' }),
    total: Text('Decimal text with two places', '25.00'),
    currency: Text('ISO 4217', 'USD'),
    dueDate: LaterTime('When it is due'),
    paidAt: LaterTime('When it was paid'),
    createdAt: Time('When it was made'),
  },
  named('InvoiceSummary'),
)

export function toWireApp(app: App): Static<typeof WireApp> {
  const createdAt = toWireTime(app.createdAt)
  return {
    id: app.id,
    merchantId: app.merchantId,
    name: app.name,
    environment: app.mode === 'test' ? 'TEST' : 'PRODUCTION',
    receivingWallet: null,
    receivingWalletSignature: null,
    payoutWallet: null,
    payoutApproved: false,
    createdAt,
    updatedAt: createdAt,
  }
}

export function toWireIntentSummary(intent: IntentSummary): Static<typeof WireIntentSummary> {
  return {
    id: intent.id,
    status: intent.status,
    amount: printAmount(intent.amountMinor),
    currency: intent.currency,
    cryptoAmount: intent.cryptoAmount,
    cryptoTokenKey: intent.tokenKey,
    authorizationChainId: intent.chainId,
    createdAt: toWireTime(intent.createdAt),
    capturedAt: toWireTime(intent.capturedAt),
  }
}

export function toWireInvoiceSummary(invoice: InvoiceSummary): Static<typeof WireInvoiceSummary> {
  return {
    id: invoice.id,
    invoiceNumber: printInvoiceNumber(invoice.number),
    status: invoice.status,
    total: printAmount(invoice.totalMinor),
    currency: invoice.currency,
    dueDate: toWireTime(invoice.dueAt),
    paidAt: toWireTime(invoice.paidAt),
    createdAt: toWireTime(invoice.createdAt),
  }
}

/** `INV-00001`; wider from the hundred thousandth on. */
export function printInvoiceNumber(number: number): string {
  return `INV-${String(number).padStart(5, '0')}`
}
