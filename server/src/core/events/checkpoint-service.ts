// Owns what a checkpoint says of every customer, and holding the database against an older one.
import { equalSecrets } from '../../lib/equal-secrets.ts'
import { forApp, forEveryApp, type System } from '../context.ts'
import {
  type CustomerHead,
  selectHashes,
  selectHeads,
  selectHeadsOf,
  selectNextAppId,
} from './chain-store.ts'
import type { BrokenLink, ChainProblem } from './verify-chains.ts'

/** Once this was the newest link of a customer's chain. It stays true: chains only grow. */
export interface CheckpointLine extends CustomerHead {
  appId: string
}

/** Rows of a statement; one that moved on is a term of its own. */
const pageLines = 200

/**
 * Every customer's head, page by page, in the order of app and customer. Nobody is held still:
 * each line is true by itself, whenever it was read.
 */
export async function* listHeads(system: System): AsyncGenerator<CheckpointLine[]> {
  const { db } = forEveryApp(system)
  let appId = await selectNextAppId(db, null)
  while (appId !== null) {
    let afterCustomerId: string | null = null
    const ofApp = forApp(system, appId).db
    for (;;) {
      const page = { appId, afterCustomerId, limit: pageLines }
      const heads: CustomerHead[] = await selectHeads(ofApp, page)
      const known: string = appId
      if (heads.length > 0) yield heads.map((head) => ({ appId: known, ...head }))
      if (heads.length < pageLines) break
      afterCustomerId = heads.at(-1)?.customerId ?? null
    }
    appId = await selectNextAppId(db, appId)
  }
}

/** The first line that the database no longer bears out; `null` when it bears out all of them. */
export async function compareHeads(
  system: System,
  lines: AsyncIterable<CheckpointLine>,
  options: { report?: (lines: number) => void; signal?: AbortSignal } = {},
): Promise<BrokenLink | null> {
  let page: CheckpointLine[] = []
  let count = 0
  const comparePage = async () => {
    options.signal?.throwIfAborted()
    const broken = await compare(system, page)
    count += page.length
    page = []
    options.report?.(count)
    // The embedded engine reads without waiting: a server that verifies must also answer.
    await new Promise((resolve) => setImmediate(resolve))
    return broken
  }
  for await (const line of lines) {
    const isNextApp = page[0] !== undefined && page[0].appId !== line.appId
    if (isNextApp || page.length === pageLines) {
      const broken = await comparePage()
      if (broken) return broken
    }
    page.push(line)
  }
  return comparePage()
}

/** Lines of one app. */
async function compare(system: System, lines: CheckpointLine[]): Promise<BrokenLink | null> {
  const appId = lines[0]?.appId
  if (appId === undefined) return null
  const ids = lines.map(({ customerId }) => customerId)
  const { db } = forApp(system, appId)
  const rows = await selectHeadsOf(db, { appId, ids })
  const heads = new Map(rows.map(({ customerId, head }) => [customerId, head]))
  // Of who has not changed since, the row says it; of the others the event of that version.
  const moved = lines.filter(
    ({ customerId, head }) => heads.get(customerId)?.version !== head.version,
  )
  const links = moved.map(({ customerId, head }) => ({ customerId, version: head.version }))
  const events = await selectHashes(db, { appId, links })
  const hashes = new Map(events.map(({ customerId, hash }) => [customerId, hash]))
  for (const { customerId, head } of lines) {
    const row = heads.get(customerId)
    const hash = row?.version === head.version ? row.hash : hashes.get(customerId)
    const problem = problemOf(head.hash, { hasRow: row !== undefined, hash })
    if (problem) return { appId, customerId, version: head.version, problem }
  }
  return null
}

function problemOf(
  expected: Uint8Array,
  found: { hasRow: boolean; hash: Uint8Array | undefined },
): ChainProblem | null {
  if (!found.hasRow) return 'customer_erased'
  if (found.hash === undefined) return 'history_shortened'
  return equalSecrets(expected, found.hash) ? null : 'history_rewritten'
}
