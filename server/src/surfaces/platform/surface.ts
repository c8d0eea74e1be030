// Owns the platform surface: base path, credentials, problem details, its operations.
import Type, { type Static } from 'typebox'
import { readBearer, type Surface } from '../../http/surface.ts'
import { checkConnection } from './check-connection.ts'
import { createKey } from './create-key.ts'
import { decideApplication } from './decide-application.ts'
import { getConnection } from './get-connection.ts'
import { getStatusMachines } from './get-status-machines.ts'
import { listApps } from './list-apps.ts'
import { listConnections } from './list-connections.ts'
import { listKeys } from './list-keys.ts'
import { listRegistrations } from './list-registrations.ts'
import { moveCustomerStatus } from './move-customer-status.ts'
import { moveRegistration } from './move-registration.ts'
import { recordPayoutOutcome } from './record-payout-outcome.ts'
import { recordPayoutOutcomes } from './record-payout-outcomes.ts'
import { removeConnection } from './remove-connection.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import { setConnection } from './set-connection.ts'

export const WireProblem = Type.Object(
  {
    type: Type.String({ description: 'The page of this refusal' }),
    title: Type.String({ description: 'What it is, in general' }),
    status: Type.Integer({ description: 'The status of the answer' }),
    code: Type.String({ description: 'Stable, for programs' }),
    detail: Type.String({ description: 'What happened, and what to do' }),
    request_id: Type.String({ description: 'As in the Request-Id header' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            pointer: Type.String({ description: 'The field, as a JSON pointer' }),
            detail: Type.String({ description: 'The rule that it breaks' }),
          },
          { additionalProperties: false },
        ),
      ),
    ),
  },
  { additionalProperties: false, title: 'Problem' },
)
type WireProblem = Static<typeof WireProblem>

export const platformSurface: Surface = {
  name: 'platform',
  basePath: '/v1',
  title: 'Clientele platform',
  version: '1.0.0',
  description: 'What stands above the four wire formats: connections to providers, registrations.',
  credentials: {
    read: readBearer,
    securityScheme: { type: 'http', scheme: 'bearer', description: '`sk_test_…` or `sk_live_…`' },
  },
  idempotencyHeaders: ['idempotency-key'],
  requestIdHeader: 'request-id',
  statuses: {},
  errorSchema: WireProblem,
  errorContentType: 'application/problem+json',
  takesOperators: true,
  fieldNames: { baseUrl: 'base_url', expiresAt: 'expires_at', isOperator: 'operator' },
  renderError: ({ definition, status, message, param, issues, requestId }): WireProblem => {
    const { code, title } = definition
    const named = issues.length > 0 ? issues : param === undefined ? [] : [{ param, message }]
    const errors = named.map((issue) => ({
      pointer: `/${issue.param.replaceAll('.', '/')}`,
      detail: issue.message,
    }))
    return {
      type: `/docs/platform#${code}`,
      title,
      status,
      code,
      detail: message,
      request_id: requestId,
      ...(errors.length === 0 ? {} : { errors }),
    }
  },
  operations: [
    listApps,
    listKeys,
    createKey,
    rotateKey,
    revokeKey,
    listConnections,
    getConnection,
    setConnection,
    checkConnection,
    removeConnection,
    listRegistrations,
    moveRegistration,
    moveCustomerStatus,
    recordPayoutOutcome,
    recordPayoutOutcomes,
    decideApplication,
    getStatusMachines,
  ],
}
