// Owns the crypto surface's wire schemas of invoices, and the way to and from the core.
import Type, { type Static } from 'typebox'
import {
  itemDescriptionLengthMax,
  itemsMax,
  memoLengthMax,
} from '../../core/activity/activity-rules.ts'
import { type Invoice, invoiceErrors, invoiceStatuses } from '../../core/activity/invoice.ts'
import type { NewInvoice } from '../../core/activity/invoice-service.ts'
import type { App } from '../../core/context.ts'
import { refuseField } from '../../core/fields.ts'
import { printAmount } from '../../lib/money.ts'
import {
  closed,
  fromWireId,
  fromWireMetadata,
  Given,
  GivenId,
  GivenMetadata,
  Id,
  LaterText,
  LaterTime,
  Nullable,
  named,
  Text,
  Time,
  toWireTime,
  WireMetadata,
} from './wire.ts'
import { printInvoiceNumber } from './wire-history.ts'
import { Amount, Currency, fromWireIntentId, fromWireOwnerId } from './wire-payment-intent.ts'
import { fromWireSubscriptionId } from './wire-subscription.ts'

const quantityMax = 1_000_000

export const InvoiceParams = Type.Object({ id: Id('The invoice') }, closed)

const WireNewItem = Type.Object(
  {
    description: Given(itemDescriptionLengthMax, 'What it is for', 'Annual plan'),
    amount: Amount,
    quantity: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: quantityMax,
        default: 1,
        description: 'How many of it',
        examples: [1],
      }),
    ),
  },
  named('InvoiceItemParams'),
)

export const WireNewInvoice = Type.Object(
  {
    customerAccountId: GivenId('Who owes it'),
    items: Type.Array(WireNewItem, { minItems: 1, maxItems: itemsMax }),
    currency: Type.Optional(Currency),
    dueDate: Type.Optional(
      Nullable(Given(40, 'ISO 8601; a date alone is its first instant in UTC', '2026-03-25')),
    ),
    memo: Type.Optional(Nullable(Given(memoLengthMax, 'A note on the invoice', 'Thank you'))),
    subscriptionId: Type.Optional(Nullable(GivenId("One of the customer's subscriptions"))),
    metadata: Type.Optional(Nullable(GivenMetadata)),
  },
  named('InvoiceCreateParams'),
)

export const WireNewPayment = Type.Object(
  {
    paymentIntentId: Type.Optional(
      Nullable(GivenId('The payment intent of the same customer that paid it')),
    ),
  },
  named('InvoicePayParams'),
)

export const WireInvoice = Type.Object(
  {
    id: Id('The id of the invoice'),
    appId: Id('Your app ID'),
    customerAccountId: Id('Who owes it'),
    invoiceNumber: Text('Rises by one within an app, without gaps', 'INV-00001'),
    status: Type.Enum([...invoiceStatuses], {
      description: 'Its state; `OPEN` reads as `PAST_DUE` from its due date on',
    }),
    currency: Text('ISO 4217', 'USD'),
    subtotal: Text('What the items come to', '25.00'),
    taxAmount: Text('Decimal text with two places', '0.00'),
    total: Text('Subtotal and tax', '25.00'),
    items: Type.Array(
      Type.Object(
        {
          description: Text('What it is for', 'Annual plan'),
          amount: Text('Of one', '25.00'),
          quantity: Type.Integer({ description: 'How many of it', examples: [1] }),
        },
        named('InvoiceItem'),
      ),
    ),
    dueDate: LaterTime('When it is due'),
    memo: LaterText('A note on the invoice'),
    subscriptionId: LaterText('The subscription that it is for'),
    paymentIntentId: LaterText('The payment intent that paid it'),
    metadata: WireMetadata,
    openedAt: LaterTime('When it was opened'),
    paidAt: LaterTime('When it was paid'),
    voidedAt: LaterTime('When it was voided'),
    createdAt: Time('When it was made'),
    updatedAt: Time('When it changed last'),
  },
  named('Invoice'),
)
export type WireInvoice = Static<typeof WireInvoice>

export function fromWireInvoiceId(text: string): string {
  return fromWireId('invoice', text, invoiceErrors.invoice_not_found)
}

export function fromWireNewInvoice(body: Static<typeof WireNewInvoice>): NewInvoice {
  const { subscriptionId = null, dueDate = null } = body
  return {
    customerId: fromWireOwnerId(body.customerAccountId),
    items: body.items.map((item) => ({ ...item, quantity: item.quantity ?? 1 })),
    currency: body.currency ?? 'USD',
    dueAt: dueDate === null ? null : fromWireTime('dueDate', dueDate),
    memo: body.memo ?? null,
    subscriptionId:
      subscriptionId === null ? null : fromWireSubscriptionId(subscriptionId, 'subscriptionId'),
    metadata: fromWireMetadata(body.metadata) ?? {},
  }
}

export function fromWirePayment(body: Static<typeof WireNewPayment>): {
  paymentIntentId: string | null
} {
  const { paymentIntentId = null } = body
  if (paymentIntentId === null) return { paymentIntentId }
  return { paymentIntentId: fromWireIntentId(paymentIntentId, 'paymentIntentId') }
}

const isoTime =
  /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** A date, or a time with its offset from UTC: a time without one is another instant everywhere. */
export function fromWireTime(param: string, text: string): number {
  const date = isoTime.exec(text)?.[1]
  const time = date === undefined ? Number.NaN : Date.parse(text)
  // The language takes 30 February for a day in March.
  const day = date === undefined ? Number.NaN : Date.parse(`${date}T00:00:00Z`)
  const isReal = !Number.isNaN(day) && new Date(day).toISOString().startsWith(date ?? '')
  if (Number.isNaN(time) || !isReal || time < 0) {
    refuseField(param, 'is not a date or time like 2026-03-25 or 2026-03-25T12:00:00Z')
  }
  return time
}

export function toWireInvoice(invoice: Invoice, app: App): WireInvoice {
  return {
    id: invoice.id,
    appId: app.id,
    customerAccountId: invoice.customerId,
    invoiceNumber: printInvoiceNumber(invoice.number),
    status: invoice.status,
    currency: invoice.currency,
    subtotal: printAmount(invoice.subtotalMinor),
    taxAmount: printAmount(invoice.taxMinor),
    total: printAmount(invoice.totalMinor),
    items: invoice.items.map(({ description, amountMinor, quantity }) => ({
      description,
      amount: printAmount(amountMinor),
      quantity,
    })),
    dueDate: toWireTime(invoice.dueAt),
    memo: invoice.memo,
    subscriptionId: invoice.subscriptionId,
    paymentIntentId: invoice.paymentIntentId,
    metadata: invoice.metadata,
    openedAt: toWireTime(invoice.openedAt),
    paidAt: toWireTime(invoice.paidAt),
    voidedAt: toWireTime(invoice.voidedAt),
    createdAt: toWireTime(invoice.createdAt),
    updatedAt: toWireTime(invoice.updatedAt),
  }
}
