// Owns the banking surface: base path, credentials, error body, its operations.
import Type, { type Static } from 'typebox'
import type { ErrorKind } from '../../core/errors.ts'
import { readBearer, type Surface } from '../../http/surface.ts'
import { addApplicationIndividual } from './add-application-individual.ts'
import { createAccount } from './create-account.ts'
import { createApplication } from './create-application.ts'
import { getAccount } from './get-account.ts'
import { getApplication } from './get-application.ts'
import { getApplicationStatus } from './get-application-status.ts'
import { getCustomer } from './get-customer.ts'
import { getIndividual } from './get-individual.ts'
import { grantToken } from './grant-token.ts'
import { listAccounts } from './list-accounts.ts'
import { listApplications } from './list-applications.ts'
import { listCustomers } from './list-customers.ts'
import { removeApplicationIndividual } from './remove-application-individual.ts'
import { submitApplication } from './submit-application.ts'
import { updateAccount } from './update-account.ts'
import { updateApplication } from './update-application.ts'
import { updateApplicationIndividual } from './update-application-individual.ts'
import { updateCustomer } from './update-customer.ts'
import { updateIndividual } from './update-individual.ts'
import { uploadDocument } from './upload-document.ts'
import { fieldNames } from './wire.ts'
import { applicationFieldNames } from './wire-missing.ts'

const codes = {
  malformed: 'INVALID_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  missing: 'NOT_FOUND',
  method_not_allowed: 'INVALID_REQUEST',
  conflict: 'CONFLICT',
  precondition_failed: 'CONFLICT',
  precondition_missing: 'CONFLICT',
  key_reused: 'CONFLICT',
  too_large: 'INVALID_REQUEST',
  unsupported_media: 'INVALID_REQUEST',
  invalid: 'INVALID_REQUEST',
  rate_limited: 'RATE_LIMITED',
  internal: 'INTERNAL_ERROR',
  unavailable: 'INTERNAL_ERROR',
  upstream: 'INTERNAL_ERROR',
  upstream_refused: 'INTERNAL_ERROR',
  upstream_timeout: 'INTERNAL_ERROR',
} as const satisfies Record<ErrorKind, string>

export const WireError = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.Enum([...new Set(Object.values(codes))], {
          description: 'What kind of refusal',
        }),
        message: Type.String({ description: 'What happened, and what to do' }),
        details: Type.Array(
          Type.Object(
            {
              field: Type.String({ description: 'The field that breaks a rule' }),
              message: Type.String({ description: 'The rule' }),
            },
            { additionalProperties: false },
          ),
          { description: 'Every field that breaks a rule' },
        ),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
type WireError = Static<typeof WireError>

export const bankingSurface: Surface = {
  name: 'banking',
  basePath: '/banking',
  title: 'Clientele banking',
  version: '1.0.0',
  description: 'Customers of a bank: applications, the people behind a company, and accounts.',
  credentials: {
    read: readBearer,
    securityScheme: {
      type: 'http',
      scheme: 'bearer',
      description: 'An access token of `/oauth2/token`, or the secret `sk_test_…` or `sk_live_…`',
    },
  },
  idempotencyHeaders: ['x-bultra-idempotency-id'],
  requestIdHeader: 'x-request-id',
  statuses: { invalid: 400 },
  errorSchema: WireError,
  fieldNames: { ...fieldNames, ...applicationFieldNames },
  methodHints: {
    'POST /v1/customers':
      'Customers arise from applications: POST /v1/applications, and have it approved.',
  },
  renderError: ({ definition, message, param, issues }): WireError => ({
    error: {
      code: codes[definition.kind],
      message,
      details: detailsOf(message, param, issues),
    },
  }),
  operations: [
    grantToken,
    listCustomers,
    getCustomer,
    updateCustomer,
    getIndividual,
    updateIndividual,
    createApplication,
    listApplications,
    getApplication,
    updateApplication,
    getApplicationStatus,
    addApplicationIndividual,
    updateApplicationIndividual,
    removeApplicationIndividual,
    uploadDocument,
    submitApplication,
    createAccount,
    listAccounts,
    getAccount,
    updateAccount,
  ],
}

function detailsOf(
  message: string,
  param: string | undefined,
  issues: { param: string; message: string }[],
) {
  if (issues.length > 0)
    return issues.map((issue) => ({ field: issue.param, message: issue.message }))
  return param === undefined ? [] : [{ field: param, message }]
}
