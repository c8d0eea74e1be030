// Owns how a key looks in results: everything but its secret.
import type { Key } from '../core/apps/app.ts'
import { printId } from '../lib/id.ts'
import { toTime } from './terminal.ts'

export interface PrintedKey {
  id: string
  name: string
  last4: string
  scopes: string[]
  isOperator: boolean
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
  revokedAt: string | null
  /** Until when the secret before the last rotation works too. */
  previousSecretEndsAt: string | null
}

export function toPrintedKey(key: Key): PrintedKey {
  return {
    id: printId('key', key.id),
    name: key.name,
    last4: key.last4,
    scopes: key.scopes,
    isOperator: key.isOperator,
    createdAt: toTime(key.createdAt),
    expiresAt: toLaterTime(key.expiresAt),
    lastUsedAt: toLaterTime(key.lastUsedAt),
    revokedAt: toLaterTime(key.revokedAt),
    previousSecretEndsAt: toLaterTime(key.previousEndsAt),
  }
}

const toLaterTime = (time: number | null) => (time === null ? null : toTime(time))
