// Owns the payouts surface: base path, credentials, error body, its operations.
import Type, { type Static } from 'typebox'
import type { ErrorKind } from '../../core/errors.ts'
import { readBearer, type Surface } from '../../http/surface.ts'
import { addBankAccount } from './add-bank-account.ts'
import { cancelPayout } from './cancel-payout.ts'
import { createCustomer } from './create-customer.ts'
import { createPayout } from './create-payout.ts'
import { getCustomer } from './get-customer.ts'
import { getPayout } from './get-payout.ts'
import { listBankAccounts } from './list-bank-accounts.ts'
import { listCustomerPayouts } from './list-customer-payouts.ts'
import { listCustomers } from './list-customers.ts'
import { listPayouts } from './list-payouts.ts'
import { setDefaultBankAccount } from './set-default-bank-account.ts'

const codes = {
  malformed: 'invalid_request',
  unauthenticated: 'unauthorized',
  forbidden: 'forbidden',
  missing: 'not_found',
  method_not_allowed: 'invalid_request',
  conflict: 'conflict',
  precondition_failed: 'conflict',
  precondition_missing: 'conflict',
  key_reused: 'idempotency_key_reused',
  too_large: 'invalid_request',
  unsupported_media: 'invalid_request',
  invalid: 'validation_failed',
  rate_limited: 'rate_limited',
  internal: 'internal_error',
  unavailable: 'temporarily_unavailable',
  upstream: 'temporarily_unavailable',
  upstream_refused: 'temporarily_unavailable',
  upstream_timeout: 'temporarily_unavailable',
} as const satisfies Record<ErrorKind, string>

export const WireError = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.Enum([...new Set(Object.values(codes))], {
          description: 'What kind of refusal',
        }),
        message: Type.String({ description: 'What happened, and what to do' }),
        param: Type.Optional(Type.String({ description: 'The field that breaks a rule' })),
        requestId: Type.Optional(Type.String({ description: 'As in the Request-Id header' })),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
type WireError = Static<typeof WireError>

export const payoutsSurface: Surface = {
  name: 'payouts',
  basePath: '/payouts',
  title: 'Clientele payouts',
  version: '1.0.0',
  description: 'Saved recipients with bank accounts, and payouts that reference them.',
  credentials: {
    read: readBearer,
    securityScheme: { type: 'http', scheme: 'bearer', description: '`sk_test_…` or `sk_live_…`' },
  },
  idempotencyHeaders: ['idempotency-key'],
  requestIdHeader: 'request-id',
  statuses: {},
  errorSchema: WireError,
  renderError: ({ definition, message, param, requestId }): WireError => ({
    error: {
      code: codes[definition.kind],
      message,
      ...(param === undefined ? {} : { param }),
      requestId,
    },
  }),
  operations: [
    createCustomer,
    listCustomers,
    getCustomer,
    addBankAccount,
    listBankAccounts,
    setDefaultBankAccount,
    listCustomerPayouts,
    createPayout,
    listPayouts,
    getPayout,
    cancelPayout,
  ],
}
