// Owns DELETE /v1/webhook-endpoints/{id}.
import { defineOperation, NoContent } from '../../http/operation.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
import { removeEndpoint } from '../../webhooks/endpoint-service.ts'
import { EndpointParams, fromWireEndpointId } from './wire-webhook.ts'

export const removeWebhookEndpoint = defineOperation({
  id: 'removeWebhookEndpoint',
  method: 'DELETE',
  path: '/webhook-endpoints/{id}',
  tag: 'Webhooks',
  summary: 'Remove a webhook endpoint',
  description: 'With its deliveries.',
  scope: 'platform:write',
  params: EndpointParams,
  returns: { status: 204, description: 'It is gone', schema: NoContent },
  errors: [endpointErrors.webhook_endpoint_not_found],
  async handle(context, { params }) {
    await removeEndpoint(context, fromWireEndpointId(params.id))
    return null
  },
})
