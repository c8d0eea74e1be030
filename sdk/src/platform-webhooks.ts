// Owns the webhook endpoints of the platform client, and what was sent to them.
import type { CallOptions } from './options.ts'
import type { PlatformCalls, PlatformList } from './platform-calls.ts'
import type {
  Delivery,
  ListDeliveriesQuery,
  NewWebhookEndpoint,
  Replay,
  Replayed,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointWithSecret,
} from './platform-types.generated.ts'
import type { Result } from './result.ts'

/** Where events are sent. Each call with an id: `webhook_endpoint_not_found` (404). */
export interface PlatformWebhookEndpoints {
  /**
   * Gets what happens from now on. `secret`, for `verifyWebhook`, is in this answer alone.
   *
   * Errors: `field_invalid`, `webhook_url_refused` (422); `webhook_endpoints_full` (409).
   */
  create(
    endpoint: NewWebhookEndpoint,
    options?: CallOptions,
  ): Promise<Result<WebhookEndpointWithSecret>>
  list(options?: CallOptions): PlatformList<WebhookEndpoint>
  retrieve(id: string, options?: CallOptions): Promise<Result<WebhookEndpoint>>
  /** What is left out stays. Errors: as `create`. */
  update(
    id: string,
    change: WebhookEndpointChange,
    options?: CallOptions,
  ): Promise<Result<WebhookEndpoint>>
  /** For 24 hours messages are signed with the secret before too. */
  rotateSecret(id: string, options?: CallOptions): Promise<Result<WebhookEndpointWithSecret>>
  /** With its deliveries; the value is `null`. */
  remove(id: string, options?: CallOptions): Promise<Result<null>>
  /** Sends a `webhook.test`. Error: `webhook_endpoint_disabled` (409). */
  test(id: string, options?: CallOptions): Promise<Result<Delivery>>
  /** Newest first. */
  listDeliveries(
    id: string,
    query?: ListDeliveriesQuery,
    options?: CallOptions,
  ): PlatformList<Delivery>
  /** Sends one again. Errors: `delivery_not_found` (404); `webhook_endpoint_disabled` (409). */
  replayDelivery(id: string, deliveryId: string, options?: CallOptions): Promise<Result<Delivery>>
  /**
   * Sends those of a time again, so many in one call: while `has_more`, call again with
   * `next_cursor`. Error: `webhook_endpoint_disabled` (409).
   */
  replay(id: string, range: Replay, options?: CallOptions): Promise<Result<Replayed>>
}

const root = 'webhook-endpoints'

export function createWebhookEndpoints(calls: PlatformCalls): PlatformWebhookEndpoints {
  return {
    create: (endpoint, options) => calls.send('POST', [root], { body: endpoint }, options),
    list: (options) => calls.list([root], undefined, options),
    retrieve: (id, options) => calls.get([root, { id }], undefined, options),
    update: (id, change, options) => calls.send('PATCH', [root, { id }], { body: change }, options),
    rotateSecret: (id, options) => calls.send('POST', [root, { id }, 'rotate-secret'], {}, options),
    remove: (id, options) => calls.remove([root, { id }], options),
    test: (id, options) => calls.send('POST', [root, { id }, 'test'], {}, options),
    listDeliveries: (id, query, options) =>
      calls.list([root, { id }, 'deliveries'], query, options),
    replayDelivery: (id, deliveryId, options) => {
      const path = [root, { id }, 'deliveries', { deliveryId }, 'replay']
      return calls.send('POST', path, {}, options)
    },
    replay: (id, range, options) =>
      calls.send('POST', [root, { id }, 'replay'], { body: range }, options),
  }
}
