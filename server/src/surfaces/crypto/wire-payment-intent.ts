// Owns the crypto surface's wire schemas of payment intents, and the way to and from the core.
import Type, { type Static } from 'typebox'
import { urlLengthMax } from '../../core/activity/activity-rules.ts'
import {
  captureModes,
  intentErrors,
  intentStatuses,
  type PaymentIntent,
} from '../../core/activity/payment-intent.ts'
import type {
  NewAuthorization,
  NewPaymentIntent,
} from '../../core/activity/payment-intent-rules.ts'
import type { App } from '../../core/context.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { externalIdLengthMax } from '../../core/fields.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
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

const listMax = 100
const amountLengthMax = 32
const hashLengthMax = 128
export const Amount = Given(amountLengthMax, 'Decimal text, at most two places', '25.00')
export const Currency = Given(3, 'ISO 4217; `USD` where it is left out', 'USD')

export const IntentParams = Type.Object({ id: Id('The payment intent') }, closed)

export const WireNewIntent = Type.Object(
  {
    customerAccountId: Type.Optional(Nullable(GivenId('Who pays, where that is known'))),
    externalId: Type.Optional(Nullable(Given(externalIdLengthMax, 'Your own id', 'ORDER-4421'))),
    amount: Amount,
    currency: Type.Optional(Currency),
    allowedChains: Type.Optional(
      Type.Union([Type.Literal('ALL'), Type.Array(Type.Integer(), { maxItems: listMax })], {
        description: 'Chain ids, or `ALL`, which is the default',
        examples: [[8453, 137]],
      }),
    ),
    allowedTokens: Type.Optional(
      Type.Union(
        [Type.Literal('ALL'), Type.Array(Type.String({ maxLength: 64 }), { maxItems: listMax })],
        {
          description: 'Token keys as `USDC-8453`, or `ALL`, which is the default',
          examples: [['USDC-8453']],
        },
      ),
    ),
    captureMode: Type.Optional(
      Type.Enum([...captureModes], {
        description: 'Whether a capture follows the authorization by itself; `AUTOMATIC`',
      }),
    ),
    successUrl: Type.Optional(
      Nullable(Given(urlLengthMax, 'Where the payer is sent', 'https://example.com/thanks')),
    ),
    cancelUrl: Type.Optional(
      Nullable(Given(urlLengthMax, 'Where who gives up is sent', 'https://example.com/cart')),
    ),
    metadata: Type.Optional(Nullable(GivenMetadata)),
  },
  named('PaymentIntentCreateParams'),
)

export const WireNewAuthorization = Type.Object(
  {
    walletId: Type.Optional(Nullable(GivenId("One of the customer's wallets, on that chain"))),
    method: Given(50, 'How: a word in capitals', 'PERMIT'),
    chainId: Type.Integer({ description: 'On which chain', examples: [8453] }),
    tokenKey: Given(64, 'Which token, and its chain', 'USDC-8453'),
    cryptoAmount: Given(64, 'How much of the token; at most 18 places', '25.00'),
    txHash: Type.Optional(
      Nullable(Given(hashLengthMax, 'The transaction, in the form of its chain', exampleHash())),
    ),
  },
  named('PaymentIntentAuthorizeParams'),
)

export const WireNewCapture = Type.Object(
  {
    txHash: Type.Optional(
      Nullable(Given(hashLengthMax, 'The transaction, in the form of its chain', exampleHash())),
    ),
  },
  named('PaymentIntentCaptureParams'),
)

export const WireNewRefund = Type.Object(
  { reason: Given(500, 'Why', 'The goods came back') },
  named('PaymentIntentRefundParams'),
)

export const WireIntent = Type.Object(
  {
    id: Id('The id of the payment intent'),
    appId: Id('Your app ID'),
    customerAccountId: LaterText('Who pays'),
    externalId: LaterText('Your own id'),
    status: Type.Enum([...intentStatuses], { description: 'Its state' }),
    amount: Text('Decimal text with two places', '25.00'),
    currency: Text('ISO 4217', 'USD'),
    allowedChains: Type.Union([Type.Literal('ALL'), Type.Array(Type.Integer())], {
      description: 'Chain ids, or `ALL`',
    }),
    allowedTokens: Type.Union([Type.Literal('ALL'), Type.Array(Type.String())], {
      description: 'Token keys, or `ALL`',
    }),
    captureMode: Type.Enum([...captureModes], { description: 'What follows an authorization' }),
    successUrl: LaterText('Where the payer is sent'),
    cancelUrl: LaterText('Where who gives up is sent'),
    metadata: WireMetadata,
    customerWalletId: LaterText('The wallet that authorized'),
    authorizationMethod: LaterText('How it was authorized'),
    authorizationChainId: Nullable(Type.Integer({ description: 'On which chain' })),
    cryptoTokenKey: LaterText('Which token, as `USDC-8453`'),
    cryptoAmount: LaterText('How much of the token'),
    authorizationTxHash: LaterText('The transaction that authorized'),
    captureTxHash: LaterText('The transaction that captured'),
    refundReason: LaterText('Why it was refunded'),
    authorizedAt: LaterTime('When it was authorized'),
    capturedAt: LaterTime('When it was captured'),
    refundedAt: LaterTime('When it was refunded'),
    cancelledAt: LaterTime('When it was cancelled'),
    createdAt: Time('When it was made'),
    updatedAt: Time('When it changed last'),
  },
  named('PaymentIntent'),
)
export type WireIntent = Static<typeof WireIntent>

export function fromWireIntentId(text: string, param?: string): string {
  return fromWireId('paymentIntent', text, intentErrors.payment_intent_not_found, param)
}

/** A customer whom a body names. */
export function fromWireOwnerId(text: string): string {
  return fromWireId('customer', text, customerErrors.customer_not_found, 'customerId')
}

/** A wallet that a body names. */
export function fromWireWalletId(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null
  return fromWireId('wallet', text, walletErrors.wallet_not_found, 'walletId')
}

export function fromWireNewIntent(body: Static<typeof WireNewIntent>): NewPaymentIntent {
  const owner = body.customerAccountId ?? null
  return {
    customerId: owner === null ? null : fromWireOwnerId(owner),
    externalId: body.externalId ?? null,
    amount: body.amount,
    currency: body.currency ?? 'USD',
    allowedChains: body.allowedChains ?? 'ALL',
    allowedTokens: body.allowedTokens ?? 'ALL',
    captureMode: body.captureMode ?? 'AUTOMATIC',
    successUrl: body.successUrl ?? null,
    cancelUrl: body.cancelUrl ?? null,
    metadata: fromWireMetadata(body.metadata) ?? {},
  }
}

export function fromWireNewAuthorization(
  body: Static<typeof WireNewAuthorization>,
): NewAuthorization {
  const { method, chainId, tokenKey, cryptoAmount, txHash = null } = body
  const walletId = fromWireWalletId(body.walletId)
  return { walletId, method, chainId, tokenKey, cryptoAmount, txHash }
}

export function toWireIntent(intent: PaymentIntent, app: App): WireIntent {
  return {
    id: intent.id,
    appId: app.id,
    customerAccountId: intent.customerId,
    externalId: intent.externalId,
    status: intent.status,
    amount: printAmount(intent.amountMinor),
    currency: intent.currency,
    allowedChains: intent.allowedChains,
    allowedTokens: intent.allowedTokens,
    captureMode: intent.captureMode,
    successUrl: intent.successUrl,
    cancelUrl: intent.cancelUrl,
    metadata: intent.metadata,
    customerWalletId: intent.walletId,
    authorizationMethod: intent.method,
    authorizationChainId: intent.chainId,
    cryptoTokenKey: intent.tokenKey,
    cryptoAmount: intent.cryptoAmount,
    authorizationTxHash: intent.authorizationTxHash,
    captureTxHash: intent.captureTxHash,
    refundReason: intent.refundReason,
    authorizedAt: toWireTime(intent.authorizedAt),
    capturedAt: toWireTime(intent.capturedAt),
    refundedAt: toWireTime(intent.refundedAt),
    cancelledAt: toWireTime(intent.cancelledAt),
    createdAt: toWireTime(intent.createdAt),
    updatedAt: toWireTime(intent.updatedAt),
  }
}

function exampleHash(): string {
  return `0x${'5a'.repeat(32)}`
}
