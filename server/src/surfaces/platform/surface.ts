// Owns the platform surface: base path, credentials, problem details, its operations.
import Type, { type Static } from 'typebox'
import { readBearer, type Surface } from '../../http/surface.ts'
import { checkConnection } from './check-connection.ts'
import { createCustomer } from './create-customer.ts'
import { createKey } from './create-key.ts'
import { createWebhookEndpoint } from './create-webhook-endpoint.ts'
import { decideApplication } from './decide-application.ts'
import { downloadApplicationDocument } from './download-application-document.ts'
import { getApplication } from './get-application.ts'
import { getConnection } from './get-connection.ts'
import { getCustomer } from './get-customer.ts'
import { getEligibility } from './get-eligibility.ts'
import { getPayout } from './get-payout.ts'
import { getStatusMachines } from './get-status-machines.ts'
import { getWebhookEndpoint } from './get-webhook-endpoint.ts'
import { listApplications } from './list-applications.ts'
import { listApps } from './list-apps.ts'
import { listConnections } from './list-connections.ts'
import { listCustomerEvents } from './list-customer-events.ts'
import { listCustomers } from './list-customers.ts'
import { listDeliveries } from './list-deliveries.ts'
import { listKeys } from './list-keys.ts'
import { listRegistrations } from './list-registrations.ts'
import { listWebhookEndpoints } from './list-webhook-endpoints.ts'
import { moveCustomerStatus } from './move-customer-status.ts'
import { moveRegistration } from './move-registration.ts'
import { proveCustomer } from './prove-customer.ts'
import { readEvents } from './read-events.ts'
import { recordPayoutOutcome } from './record-payout-outcome.ts'
import { recordPayoutOutcomes } from './record-payout-outcomes.ts'
import { removeConnection } from './remove-connection.ts'
import { removeWebhookEndpoint } from './remove-webhook-endpoint.ts'
import { replayDeliveries } from './replay-deliveries.ts'
import { replayDelivery } from './replay-delivery.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import { rotateWebhookSecret } from './rotate-webhook-secret.ts'
import { searchCustomers } from './search-customers.ts'
import { setConnection } from './set-connection.ts'
import { tryWebhookEndpoint } from './try-webhook-endpoint.ts'
import { updateCustomer } from './update-customer.ts'
import { updateWebhookEndpoint } from './update-webhook-endpoint.ts'
import { customerFieldNames } from './wire-customer.ts'
import { narrowingNames } from './wire-eligibility.ts'

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
  // What a provider refused was in the request, and no client should send it again.
  statuses: { upstream_refused: 422 },
  errorSchema: WireProblem,
  errorContentType: 'application/problem+json',
  masking: { clear: 'platform:read', masked: 'platform:read_masked' },
  takesOperators: true,
  tellsAllowance: true,
  fieldNames: {
    baseUrl: 'base_url',
    expiresAt: 'expires_at',
    isOperator: 'operator',
    ...customerFieldNames,
    ...narrowingNames,
  },
  renderError: ({ definition, status, message, param, issues, requestId }): WireProblem => {
    const { code, title } = definition
    const named = issues.length > 0 ? issues : param === undefined ? [] : [{ param, message }]
    const errors = named.map((issue) => ({
      pointer: toPointer(issue.param),
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
    createCustomer,
    listCustomers,
    searchCustomers,
    getCustomer,
    getEligibility,
    updateCustomer,
    listCustomerEvents,
    proveCustomer,
    readEvents,
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
    getPayout,
    recordPayoutOutcome,
    recordPayoutOutcomes,
    listApplications,
    getApplication,
    downloadApplicationDocument,
    decideApplication,
    getStatusMachines,
    createWebhookEndpoint,
    listWebhookEndpoints,
    getWebhookEndpoint,
    updateWebhookEndpoint,
    rotateWebhookSecret,
    removeWebhookEndpoint,
    tryWebhookEndpoint,
    listDeliveries,
    replayDelivery,
    replayDeliveries,
  ],
}

/** RFC 6901: of a member whose name has a slash or a tilde too. */
function toPointer(param: string): string {
  return `/${param.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('.', '/')}`
}
