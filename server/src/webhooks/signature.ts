// Owns how a message is signed: Standard Webhooks 1.0, symmetric.
import { createHmac } from 'node:crypto'
import type { Random } from '../lib/random.ts'

const prefix = 'whsec_'
const secretBytes = 32

/** `whsec_` and base64, as the libraries of Standard Webhooks take it. */
export function createSigningSecret(random: Random): string {
  return prefix + random.bytes(secretBytes).toString('base64')
}

export interface Message {
  id: string
  /** Milliseconds since the epoch: of this try, not of the event. */
  sentAt: number
  body: string
}

/** The three headers, signed with each secret: while one is rotated, either one verifies. */
export function signedHeaders(message: Message, secrets: readonly string[]) {
  const timestamp = String(Math.floor(message.sentAt / 1_000))
  const content = `${message.id}.${timestamp}.${message.body}`
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64')
    return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
  })
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
