// Owns what comes of tries: noted together, so that a busy endpoint does not wait for the disk.
import type { Context } from '../core/context.ts'
import { inTransaction } from '../storage/transaction.ts'
import { type Delivery, retryWaitMs } from './delivery.ts'
import { updateDelivered, updateDelivery } from './delivery-store.ts'
import { failingMsMax } from './endpoint.ts'
import {
  type StoredEndpoint,
  updateEndpointArriving,
  updateEndpointDisabled,
  updateEndpointFailing,
} from './endpoint-store.ts'

export interface Outcome {
  isDelivered: boolean
  responseStatus: number | null
  reason: string | null
  /** What `Retry-After` asked for, in milliseconds. */
  askedMs: number
  /** No further try can arrive. */
  isOver?: boolean
}

interface Tried {
  delivery: Delivery
  outcome: Outcome
}

/** Longer than a wait for the disk. What a process that dies has not noted is sent again. */
const gatherMs = 50

/** The outcomes of one batch to one endpoint. */
export class Outcomes {
  readonly #context: Context
  readonly #endpoint: StoredEndpoint
  readonly #ended = new AbortController()
  readonly #written: Promise<void>
  #waiting: Tried[] = []
  #disabledReason: string | null = null

  constructor(context: Context, endpoint: StoredEndpoint) {
    this.#context = context
    this.#endpoint = endpoint
    this.#written = this.#write()
    // Heard when the batch ends.
    this.#written.catch(() => {})
  }

  /** Nothing more is to be sent. */
  get isDisabled(): boolean {
    return this.#disabledReason !== null
  }

  add(delivery: Delivery, outcome: Outcome): void {
    this.#waiting.push({ delivery, outcome })
    const now = this.#context.clock.now()
    this.#disabledReason ??= disablingReason(this.#endpoint, outcome, now)
  }

  /** Resolves when all is written. */
  end(): Promise<void> {
    this.#ended.abort()
    return this.#written
  }

  async #write(): Promise<void> {
    const { signal } = this.#ended
    for (;;) {
      await this.#context.clock.wait(gatherMs, signal)
      // Asked before the rest is taken: after the end nothing is added any more.
      const isLast = signal.aborted
      const taken = this.#waiting
      this.#waiting = []
      if (taken.length > 0) await this.#keep(taken)
      if (isLast) return
    }
  }

  #keep(tried: Tried[]): Promise<void> {
    return inTransaction(this.#context, async (tx) => {
      const appId = tx.app.id
      await keepDelivered(tx, tried)
      const failed = tried.filter(({ outcome }) => !outcome.isDelivered)
      for (const one of failed) await updateDelivery(tx.db, { ...failedTry(tx, one), appId })
      await this.#keepHealth(tx, tried, failed)
    })
  }

  async #keepHealth(tx: Context, tried: Tried[], failed: Tried[]): Promise<void> {
    const { id, failingSince } = this.#endpoint
    const key = { appId: tx.app.id, id }
    const at = tx.clock.now()
    const isFailing = failed.some(({ outcome }) => !outcome.isOver)
    const isArriving = tried.length > failed.length
    if (isArriving && failingSince !== null) await updateEndpointArriving(tx.db, key)
    else if (isFailing && failingSince === null) await updateEndpointFailing(tx.db, { ...key, at })
    const reason = this.#disabledReason
    if (reason !== null) await updateEndpointDisabled(tx.db, { ...key, reason, at })
  }
}

/** Most say the same: one statement for each status. */
async function keepDelivered(tx: Context, tried: Tried[]): Promise<void> {
  const delivered = tried.filter(({ outcome }) => outcome.isDelivered)
  const byStatus = Map.groupBy(delivered, ({ outcome }) => outcome.responseStatus)
  for (const [responseStatus, group] of byStatus) {
    const ids = group.map(({ delivery }) => delivery.id)
    const at = tx.clock.now()
    await updateDelivered(tx.db, { appId: tx.app.id, ids, responseStatus, at })
  }
}

function failedTry(context: Context, { delivery, outcome }: Tried): Delivery {
  const now = context.clock.now()
  const attempts = delivery.attempts + 1
  const { responseStatus, reason } = outcome
  const made = { ...delivery, attempts, lastAttemptAt: now, responseStatus, reason }
  const waitMs = outcome.isOver ? null : retryWaitMs(attempts, outcome.askedMs, context.random)
  if (waitMs === null) return { ...made, status: 'failed', nextAttemptAt: null }
  return { ...made, nextAttemptAt: now + waitMs }
}

const gone = 410

function disablingReason(
  { failingSince }: StoredEndpoint,
  { isDelivered, isOver, responseStatus }: Outcome,
  now: number,
): string | null {
  if (isDelivered || isOver) return null
  if (responseStatus === gone) return 'the endpoint answered 410'
  const isLong = failingSince !== null && now - failingSince >= failingMsMax
  return isLong ? 'no delivery has arrived for five days' : null
}
