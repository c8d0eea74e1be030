// Owns the orchestration surface: base path, credentials, envelope of refusals, its operations.
import Type, { type Static } from 'typebox'
import { readBearer, type Surface } from '../../http/surface.ts'
import { createCustomer } from './create-customer.ts'
import { downloadFile } from './download-file.ts'
import { getBalances } from './get-balances.ts'
import { getCustomer } from './get-customer.ts'
import { getRegistrationSchema } from './get-registration-schema.ts'
import { getRegistrationStatus } from './get-registration-status.ts'
import { grantToken } from './grant-token.ts'
import { listCustomers } from './list-customers.ts'
import { listFiles } from './list-files.ts'
import { populatePlatform } from './populate-platform.ts'
import { submitRegistration } from './submit-registration.ts'
import { syncCustomer } from './sync-customer.ts'
import { updateCustomer } from './update-customer.ts'
import { uploadFiles } from './upload-files.ts'
import { fieldNames } from './wire.ts'

export const WireError = Type.Object(
  {
    msg: Type.String({ description: 'What happened, and what to do' }),
    data: Type.Null(),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            field: Type.String({ description: 'The field that breaks a rule' }),
            message: Type.String({ description: 'The rule' }),
          },
          { additionalProperties: false },
        ),
      ),
    ),
  },
  { additionalProperties: false },
)
type WireError = Static<typeof WireError>

export const orchestrationSurface: Surface = {
  name: 'orchestration',
  basePath: '/orchestration',
  title: 'Clientele orchestration',
  version: '1.0.0',
  description: 'Customers registered at payment providers, kept in sync with them.',
  credentials: {
    read: readBearer,
    securityScheme: {
      type: 'http',
      scheme: 'bearer',
      description: 'an access token, `sk_test_…` or `sk_live_…`',
    },
  },
  idempotencyHeaders: ['idempotency-key'],
  requestIdHeader: 'request-id',
  statuses: { invalid: 400 },
  errorSchema: WireError,
  fieldNames,
  renderError: ({ message, param, issues }): WireError => ({
    msg: message,
    data: null,
    ...(param === undefined ? {} : { errors: errorsOf(message, param, issues) }),
  }),
  operations: [
    grantToken,
    createCustomer,
    getCustomer,
    listCustomers,
    updateCustomer,
    syncCustomer,
    getBalances,
    uploadFiles,
    listFiles,
    downloadFile,
    populatePlatform,
    getRegistrationSchema,
    getRegistrationStatus,
    submitRegistration,
  ],
}

function errorsOf(message: string, param: string, issues: { param: string; message: string }[]) {
  if (issues.length === 0) return [{ field: param, message }]
  return issues.map((issue) => ({ field: issue.param, message: issue.message }))
}
