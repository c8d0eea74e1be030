// Owns the wire schemas of webhook endpoints and deliveries, and the way to and from the core.
import Type, { type Static } from 'typebox'
import { AppError } from '../../core/errors.ts'
import { printEventId } from '../../core/events/event-id.ts'
import { parseId, printId } from '../../lib/id.ts'
import { printTime } from '../../lib/time.ts'
import { type Delivery, deliveryStatuses } from '../../webhooks/delivery.ts'
import { type Endpoint, endpointErrors, filtersMax, urlLengthMax } from '../../webhooks/endpoint.ts'
import type { EndpointWithSecret } from '../../webhooks/endpoint-service.ts'
import { closed, named } from './wire.ts'
import { Nullable, Text, Time } from './wire-parts.ts'

const endpointMembers = {
  id: Text('The id of the endpoint', 'we_01h455vb4pex5vsknk084sn02q'),
  url: Text('Where the events are sent', 'https://example.com/hooks'),
  events: Type.Array(Type.String(), {
    description: 'The events that it gets',
    examples: [['customer.payout.*']],
  }),
  status: Type.Enum(['enabled', 'disabled'], { description: 'Whether anything is sent' }),
  disabled_reason: Nullable(Type.String({ description: 'Why nothing is sent' })),
  failing_since: Nullable(Time('Since when no delivery has arrived')),
  previous_secret_expires_at: Nullable(
    Time('Until when the secret before the last rotation signs too'),
  ),
  created_at: Time('When it was made'),
  updated_at: Time('When it was last changed'),
}

export const WireWebhookEndpoint = Type.Object(endpointMembers, named('WebhookEndpoint'))

export const WireWebhookEndpointWithSecret = Type.Object(
  {
    ...endpointMembers,
    secret: Text('The secret that signs: this answer alone shows it', 'whsec_…'),
  },
  named('WebhookEndpointWithSecret'),
)

const Url = Type.String({
  minLength: 1,
  maxLength: urlLengthMax,
  description: 'https, a public address',
  examples: ['https://example.com/hooks'],
})
const Filters = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
  minItems: 1,
  maxItems: filtersMax,
  description: 'Types of events; `customer.payout.*` means all that begin so, `*` every one',
  examples: [['customer.payout.*']],
})

export const WireNewWebhookEndpoint = Type.Object(
  { url: Url, events: Filters },
  named('NewWebhookEndpoint'),
)

export const WireWebhookEndpointChange = Type.Object(
  {
    url: Type.Optional(Url),
    events: Type.Optional(Filters),
    status: Type.Optional(
      Type.Enum(['enabled', 'disabled'], { description: 'Whether anything is to be sent' }),
    ),
  },
  named('WebhookEndpointChange'),
)

export const WireDelivery = Type.Object(
  {
    id: Text('The id of the delivery', 'dlv_01h455vb4pex5vsknk084sn02q'),
    event_id: Nullable(Type.String({ description: 'The event; null: a test message' })),
    type: Text('The type of the event', 'customer.created'),
    status: Type.Enum([...deliveryStatuses], { description: 'Whether it has arrived' }),
    attempts: Type.Integer({ description: 'How often it was tried' }),
    next_attempt_at: Nullable(Time('When it is tried next')),
    last_attempt_at: Nullable(Time('When it was last tried')),
    response_status: Nullable(Type.Integer({ description: 'Of the last answer' })),
    reason: Nullable(Type.String({ description: 'Why the last try failed' })),
    created_at: Time('When it was made'),
    delivered_at: Nullable(Time('When it arrived')),
  },
  named('Delivery'),
)

export const WireReplay = Type.Object(
  {
    from: Type.String({
      maxLength: 40,
      description: 'What was handed out, or happened, from this moment on, by RFC 3339',
      examples: ['2026-02-25T12:00:00Z'],
    }),
    to: Type.Optional(
      Type.String({
        maxLength: 40,
        description: 'And before this one; left out: up to now',
        examples: ['2026-02-26T12:00:00Z'],
      }),
    ),
    with_delivered: Type.Optional(
      Type.Boolean({ default: false, description: 'Those that have arrived too' }),
    ),
    cursor: Type.Optional(
      Type.String({
        maxLength: 100,
        description: '`next_cursor` of the call before, with the same range',
        examples: ['evt_01h455vb4pex5vsknk084sn02q_3'],
      }),
    ),
  },
  named('Replay'),
)

export const WireReplayed = Type.Object(
  {
    replayed: Type.Integer({ description: 'How many deliveries are sent, by this call' }),
    has_more: Type.Boolean({ description: 'Whether the range has events that were not looked at' }),
    next_cursor: Nullable(Type.String({ description: 'To be given to the next call' })),
  },
  named('Replayed'),
)

export const EndpointParams = Type.Object(
  { id: Text('The webhook endpoint', 'we_01h455vb4pex5vsknk084sn02q') },
  closed,
)
export const DeliveryParams = Type.Object(
  {
    id: Text('The webhook endpoint', 'we_01h455vb4pex5vsknk084sn02q'),
    delivery_id: Text('The delivery', 'dlv_01h455vb4pex5vsknk084sn02q'),
  },
  closed,
)

export function fromWireEndpointId(text: string): string {
  const id = parseId('webhookEndpoint', text)
  if (id === null) throw new AppError(endpointErrors.webhook_endpoint_not_found)
  return id
}

export function toWireEndpoint(endpoint: Endpoint): Static<typeof WireWebhookEndpoint> {
  return {
    id: printId('webhookEndpoint', endpoint.id),
    url: endpoint.url,
    events: endpoint.events,
    status: endpoint.disabledReason === null ? 'enabled' : 'disabled',
    disabled_reason: endpoint.disabledReason,
    failing_since: toTime(endpoint.failingSince),
    previous_secret_expires_at: toTime(endpoint.previousSecretEndsAt),
    created_at: printTime(endpoint.createdAt),
    updated_at: printTime(endpoint.updatedAt),
  }
}

export function toWireEndpointWithSecret(
  made: EndpointWithSecret,
): Static<typeof WireWebhookEndpointWithSecret> {
  return { ...toWireEndpoint(made.endpoint), secret: made.secret }
}

export function toWireDelivery(delivery: Delivery): Static<typeof WireDelivery> {
  return {
    id: printId('delivery', delivery.id),
    event_id: delivery.event && printEventId(delivery.event),
    type: delivery.type,
    status: delivery.status,
    attempts: delivery.attempts,
    next_attempt_at: toTime(delivery.nextAttemptAt),
    last_attempt_at: toTime(delivery.lastAttemptAt),
    response_status: delivery.responseStatus,
    reason: delivery.reason,
    created_at: printTime(delivery.createdAt),
    delivered_at: toTime(delivery.deliveredAt),
  }
}

const toTime = (time: number | null) => (time === null ? null : printTime(time))
