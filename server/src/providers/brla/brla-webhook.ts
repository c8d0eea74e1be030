// Owns the webhooks of BRLA: a signature of the configured key's type, and what an event means.
import { constants, type KeyObject, verify } from 'node:crypto'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { ProviderConnection, ProviderNotice, WebhookDelivery } from '../../core/provider.ts'
import {
  digestOf,
  isId,
  readPublicKey,
  readSigned,
  signatureInvalid,
  signatureOf,
} from '../avenia-brla.ts'

const Text = Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()]))
const eventForm = Compile(
  Type.Object({ subscription: Type.String({ maxLength: 200 }), subaccountId: Text, id: Text }),
)

/** The signature covers no time, so an old event may come again: BRLA is asked, never believed. */
export function parseBrlaWebhook(
  connection: ProviderConnection,
  delivery: WebhookDelivery,
): ProviderNotice[] {
  const key = readPublicKey(connection.credentials['webhook_public_key'])
  if (key === null || !isBrlaKey(key)) {
    const detail = 'The connection has no usable webhook_public_key to verify the webhook with.'
    throw signatureInvalid(detail)
  }
  const { body, receivedAt } = delivery
  if (!verifies(key, body, signatureOf(delivery))) throw signatureInvalid()
  const { subscription, subaccountId, id } = readSigned(eventForm, body)
  const isOurs = subscription === 'KYC' && subaccountId && isId(subaccountId)
  return [
    {
      eventId: id || digestOf(body),
      remoteId: isOurs ? subaccountId : null,
      occurredAt: receivedAt,
      // BURN, MINT, MONEY-TRANSFER and BALANCE-UPDATE move money, not registrations.
      change: { kind: isOurs ? 'reread' : 'ignored' },
    },
  ]
}

export function isBrlaKey({ asymmetricKeyType: type }: KeyObject): boolean {
  return type === 'rsa' || type === 'ec'
}

/**
 * Which algorithm BRLA uses is not established. Each of these, over SHA-256, takes the private key:
 * accepting them all lets nobody else in.
 */
function verifies(key: KeyObject, body: Uint8Array, signature: Buffer): boolean {
  const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_AUTO } = constants
  const ways =
    key.asymmetricKeyType === 'rsa'
      ? [
          { padding: RSA_PKCS1_PADDING },
          { padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_AUTO },
        ]
      : [{ dsaEncoding: 'der' as const }, { dsaEncoding: 'ieee-p1363' as const }]
  return ways.some((way) => verify('sha256', body, { key, ...way }, signature))
}
