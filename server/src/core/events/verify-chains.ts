// Owns proving a history whole: it walks every hash chain and names the first broken link.

import { equalSecrets } from '../../lib/equal-secrets.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { forApp, forEveryApp, type System } from '../context.ts'
import {
  type ChainPosition,
  type CustomerHead,
  hasApp,
  selectEventsInOrder,
  selectHeadForUpdate,
  selectHeads,
  selectNextAppId,
} from './chain-store.ts'
import { type ChainHead, chainStart, linkHash } from './event.ts'
import type { StoredEvent } from './event-store.ts'

export type ChainProblem =
  /** The event says something else than when it was written. */
  | 'hash_differs'
  /** There is no event of this version. */
  | 'version_missing'
  /** The customer's row names another newest event than the history ends with. */
  | 'head_differs'
  | 'customer_missing'
  | 'app_missing'
  /** A checkpoint has this customer, and the database has not. */
  | 'customer_erased'
  /** A checkpoint has this version, and the history ends before it. */
  | 'history_shortened'
  /** A checkpoint has another hash at this version: the history was written anew. */
  | 'history_rewritten'

export interface BrokenLink {
  appId: string
  customerId: string | null
  version: number | null
  problem: ChainProblem
}

export interface ChainCounts {
  apps: number
  customers: number
  events: number
}

export interface ChainReport extends ChainCounts {
  /** `null` when every chain is whole. */
  broken: BrokenLink | null
}

export interface ChainWalk {
  /** Only this app; every app without it. */
  appId?: string
  /** Told after each page. */
  report?: (counts: ChainCounts) => void
  signal?: AbortSignal
  /** Rows in memory at a time. */
  pageRows?: number
}

const pageRowsDefault = 500

/**
 * Reads page by page beside a working server. What looks broken is looked at once more with the
 * customer held still: a history that grew between two reads is not a broken one.
 */
export async function verifyChains(system: System, walk: ChainWalk = {}): Promise<ChainReport> {
  const counts: ChainCounts = { apps: 0, customers: 0, events: 0 }
  const { db } = forEveryApp(system)
  let appId = walk.appId ?? (await selectNextAppId(db, null))
  while (appId !== null) {
    counts.apps += 1
    const broken = await verifyApp(forApp(system, appId), walk, { appId, counts })
    if (broken) return { ...counts, broken }
    appId = walk.appId === undefined ? await selectNextAppId(db, appId) : null
  }
  return { ...counts, broken: null }
}

interface AppWalk {
  appId: string
  counts: ChainCounts
}

async function verifyApp(
  system: System,
  walk: ChainWalk,
  { appId, counts }: AppWalk,
): Promise<BrokenLink | null> {
  if (!(await hasApp(system.db, appId))) {
    return { appId, customerId: null, version: null, problem: 'app_missing' }
  }
  const limit = walk.pageRows ?? pageRowsDefault
  let afterCustomerId: string | null = null
  for (;;) {
    const heads: CustomerHead[] = await selectHeads(system.db, { appId, afterCustomerId, limit })
    const isLast = heads.length < limit
    // The last range is open: behind the last customer there must be no event either.
    const lastCustomerId: string | null = isLast ? null : (heads.at(-1)?.customerId ?? null)
    const range = { appId, heads, afterCustomerId, lastCustomerId, limit }
    const broken = await verifyRange(system, walk, { range, counts })
    if (broken || isLast) return broken
    afterCustomerId = lastCustomerId
  }
}

interface Range {
  appId: string
  /** Every customer after `afterCustomerId` up to `lastCustomerId`. */
  heads: CustomerHead[]
  afterCustomerId: string | null
  lastCustomerId: string | null
  limit: number
}

/** Above every version: a position behind all events of a customer. */
const versionMax = Number.MAX_SAFE_INTEGER

async function verifyRange(
  system: System,
  walk: ChainWalk,
  { range, counts }: { range: Range; counts: ChainCounts },
): Promise<BrokenLink | null> {
  const { appId, heads, lastCustomerId, limit } = range
  const suspects = new SuspectFinder(heads)
  let after: ChainPosition | null =
    range.afterCustomerId === null
      ? null
      : { customerId: range.afterCustomerId, version: versionMax }
  for (;;) {
    walk.signal?.throwIfAborted()
    const page: StoredEvent[] = await selectEventsInOrder(system.db, {
      appId,
      after,
      lastCustomerId,
      limit,
    })
    const found = page.flatMap((event) => suspects.next(event))
    const isLast = page.length < limit
    if (isLast) found.push(...suspects.end())
    for (const customerId of found) {
      const broken = await verifyHeldCustomer(system, { appId, customerId, limit })
      if (broken) return broken
    }
    counts.events += page.length
    if (isLast) counts.customers += heads.length
    walk.report?.({ ...counts })
    // The embedded engine reads without waiting: a server that verifies must also answer.
    await new Promise((resolve) => setImmediate(resolve))
    const last = page.at(-1)
    if (isLast || !last) return null
    after = { customerId: last.customerId, version: last.version }
  }
}

/** Merges events and heads, both in the order of their customers, and names who does not add up. */
class SuspectFinder {
  readonly #heads: CustomerHead[]
  #index = 0
  #customerId: string | null = null
  #end: ChainHead = chainStart
  #isSuspect = false

  constructor(heads: CustomerHead[]) {
    this.#heads = heads
  }

  /** The customers that are known to be suspect now that this event has come. */
  next(event: StoredEvent): string[] {
    const found = event.customerId === this.#customerId ? [] : this.#turnTo(event.customerId)
    const version = this.#end.version + 1
    const hash = linkHash(this.#end.hash, event)
    if (event.version !== version || !equalSecrets(hash, event.hash)) this.#isSuspect = true
    this.#end = { version: event.version, hash: event.hash }
    return found
  }

  end(): string[] {
    return this.#turnTo(null)
  }

  #turnTo(customerId: string | null): string[] {
    const found: string[] = []
    if (this.#customerId !== null) found.push(...this.#leave(this.#customerId))
    // Customers that are passed over have no event at all.
    for (let head = this.#head(); head; head = this.#head()) {
      if (customerId !== null && head.customerId >= customerId) break
      found.push(head.customerId)
      this.#index += 1
    }
    this.#customerId = customerId
    this.#end = chainStart
    this.#isSuspect = false
    return found
  }

  #leave(customerId: string): string[] {
    const head = this.#head()
    if (head?.customerId !== customerId) return [customerId]
    this.#index += 1
    return this.#isSuspect || !isSameHead(head.head, this.#end) ? [customerId] : []
  }

  #head(): CustomerHead | undefined {
    return this.#heads[this.#index]
  }
}

/** As a walk over one customer alone; `null` when its chain is whole. */
export function verifyCustomer(
  system: System,
  customer: { appId: string; customerId: string },
): Promise<BrokenLink | null> {
  const app = forApp(system, customer.appId)
  return verifyHeldCustomer(app, { ...customer, limit: pageRowsDefault })
}

/** The first broken link of one customer, whose history cannot grow meanwhile. */
function verifyHeldCustomer(
  system: System,
  customer: { appId: string; customerId: string; limit: number },
): Promise<BrokenLink | null> {
  const { appId, customerId, limit } = customer
  return inTransaction(system, async (tx) => {
    const head = await selectHeadForUpdate(tx.db, { appId, customerId })
    let end = chainStart
    for (;;) {
      const after: ChainPosition = { customerId, version: end.version }
      const query = { appId, after, lastCustomerId: customerId, limit }
      const page = await selectEventsInOrder(tx.db, query)
      for (const event of page) {
        const problem = head === null ? 'customer_missing' : problemOf(end, event)
        if (problem) return { appId, customerId, version: end.version + 1, problem }
        end = { version: event.version, hash: event.hash }
      }
      if (page.length < limit) break
    }
    const problem = head === null ? null : problemOfEnd(head, end)
    return problem ? { appId, customerId, ...problem } : null
  })
}

function problemOf(before: ChainHead, event: StoredEvent): ChainProblem | null {
  if (event.version !== before.version + 1) return 'version_missing'
  return equalSecrets(linkHash(before.hash, event), event.hash) ? null : 'hash_differs'
}

function problemOfEnd(
  head: ChainHead,
  end: ChainHead,
): { problem: ChainProblem; version: number } | null {
  if (head.version > end.version || end.version === 0) {
    return { problem: 'version_missing', version: end.version + 1 }
  }
  return isSameHead(head, end) ? null : { problem: 'head_differs', version: end.version }
}

function isSameHead(left: ChainHead, right: ChainHead): boolean {
  return left.version === right.version && equalSecrets(left.hash, right.hash)
}
