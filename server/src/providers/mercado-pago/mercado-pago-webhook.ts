// Owns the webhooks of Mercado Pago: signed are ids and the time alone, so no body counts.
import { createHmac } from 'node:crypto'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import {
  type ProviderConnection,
  type ProviderNotice,
  providerErrors,
  type WebhookDelivery,
} from '../../core/provider.ts'
import { equalSecrets } from '../../lib/equal-secrets.ts'

/** Retries are signed anew. */
const signatureAgeMsMax = 10 * 60 * 1000

const Whole = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const hookForm = Compile(
  Type.Object({
    id: Type.Union([Type.String({ minLength: 1, maxLength: 100 }), Whole]),
    type: Type.String({ maxLength: 100 }),
    user_id: Type.Optional(Type.Union([Type.String({ pattern: '^[1-9]\\d{0,19}$' }), Whole])),
  }),
)

/** There is no event of a customer; a seller who links or unlinks is read again. */
export function parseMercadoPagoWebhook(
  connection: ProviderConnection,
  delivery: WebhookDelivery,
): ProviderNotice[] {
  const occurredAt = checkSignature(connection.credentials['webhook_secret'], delivery)
  const hook = parseJson(delivery.body)
  if (!hookForm.Check(hook)) throw new AppError(providerErrors.webhook_malformed)
  const isLink = hook.type === 'mp-connect' && hook.user_id !== undefined
  const change: ProviderNotice['change'] = isLink ? { kind: 'reread' } : { kind: 'ignored' }
  const remoteId = isLink ? String(hook.user_id) : null
  return [{ eventId: String(hook.id), remoteId, occurredAt, change }]
}

/** Answers the time of the signature, in milliseconds. */
function checkSignature(secret: string | undefined, delivery: WebhookDelivery): number {
  const { headers, query, receivedAt } = delivery
  const match = /^ts=(\d{1,16}),\s*v1=([0-9a-f]{64})$/.exec(headers['x-signature'] ?? '')
  if (!secret || !match) throw new AppError(providerErrors.webhook_signature_invalid)
  const [, ts = '', signature = ''] = match
  const parts = [
    // Letters come in capitals in the query and are signed in small ones.
    query['data.id'] ? `id:${query['data.id'].toLowerCase()};` : '',
    headers['x-request-id'] ? `request-id:${headers['x-request-id']};` : '',
    `ts:${ts};`,
  ]
  const expected = createHmac('sha256', secret).update(parts.join('')).digest()
  // Seconds or milliseconds: both have been seen.
  const time = ts.length > 11 ? Number(ts) : Number(ts) * 1000
  const isInTime = Math.abs(receivedAt - time) <= signatureAgeMsMax
  if (!isInTime || !equalSecrets(expected, Buffer.from(signature, 'hex'))) {
    throw new AppError(providerErrors.webhook_signature_invalid)
  }
  return time
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new AppError(providerErrors.webhook_malformed)
  }
}
