// Owns POST /v1/webhook-endpoints/{id}/replay.
import { feedErrors } from '../../core/events/event.ts'
import { printEventId } from '../../core/events/event-id.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { endpointErrors } from '../../webhooks/endpoint.ts'
import { replayRange } from '../../webhooks/replay-range.ts'
import { fromWireEventId, fromWireMoment } from './wire-event.ts'
import { EndpointParams, fromWireEndpointId, WireReplay, WireReplayed } from './wire-webhook.ts'

export const replayDeliveries = defineOperation({
  id: 'replayDeliveries',
  method: 'POST',
  path: '/webhook-endpoints/{id}/replay',
  tag: 'Webhooks',
  summary: 'Send the deliveries of a time again',
  description:
    'Those that failed, and events that this endpoint wants and was never given: they happened ' +
    'while it was disabled, before it was made, or before its filters meant them. What has ' +
    'arrived is sent where it is asked for; then also what happened so long ago that its ' +
    'deliveries are no longer kept. A call looks at 5,000 events: while `has_more` is true, ' +
    'call again with `next_cursor`. For `with_delivered` the key needs `platform:read` too.',
  scope: 'platform:write',
  clearMembers: ['with_delivered'],
  params: EndpointParams,
  body: WireReplay,
  returns: { status: 202, description: 'How many are sent again', schema: WireReplayed },
  errors: [
    endpointErrors.webhook_endpoint_not_found,
    endpointErrors.webhook_endpoint_disabled,
    fieldErrors.field_invalid,
    feedErrors.event_cursor_unknown,
  ],
  async handle(context, { params, body }) {
    const { from, to, with_delivered = false, cursor } = body
    const { count, next } = await replayRange(context, {
      endpointId: fromWireEndpointId(params.id),
      from: fromWireMoment('from', from),
      to: to === undefined ? context.clock.now() + 1 : fromWireMoment('to', to),
      withDelivered: with_delivered,
      cursor: cursor === undefined ? null : fromWireEventId(cursor),
    })
    const next_cursor = next && printEventId(next)
    return { replayed: count, has_more: next !== null, next_cursor }
  },
})
