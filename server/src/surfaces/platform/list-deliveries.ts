// Owns GET /v1/webhook-endpoints/{id}/deliveries.
import Type from 'typebox'
import { defineOperation } from '../../http/operation.ts'
import { parseId, printId } from '../../lib/id.ts'
import { pageDeliveries } from '../../webhooks/delivery-service.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
import { pageQuery, toWirePage } from './paging.ts'
import { closed, Page } from './wire.ts'
import { EndpointParams, fromWireEndpointId, toWireDelivery, WireDelivery } from './wire-webhook.ts'

const limits = { default: 50, max: 200 }

export const listDeliveries = defineOperation({
  id: 'listDeliveries',
  method: 'GET',
  path: '/webhook-endpoints/{id}/deliveries',
  tag: 'Webhooks',
  summary: 'List the deliveries of a webhook endpoint',
  description: 'Newest first.',
  scope: 'platform:read',
  params: EndpointParams,
  query: Type.Object(pageQuery(limits), closed),
  returns: { status: 200, description: 'A page of deliveries', schema: Page(WireDelivery) },
  errors: [endpointErrors.webhook_endpoint_not_found, endpointErrors.delivery_cursor_unknown],
  async handle(context, { params, query }) {
    const { limit = limits.default, cursor } = query
    const found = await pageDeliveries(context, {
      endpointId: fromWireEndpointId(params.id),
      limit: limit + 1,
      cursor: cursor === undefined ? null : { id: parseId('delivery', cursor) },
    })
    return toWirePage(found, limit, {
      show: toWireDelivery,
      cursorOf: ({ id }) => printId('delivery', id),
    })
  },
})
