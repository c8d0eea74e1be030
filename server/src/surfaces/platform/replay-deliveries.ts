// Owns POST /v1/webhook-endpoints/{id}/replay.
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { replayRange } from '../../webhooks/delivery-service.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
import { fromWireMoment } from './wire-event.ts'
import { EndpointParams, fromWireEndpointId, WireReplay, WireReplayed } from './wire-webhook.ts'

export const replayDeliveries = defineOperation({
  id: 'replayDeliveries',
  method: 'POST',
  path: '/webhook-endpoints/{id}/replay',
  tag: 'Webhooks',
  summary: 'Send the deliveries of a time again',
  description: 'Those that failed, unless all are asked for.',
  scope: 'platform:write',
  params: EndpointParams,
  body: WireReplay,
  returns: { status: 202, description: 'How many are sent again', schema: WireReplayed },
  errors: [
    endpointErrors.webhook_endpoint_not_found,
    endpointErrors.webhook_endpoint_disabled,
    fieldErrors.field_invalid,
  ],
  async handle(context, { params, body }) {
    const { from, to, with_delivered = false } = body
    const replayed = await replayRange(context, {
      endpointId: fromWireEndpointId(params.id),
      from: fromWireMoment('from', from),
      to: to === undefined ? context.clock.now() + 1 : fromWireMoment('to', to),
      withDelivered: with_delivered,
    })
    return { replayed }
  },
})
