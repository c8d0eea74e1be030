// Owns the vocabulary of deliveries: one event on its way to one endpoint, and when it is tried.
import type { Random } from '../lib/random.ts'

export const deliveryStatuses = ['waiting', 'delivered', 'failed'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

export interface Delivery {
  id: string
  endpointId: string
  /** `null`: a message that only tries the endpoint. */
  event: { customerId: string; version: number } | null
  type: string
  status: DeliveryStatus
  attempts: number
  nextAttemptAt: number | null
  lastAttemptAt: number | null
  /** Of the last answer; `null`: there was none. */
  responseStatus: number | null
  reason: string | null
  createdAt: number
  deliveredAt: number | null
}

/** One job an endpoint, so that one that hangs keeps nobody else waiting. */
export const deliveryJobKind = 'webhook.deliver'

/** A message that says nothing of a customer: it tries the endpoint. */
export const testMessageType = 'webhook.test'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** The waits between the ten tries, as the Standard Webhooks specification suggests. */
export const retryWaitsMs: readonly number[] = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
]

/** A tenth to either side, so that what failed together does not return together. */
const jitter = 0.1
const askedMsMax = 24 * hourMs

/** The wait after so many tries that failed; `null`: that was the last one. */
export function retryWaitMs(
  attempts: number,
  askedMs: number,
  random: Pick<Random, 'fraction'>,
): number | null {
  const wait = retryWaitsMs[attempts - 1]
  if (wait === undefined) return null
  const jittered = Math.round(wait * (1 - jitter + 2 * jitter * random.fraction()))
  return Math.max(jittered, Math.min(askedMs, askedMsMax))
}
