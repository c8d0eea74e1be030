// Owns POST /v1/webhook-endpoints/{id}/test.
import { defineOperation } from '../../http/operation.ts'
import { sendTestMessage } from '../../webhooks/delivery-service.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
import { EndpointParams, fromWireEndpointId, toWireDelivery, WireDelivery } from './wire-webhook.ts'

export const tryWebhookEndpoint = defineOperation({
  id: 'tryWebhookEndpoint',
  method: 'POST',
  path: '/webhook-endpoints/{id}/test',
  tag: 'Webhooks',
  summary: 'Try a webhook endpoint',
  description:
    'Sends a signed message of the type `webhook.test`, which says nothing of a customer.',
  scope: 'platform:write',
  params: EndpointParams,
  returns: { status: 202, description: 'The delivery, waiting', schema: WireDelivery },
  errors: [endpointErrors.webhook_endpoint_not_found, endpointErrors.webhook_endpoint_disabled],
  async handle(context, { params }) {
    return toWireDelivery(await sendTestMessage(context, fromWireEndpointId(params.id)))
  },
})
