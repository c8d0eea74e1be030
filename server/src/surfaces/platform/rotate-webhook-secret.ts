// Owns POST /v1/webhook-endpoints/{id}/rotate-secret.
import { defineOperation } from '../../http/operation.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
import { rotateSecret } from '../../webhooks/endpoint-service.ts'
import {
  EndpointParams,
  fromWireEndpointId,
  toWireEndpointWithSecret,
  WireWebhookEndpointWithSecret,
} from './wire-webhook.ts'

export const rotateWebhookSecret = defineOperation({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/webhook-endpoints/{id}/rotate-secret',
  tag: 'Webhooks',
  summary: 'Give a webhook endpoint a new secret',
  description: 'For 24 hours messages are signed with the secret before too.',
  scope: 'platform:write',
  params: EndpointParams,
  returns: {
    status: 200,
    description: 'The endpoint with its new secret',
    schema: WireWebhookEndpointWithSecret,
  },
  errors: [endpointErrors.webhook_endpoint_not_found],
  async handle(context, { params }) {
    return toWireEndpointWithSecret(await rotateSecret(context, fromWireEndpointId(params.id)))
  },
})
