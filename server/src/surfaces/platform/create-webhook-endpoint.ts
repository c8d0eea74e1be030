// Owns POST /v1/webhook-endpoints.
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
import { createEndpoint } from '../../webhooks/endpoint-service.ts'
import {
  toWireEndpointWithSecret,
  WireNewWebhookEndpoint,
  WireWebhookEndpointWithSecret,
} from './wire-webhook.ts'

export const createWebhookEndpoint = defineOperation({
  id: 'createWebhookEndpoint',
  method: 'POST',
  path: '/webhook-endpoints',
  tag: 'Webhooks',
  summary: 'Have events sent to a URL',
  description:
    'It gets what happens from now on, by Standard Webhooks. The secret is in this answer and in ' +
    'no other. Events come at least once and in no certain order: `webhook-id` is the same at ' +
    'each repeat, and `version` tells the order. They carry personal data in clear, so the key ' +
    'needs `platform:read` too.',
  scope: 'platform:write',
  clearMembers: ['url'],
  body: WireNewWebhookEndpoint,
  returns: {
    status: 201,
    description: 'The endpoint with its secret',
    schema: WireWebhookEndpointWithSecret,
  },
  errors: [
    fieldErrors.field_invalid,
    endpointErrors.webhook_url_refused,
    endpointErrors.webhook_endpoints_full,
  ],
  async handle(context, { body }) {
    return toWireEndpointWithSecret(await createEndpoint(context, body))
  },
})
