// Owns the proof of one customer's history: every link, so that anybody can compute the chain anew.
import { digest } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { chainStart } from './event.ts'
import { selectEvents } from './event-store.ts'
import { type BrokenLink, verifyCustomer } from './verify-chains.ts'

/** What a link's hash is made of, beside the hash before it and the ids of app and customer. */
export interface ProofLink {
  version: number
  type: string
  actor: string
  at: number
  /** SHA-256 over the sealed changes: it tells nothing about them. */
  changesHash: Uint8Array
  hash: Uint8Array
}

export interface Proof {
  /** `null` when the chain is whole, up to its head. */
  broken: Pick<BrokenLink, 'version' | 'problem'> | null
  /** The hash that the first of the links follows from. */
  previousHash: Uint8Array
  links: ProofLink[]
  hasMore: boolean
}

/** The whole chain is verified; links are those after `afterVersion`, oldest first. */
export async function proveHistory(
  context: Context,
  customerId: string,
  page: { afterVersion: number; limit: number },
): Promise<Proof> {
  const appId = context.app.id
  const broken = await verifyCustomer(context, { appId, customerId })
  const { afterVersion, limit } = page
  // One before says what the first link follows from, one after whether more follow.
  const from = Math.max(0, afterVersion - 1)
  const filter = { appId, customerId, afterVersion: from, limit: limit + 2 }
  const rows = await selectEvents(context.db, filter)
  const before = rows.find(({ version }) => version === afterVersion)
  const following = rows.filter(({ version }) => version > afterVersion)
  return {
    broken: broken && { version: broken.version, problem: broken.problem },
    previousHash: before?.hash ?? chainStart.hash,
    links: following.slice(0, limit).map((row) => ({
      version: row.version,
      type: row.type,
      actor: row.actor,
      at: row.at,
      changesHash: digest([row.sealedChanges]),
      hash: row.hash,
    })),
    hasMore: following.length > limit,
  }
}
