// Owns the crypto surface: base path, credentials, envelope of refusals, its operations.
import type { IncomingHttpHeaders } from 'node:http'
import Type, { type Static } from 'typebox'
import type { ErrorKind } from '../../core/errors.ts'
import type { Surface } from '../../http/surface.ts'
import { activateSubscription } from './activate-subscription.ts'
import { addWallet } from './add-wallet.ts'
import { authorizePaymentIntent } from './authorize-payment-intent.ts'
import { authorizeWallet } from './authorize-wallet.ts'
import { cancelPaymentIntent } from './cancel-payment-intent.ts'
import { cancelSubscription } from './cancel-subscription.ts'
import { capturePaymentIntent } from './capture-payment-intent.ts'
import { challengeWallet } from './challenge-wallet.ts'
import { createCustomer } from './create-customer.ts'
import { createInvoice } from './create-invoice.ts'
import { createPaymentIntent } from './create-payment-intent.ts'
import { createSubscription } from './create-subscription.ts'
import { getCustomer } from './get-customer.ts'
import { getInvoice } from './get-invoice.ts'
import { getPaymentIntent } from './get-payment-intent.ts'
import { getSubscription } from './get-subscription.ts'
import { listCustomers } from './list-customers.ts'
import { listInvoices } from './list-invoices.ts'
import { listPaymentIntents } from './list-payment-intents.ts'
import { listSubscriptions } from './list-subscriptions.ts'
import { listWalletAuthorizations } from './list-wallet-authorizations.ts'
import { openInvoice } from './open-invoice.ts'
import { pauseSubscription } from './pause-subscription.ts'
import { payInvoice } from './pay-invoice.ts'
import { proveWalletOwnership } from './prove-wallet-ownership.ts'
import { refundPaymentIntent } from './refund-payment-intent.ts'
import { removeWallet } from './remove-wallet.ts'
import { resumeSubscription } from './resume-subscription.ts'
import { revokeWalletAuthorization } from './revoke-wallet-authorization.ts'
import { updateCustomer } from './update-customer.ts'
import { voidInvoice } from './void-invoice.ts'
import { fieldNames } from './wire.ts'

const codes = {
  malformed: 'VALIDATION_ERROR',
  unauthenticated: 'AUTHENTICATION_ERROR',
  forbidden: 'AUTHORIZATION_ERROR',
  missing: 'NOT_FOUND',
  method_not_allowed: 'VALIDATION_ERROR',
  conflict: 'CONFLICT',
  precondition_failed: 'CONFLICT',
  precondition_missing: 'CONFLICT',
  key_reused: 'CONFLICT',
  too_large: 'VALIDATION_ERROR',
  unsupported_media: 'VALIDATION_ERROR',
  invalid: 'VALIDATION_ERROR',
  rate_limited: 'RATE_LIMIT_EXCEEDED',
  internal: 'INTERNAL_ERROR',
  unavailable: 'INTERNAL_ERROR',
  upstream: 'INTERNAL_ERROR',
  upstream_refused: 'INTERNAL_ERROR',
  upstream_timeout: 'INTERNAL_ERROR',
} as const satisfies Record<ErrorKind, string>

export const WireError = Type.Object(
  {
    success: Type.Literal(false),
    error: Type.Object(
      {
        code: Type.Enum([...new Set(Object.values(codes))], {
          description: 'What kind of refusal',
        }),
        message: Type.String({ description: 'What happened, and what to do' }),
        details: Type.Optional(
          Type.Array(
            Type.Object(
              {
                path: Type.String({ description: 'The field that breaks a rule' }),
                message: Type.String({ description: 'The rule' }),
              },
              { additionalProperties: false },
            ),
          ),
        ),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
type WireError = Static<typeof WireError>

export const cryptoSurface: Surface = {
  name: 'crypto',
  basePath: '/crypto',
  title: 'Clientele crypto',
  version: '1.0.0',
  description: 'Customers with wallets across chains, and what they pay, owe and subscribe to.',
  credentials: {
    read: readApiKey,
    securityScheme: {
      type: 'apiKey',
      in: 'header',
      name: 'x-api-key',
      description: '`sk_test_…`, `sk_live_…`, `nr_test_sk_…` or `nr_live_sk_…`',
    },
  },
  idempotencyHeaders: ['idempotency-key'],
  requestIdHeader: 'x-request-id',
  statuses: { invalid: 400 },
  errorSchema: WireError,
  fieldNames,
  renderError: ({ definition, message, param, issues }): WireError => ({
    success: false,
    error: {
      code: codes[definition.kind],
      message,
      ...(param === undefined ? {} : { details: detailsOf(message, param, issues) }),
    },
  }),
  operations: [
    createCustomer,
    getCustomer,
    listCustomers,
    updateCustomer,
    addWallet,
    removeWallet,
    challengeWallet,
    proveWalletOwnership,
    authorizeWallet,
    listWalletAuthorizations,
    revokeWalletAuthorization,
    createPaymentIntent,
    listPaymentIntents,
    getPaymentIntent,
    authorizePaymentIntent,
    capturePaymentIntent,
    cancelPaymentIntent,
    refundPaymentIntent,
    createInvoice,
    listInvoices,
    getInvoice,
    openInvoice,
    payInvoice,
    voidInvoice,
    createSubscription,
    listSubscriptions,
    getSubscription,
    activateSubscription,
    pauseSubscription,
    resumeSubscription,
    cancelSubscription,
  ],
}

function readApiKey(headers: IncomingHttpHeaders): string | null {
  const key = headers['x-api-key']
  return typeof key === 'string' && /^[^\s]{1,500}$/.test(key) ? key : null
}

function detailsOf(message: string, param: string, issues: { param: string; message: string }[]) {
  if (issues.length === 0) return [{ path: param, message }]
  return issues.map((issue) => ({ path: issue.param, message: issue.message }))
}
