// Owns sending an endpoint's deliveries: the message, one try, and what comes of it.
import type { Context } from '../core/context.ts'
import { printEventId } from '../core/events/event-id.ts'
import { feedEventKey, findFeedEvents } from '../core/events/feed-links.ts'
import type { FeedEvent } from '../core/events/feed-service.ts'
import type { JobResult } from '../jobs/worker.ts'
import { EgressFailed, type EgressResponse } from '../lib/egress.ts'
import { createGate } from '../lib/gate.ts'
import { printId } from '../lib/id.ts'
import { printTime } from '../lib/time.ts'
import type { Delivery } from './delivery.ts'
import { selectDueDeliveries } from './delivery-store.ts'
import { signingSecrets } from './endpoint-service.ts'
import { type StoredEndpoint, selectEndpoint } from './endpoint-store.ts'
import { answerBytesMax, answerTimeoutMs, messageHeaders, printMessageBody } from './message.ts'
import { type Outcome, Outcomes } from './outcomes.ts'
import { signedHeaders } from './signature.ts'

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
    const events = await findFeedEvents(
      context,
      due.flatMap(({ event }) => event ?? []),
    )
    const outcomes = new Outcomes(context, endpoint)
    const secrets = signingSecrets(context, endpoint)
    const sendOne = async (delivery: Delivery) => {
      if (outcomes.isDisabled) return
      const message = messageOf(delivery, events)
      outcomes.add(delivery, await send(context, { endpoint, secrets, message, ...options }))
    }
    try {
      await Promise.all(due.map((delivery) => gate.pass(() => sendOne(delivery))))
    } finally {
      await outcomes.end()
    }
  }
  return 'done'
}

interface Sending extends SendOptions {
  endpoint: StoredEndpoint
  secrets: string[]
  /** `null`: what it was to say is gone. */
  message: { id: string; body: string } | null
}

async function send(context: Context, sending: Sending): Promise<Outcome> {
  const { endpoint, secrets, message } = sending
  if (message === null) {
    const reason = 'the event can no longer be opened'
    return { isDelivered: false, responseStatus: null, reason, askedMs: 0, isOver: true }
  }
  const sentAt = context.clock.now()
  const headers = signedHeaders({ ...message, sentAt }, secrets)
  try {
    const answer = await context.egress.send({
      method: 'POST',
      url: endpoint.url,
      headers: { ...headers, ...messageHeaders },
      body: message.body,
      timeoutMs: sending.timeoutMs ?? answerTimeoutMs,
      responseBytesMax: answerBytesMax,
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

/** Made anew from the event at each try: no copy of it lies in the queue. */
function messageOf(
  { id, type, createdAt, event }: Delivery,
  events: ReadonlyMap<string, () => FeedEvent>,
): Sending['message'] {
  if (event === null) {
    const printed = printId('delivery', id, 'msg')
    const timestamp = printTime(createdAt)
    return { id: printed, body: JSON.stringify({ type, timestamp, data: { id: printed } }) }
  }
  const open = events.get(feedEventKey(event))
  return open ? { id: printEventId(event), body: printMessageBody(open()) } : null
}
