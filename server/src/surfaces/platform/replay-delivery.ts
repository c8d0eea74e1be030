// Owns POST /v1/webhook-endpoints/{id}/deliveries/{delivery_id}/replay.
import { defineOperation } from '../../http/operation.ts'
import { parseId } from '../../lib/id.ts'
import { replayDelivery as replay } from '../../webhooks/delivery-service.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
import { DeliveryParams, fromWireEndpointId, toWireDelivery, WireDelivery } from './wire-webhook.ts'

export const replayDelivery = defineOperation({
  id: 'replayDelivery',
  method: 'POST',
  path: '/webhook-endpoints/{id}/deliveries/{delivery_id}/replay',
  tag: 'Webhooks',
  summary: 'Send a delivery again',
  description: 'With ten tries anew, under the same `webhook-id`.',
  scope: 'platform:write',
  params: DeliveryParams,
  returns: { status: 202, description: 'The delivery, waiting', schema: WireDelivery },
  errors: [
    endpointErrors.webhook_endpoint_not_found,
    endpointErrors.delivery_not_found,
    endpointErrors.webhook_endpoint_disabled,
  ],
  async handle(context, { params }) {
    const endpointId = fromWireEndpointId(params.id)
    const id = parseId('delivery', params.delivery_id)
    return toWireDelivery(await replay(context, { endpointId, id }))
  },
})
