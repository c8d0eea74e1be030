// Owns PATCH /v1/webhook-endpoints/{id}.
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
import { changeEndpoint } from '../../webhooks/endpoint-service.ts'
import {
  EndpointParams,
  fromWireEndpointId,
  toWireEndpoint,
  WireWebhookEndpoint,
  WireWebhookEndpointChange,
} from './wire-webhook.ts'

export const updateWebhookEndpoint = defineOperation({
  id: 'updateWebhookEndpoint',
  method: 'PATCH',
  path: '/webhook-endpoints/{id}',
  tag: 'Webhooks',
  summary: 'Change a webhook endpoint',
  description:
    'What is left out stays. Enabling one again sends what was waiting. Another `url` and ' +
    'other `events` send personal data in clear, so the key needs `platform:read` too.',
  scope: 'platform:write',
  clearMembers: ['url', 'events'],
  params: EndpointParams,
  body: WireWebhookEndpointChange,
  returns: { status: 200, description: 'The changed endpoint', schema: WireWebhookEndpoint },
  errors: [
    endpointErrors.webhook_endpoint_not_found,
    fieldErrors.field_invalid,
    endpointErrors.webhook_url_refused,
  ],
  async handle(context, { params, body }) {
    const { url, events, status } = body
    const changed = await changeEndpoint(context, fromWireEndpointId(params.id), {
      ...(url === undefined ? {} : { url }),
      ...(events === undefined ? {} : { events }),
      ...(status === undefined ? {} : { isDisabled: status === 'disabled' }),
    })
    return toWireEndpoint(changed)
  },
})
