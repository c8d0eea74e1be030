// Owns what a fact in a customer's history is, and how each one is chained to the one before.
import { digest } from '../../vault/vault.ts'
import { defineErrors } from '../errors.ts'

export interface CustomerEvent {
  customerId: string
  /** 1, 2, 3, …: the customer's version after it, without gaps. */
  version: number
  /** `customer.bank_account.added` */
  type: string
  actor: string
  /** Milliseconds since the epoch. */
  at: number
  /** The values that changed, opened. */
  changes: object
  hash: Uint8Array
}

/** The newest link of a customer's chain; it stands on the customer's row. */
export interface ChainHead {
  version: number
  hash: Uint8Array
}

/** Before the first event. */
export const chainStart: ChainHead = { version: 0, hash: new Uint8Array(32) }

export interface LinkContent {
  appId: string
  customerId: string
  version: number
  type: string
  actor: string
  at: number
  /** The sealed changes: the chain vouches for them and still verifies when their key is gone. */
  sealedChanges: Uint8Array
}

/** SHA-256 over the previous link's hash and everything this one says. */
export function linkHash(previousHash: Uint8Array, link: LinkContent): Buffer {
  return digest([
    previousHash,
    link.appId,
    link.customerId,
    String(link.version),
    link.type,
    link.actor,
    String(link.at),
    digest([link.sealedChanges]),
  ])
}

export const feedErrors = defineErrors({
  event_cursor_unknown: {
    kind: 'malformed',
    title: 'Unknown event',
    detail: 'cursor: is not the id of an event.',
    fix: 'Pass the next_cursor of the page before, or the id of any event, or leave it out.',
  },
})
