// Owns sending an endpoint's deliveries: the message, one try, and what comes of it.
import type { Context } from '../core/context.ts'
import { findFeedEvent } from '../core/events/feed-links.ts'
import type { JobResult } from '../jobs/worker.ts'
import { EgressFailed, type EgressResponse } from '../lib/egress.ts'
import { createGate } from '../lib/gate.ts'
import { printId } from '../lib/id.ts'
import { printTime } from '../lib/time.ts'
import { inTransaction } from '../storage/transaction.ts'
import { type Delivery, retryWaitMs } from './delivery.ts'
import { selectDueDeliveries, updateDelivery } from './delivery-store.ts'
import { failingMsMax } from './endpoint.ts'
import { signingSecrets } from './endpoint-service.ts'
import {
  type StoredEndpoint,
  selectEndpoint,
  updateEndpointArriving,
  updateEndpointDisabled,
  updateEndpointFailing,
} from './endpoint-store.ts'
import { signedHeaders } from './signature.ts'

const timeoutMs = 15_000
/** Nobody reads the answer; one that goes on is cut off here. */
const responseBytesMax = 64 * 1_024
/** At once to one endpoint. */
const atOnceMax = 16
const batchMax = 64
const batchesMax = 100

export interface SendOptions {
  timeoutMs?: number
}

/** Sends what is due to this endpoint. */
export async function deliverDue(
  context: Context,
  endpointId: string,
  options: SendOptions = {},
): Promise<JobResult> {
  const appId = context.app.id
  for (let batch = 0; batch < batchesMax; batch += 1) {
    const endpoint = await selectEndpoint(context.db, { appId, id: endpointId })
    if (endpoint === null || endpoint.disabledReason !== null) return 'done'
    const at = context.clock.now()
    const due = await selectDueDeliveries(context.db, { appId, endpointId, at, limit: batchMax })
    if (due.length === 0) return 'done'
    const gate = createGate(atOnceMax)
    const ended = new AbortController()
    await Promise.all(
      due.map((delivery) =>
        gate.pass(async () => {
          if (ended.signal.aborted) return
          const outcome = await send(context, { endpoint, delivery, ...options })
          const isDisabled = await keepOutcome(context, { endpoint, delivery, outcome })
          if (isDisabled) ended.abort()
        }),
      ),
    )
  }
  return 'done'
}

interface Outcome {
  isDelivered: boolean
  responseStatus: number | null
  reason: string | null
  /** What `Retry-After` asked for, in milliseconds. */
  askedMs: number
  /** No further try can arrive. */
  isOver?: boolean
}

interface Sending extends SendOptions {
  endpoint: StoredEndpoint
  delivery: Delivery
}

async function send(context: Context, sending: Sending): Promise<Outcome> {
  const { endpoint, delivery } = sending
  const body = await bodyOf(context, delivery)
  if (body === null) {
    const reason = 'the event can no longer be opened'
    return { isDelivered: false, responseStatus: null, reason, askedMs: 0, isOver: true }
  }
  const message = { id: messageId(delivery), sentAt: context.clock.now(), body }
  const headers = signedHeaders(message, signingSecrets(context, endpoint))
  try {
    const answer = await context.egress.send({
      method: 'POST',
      url: endpoint.url,
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'Clientele' },
      body,
      timeoutMs: sending.timeoutMs ?? timeoutMs,
      responseBytesMax,
      onBody: () => {},
    })
    return toOutcome(answer, context.clock.now())
  } catch (error) {
    if (!(error instanceof EgressFailed)) throw error
    return { isDelivered: false, responseStatus: null, reason: error.message, askedMs: 0 }
  }
}

function toOutcome({ status, headers }: EgressResponse, now: number): Outcome {
  const isDelivered = status >= 200 && status < 300
  const reason = isDelivered ? null : `the endpoint answered ${status}`
  const isAsking = status === 429 || status === 503
  const askedMs = isAsking ? readRetryAfter(headers['retry-after'], now) : 0
  return { isDelivered, responseStatus: status, reason, askedMs }
}

/** Seconds, or a date; anything else asks for nothing. */
function readRetryAfter(text: string | undefined, now: number): number {
  if (text === undefined) return 0
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const date = Date.parse(text)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}

const gone = 410

/** Answers whether the endpoint is disabled by it. */
function keepOutcome(
  context: Context,
  { endpoint, delivery, outcome }: Sending & { outcome: Outcome },
): Promise<boolean> {
  return inTransaction(context, async (tx) => {
    const now = tx.clock.now()
    const key = { appId: tx.app.id, id: endpoint.id }
    await updateDelivery(tx.db, { ...tried(tx, delivery, outcome), appId: key.appId })
    if (outcome.isDelivered) {
      if (endpoint.failingSince !== null) await updateEndpointArriving(tx.db, key)
      return false
    }
    if (outcome.isOver) return false
    if (endpoint.failingSince === null) await updateEndpointFailing(tx.db, { ...key, at: now })
    const reason = disablingReason(endpoint, outcome, now)
    if (reason !== null) await updateEndpointDisabled(tx.db, { ...key, reason, at: now })
    return reason !== null
  })
}

function tried(context: Context, delivery: Delivery, outcome: Outcome): Delivery {
  const now = context.clock.now()
  const attempts = delivery.attempts + 1
  const { isDelivered, responseStatus, reason } = outcome
  const made = { ...delivery, attempts, lastAttemptAt: now, responseStatus, reason }
  if (isDelivered) return { ...made, status: 'delivered', nextAttemptAt: null, deliveredAt: now }
  const waitMs = outcome.isOver ? null : retryWaitMs(attempts, outcome.askedMs, context.random)
  if (waitMs === null) return { ...made, status: 'failed', nextAttemptAt: null }
  return { ...made, nextAttemptAt: now + waitMs }
}

function disablingReason(
  { failingSince }: StoredEndpoint,
  { responseStatus }: Outcome,
  now: number,
): string | null {
  if (responseStatus === gone) return 'the endpoint answered 410'
  const isLong = failingSince !== null && now - failingSince >= failingMsMax
  return isLong ? 'no delivery has arrived for five days' : null
}

/** The same at every try and every replay, whichever endpoint: who has seen it skips it. */
export function messageId({ id, event }: Delivery): string {
  if (event === null) return printId('delivery', id, 'msg')
  return `${printId('customer', event.customerId, 'evt')}_${event.version}`
}

/** Made anew from the event at each try: no copy of it lies in the queue. */
async function bodyOf(context: Context, delivery: Delivery): Promise<string | null> {
  const id = messageId(delivery)
  const { type } = delivery
  if (delivery.event === null) {
    return JSON.stringify({ type, timestamp: printTime(delivery.createdAt), data: { id } })
  }
  const event = await findFeedEvent(context, delivery.event)
  if (event === null) return null
  const data = {
    id,
    customer_id: printId('customer', event.customerId),
    version: event.version,
    previous_version: event.previousVersion,
    actor: event.actor,
    changes: event.changes,
  }
  return JSON.stringify({ type, timestamp: printTime(event.at), data })
}
