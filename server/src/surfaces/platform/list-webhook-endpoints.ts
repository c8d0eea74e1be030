// Owns GET /v1/webhook-endpoints.
import { defineOperation } from '../../http/operation.ts'
import { listEndpoints } from '../../webhooks/endpoint-service.ts'
import { onePage, Page } from './wire.ts'
import { toWireEndpoint, WireWebhookEndpoint } from './wire-webhook.ts'

export const listWebhookEndpoints = defineOperation({
  id: 'listWebhookEndpoints',
  method: 'GET',
  path: '/webhook-endpoints',
  tag: 'Webhooks',
  summary: 'List the webhook endpoints of the app',
  scope: 'platform:read',
  returns: {
    status: 200,
    description: 'Oldest first, on one page',
    schema: Page(WireWebhookEndpoint),
  },
  errors: [],
  async handle(context) {
    return onePage((await listEndpoints(context)).map(toWireEndpoint))
  },
})
