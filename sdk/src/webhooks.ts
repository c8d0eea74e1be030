// Owns the check of a received webhook: its signature, its age, and the event that it carries.
import { isObject } from './client.ts'
import { ArgumentError } from './errors.ts'
import type { WebhookEvent } from './events.ts'
import { failure, type Result, success } from './result.ts'

export interface WebhookToVerify {
  /** The body as it arrived: text that was parsed and written again may differ. */
  payload: string | Uint8Array
  /** The request's headers; names in any case. */
  headers: Headers | Record<string, string | string[] | undefined>
  /** The endpoint's secret, `whsec_…`; several while one replaces another. */
  secret: string | readonly string[]
  /** How old, or how far ahead, the timestamp may be: 300 seconds by default. */
  toleranceSeconds?: number | undefined
  /** Milliseconds, by which age is told; `Date.now` by default. Replace it in tests. */
  now?: (() => number) | undefined
}

/**
 * The event of a webhook by Standard Webhooks, once its signature and its age are in order. Any
 * failure is an {@link ArgumentError} whose `param` says what to look at: `secret`, `headers`,
 * `signature`, `timestamp` or `payload`. A replay within the tolerance passes: remember the
 * `webhook-id` of what you have handled.
 */
export async function verifyWebhook(given: WebhookToVerify): Promise<Result<WebhookEvent>> {
  try {
    return success(await read(given))
  } catch (error) {
    if (error instanceof ArgumentError) return failure(error)
    return failure(new ArgumentError('webhook', 'cannot be read', { cause: error }))
  }
}

async function read(given: WebhookToVerify): Promise<WebhookEvent> {
  const { payload, headers, secret, toleranceSeconds = 300, now = () => Date.now() } = given
  if (!(toleranceSeconds >= 0)) {
    throw new ArgumentError('toleranceSeconds', 'is not a number of seconds')
  }
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signatures = headerOf(headers, 'webhook-signature').split(' ')
  if (!/^\d{1,12}$/.test(timestamp)) throw new ArgumentError('timestamp', 'is not a whole number')
  const keys = (typeof secret === 'string' ? [secret] : secret).map(keyOf)
  if (keys.length === 0) throw new ArgumentError('secret', 'is missing')
  const body = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
  const head = new TextEncoder().encode(`${id}.${timestamp}.`)
  const signed = new Uint8Array(head.length + body.length)
  signed.set(head)
  signed.set(body, head.length)
  if (!(await isSigned(keys, signatures, signed))) {
    throw new ArgumentError('signature', 'was not made of this payload with this secret')
  }
  if (Math.abs(now() / 1_000 - Number(timestamp)) > toleranceSeconds) {
    throw new ArgumentError('timestamp', 'is too far from now')
  }
  return eventOf(body)
}

function headerOf(headers: WebhookToVerify['headers'], name: string): string {
  const found =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  if (typeof found === 'string' && found !== '') return found
  throw new ArgumentError('headers', `lack ${name}`)
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const key = typeof secret === 'string' ? bytesOf(secret.replace(/^whsec_/, '')) : undefined
  if (key !== undefined && key.length > 0) return key
  throw new ArgumentError('secret', 'is not whsec_ and base64')
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

const base64Of = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))

/** `verify` compares in constant time; every pair is tried, whichever fits. */
async function isSigned(
  keys: Uint8Array<ArrayBuffer>[],
  signatures: string[],
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  let isGood = false
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  for (const bytes of keys) {
    const key = await crypto.subtle.importKey('raw', bytes, hmac, false, ['verify'])
    for (const text of signatures) {
      const signature = text.startsWith('v1,') ? bytesOf(text.slice(3)) : undefined
      // Its last sign has bits that decoding drops: one changed there would go unnoticed.
      if (signature === undefined || `v1,${base64Of(signature)}` !== text) continue
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) isGood = true
    }
  }
  return isGood
}

function eventOf(body: Uint8Array): WebhookEvent {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    throw new ArgumentError('payload', 'is not JSON', { cause: error })
  }
  if (isEvent(json)) return json
  throw new ArgumentError('payload', 'is not an event')
}

/** A type of a newer server passes: what is signed is told apart by the caller's `switch`. */
function isEvent(json: unknown): json is WebhookEvent {
  if (!isObject(json)) return false
  const { type, timestamp, data } = json
  if (typeof type !== 'string' || typeof timestamp !== 'string' || !isObject(data)) return false
  if (typeof data['id'] !== 'string') return false
  const { customer_id: customerId, version, previous_version: before, actor, changes } = data
  if (type === 'webhook.test') return true
  const isNumbered = Number.isInteger(version) && Number.isInteger(before)
  const isWhole = isNumbered && typeof customerId === 'string' && typeof actor === 'string'
  return isWhole && (changes === null || isObject(changes))
}
