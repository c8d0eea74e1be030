// Owns GET /v1/webhook-endpoints/{id}.
import { defineOperation } from '../../http/operation.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
import { getEndpoint } from '../../webhooks/endpoint-service.ts'
import {
  EndpointParams,
  fromWireEndpointId,
  toWireEndpoint,
  WireWebhookEndpoint,
} from './wire-webhook.ts'

export const getWebhookEndpoint = defineOperation({
  id: 'getWebhookEndpoint',
  method: 'GET',
  path: '/webhook-endpoints/{id}',
  tag: 'Webhooks',
  summary: 'Get a webhook endpoint',
  scope: 'platform:read',
  params: EndpointParams,
  returns: { status: 200, description: 'The endpoint', schema: WireWebhookEndpoint },
  errors: [endpointErrors.webhook_endpoint_not_found],
  async handle(context, { params }) {
    return toWireEndpoint(await getEndpoint(context, fromWireEndpointId(params.id)))
  },
})
