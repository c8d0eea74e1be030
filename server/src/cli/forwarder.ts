// Owns sending what `listen` hears to a URL of the developer's own: signed as a webhook would be.
import { performance } from 'node:perf_hooks'
import { systemClock } from '../lib/clock.ts'
import { createEgress, type Egress, EgressFailed } from '../lib/egress.ts'
import { systemRandom } from '../lib/random.ts'
import { answerBytesMax, answerTimeoutMs, messageHeaders } from '../webhooks/message.ts'
import { createSigningSecret, signedHeaders } from '../webhooks/signature.ts'
import { type Args, wrongUsage } from './command.ts'

export interface Forwarder {
  url: string
  /** Of this run alone. */
  secret: string
  /** Never throws: what failed is told, and the next one is sent all the same. */
  forward(message: { id: string; body: string }, signal: AbortSignal): Promise<Forwarded>
  close(): Promise<void>
}

export interface Forwarded {
  /** Of the answer; `null`: there was none. */
  status: number | null
  reason: string | null
  durationMs: number
}

/**
 * It is the developer's process that sends, to a machine that the developer names: addresses inside
 * are what it is for. Those of a cloud's metadata are no such machines.
 */
const networksInside = [
  '127.0.0.0/8',
  '::1/128',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
]

/** `null` where nothing is to be forwarded. */
export function createForwarder(args: Args): Forwarder | null {
  const url = args['forwardTo']
  if (url === undefined) return null
  const egress = createEgress({ allowedNetworks: networksInside })
  const checked = checkUrl(egress, String(url))
  const secret = createSigningSecret(systemRandom)
  return {
    url: checked,
    secret,
    forward: (message, signal) => forward(egress, { url: checked, secret, message, signal }),
    close: () => egress.close(),
  }
}

function checkUrl(egress: Egress, url: string): string {
  try {
    egress.checkUrl(url)
    return url
  } catch (error) {
    if (!(error instanceof EgressFailed)) throw error
    const fix = 'give one such as http://127.0.0.1:3000/webhooks'
    throw wrongUsage(`--forward-to: ${error.message}`, fix)
  }
}

interface Forwarding {
  url: string
  secret: string
  message: { id: string; body: string }
  signal: AbortSignal
}

async function forward(
  egress: Egress,
  { url, secret, message, signal }: Forwarding,
): Promise<Forwarded> {
  const startedAt = performance.now()
  const outcome = (status: number | null, reason: string | null) => ({
    ...{ status, reason, durationMs: Math.round(performance.now() - startedAt) },
  })
  const signed = signedHeaders({ ...message, sentAt: systemClock.now() }, [secret])
  try {
    const { status } = await egress.send({
      ...{ method: 'POST', url, headers: { ...signed, ...messageHeaders }, body: message.body },
      ...{ timeoutMs: answerTimeoutMs, responseBytesMax: answerBytesMax, onBody: () => {}, signal },
    })
    return outcome(status, null)
  } catch (error) {
    if (!(error instanceof EgressFailed)) throw error
    return outcome(null, error.message)
  }
}
