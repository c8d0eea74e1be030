// Owns how a key looks in results: everything but its secret.
import type { Key } from '../core/apps/app.ts'
import { printId } from '../lib/id.ts'
import { toTime } from './terminal.ts'

export interface PrintedKey {
  id: string
  name: string
  last4: string
  scopes: string[]
  createdAt: string
  revokedAt: string | null
}

export function toPrintedKey(key: Key): PrintedKey {
  return {
    id: printId('key', key.id),
    name: key.name,
    last4: key.last4,
    scopes: key.scopes,
    createdAt: toTime(key.createdAt),
    revokedAt: key.revokedAt === null ? null : toTime(key.revokedAt),
  }
}
