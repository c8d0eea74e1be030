// Owns GET /v1/webhook-endpoints/{id}/deliveries.
import Type from 'typebox'
import { defineOperation } from '../../http/operation.ts'
import { parseId, printId } from '../../lib/id.ts'
import { pageDeliveries } from '../../webhooks/delivery-service.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
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
  query: Type.Object(
    {
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: limits.max,
          default: limits.default,
          description: 'How many entries a page has',
        }),
      ),
      cursor: Type.Optional(
        Type.String({ maxLength: 200, description: '`next_cursor` of the page before' }),
      ),
    },
    closed,
  ),
  returns: { status: 200, description: 'A page of deliveries', schema: Page(WireDelivery) },
  errors: [endpointErrors.webhook_endpoint_not_found, endpointErrors.delivery_cursor_unknown],
  async handle(context, { params, query }) {
    const { limit = limits.default, cursor } = query
    // One more than is shown says whether another page follows.
    const found = await pageDeliveries(context, {
      endpointId: fromWireEndpointId(params.id),
      limit: limit + 1,
      cursor: cursor === undefined ? null : { id: parseId('delivery', cursor) },
    })
    const shown = found.slice(0, limit)
    const last = shown.at(-1)
    const has_more = found.length > limit
    const next_cursor = has_more && last ? printId('delivery', last.id) : null
    return { data: shown.map(toWireDelivery), has_more, next_cursor }
  },
})
