// Owns the webhooks of Bridge: the RSA signature in both of its forms, and what an event means.
import { constants, createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import {
  type ProviderConnection,
  type ProviderNotice,
  providerErrors,
  type WebhookDelivery,
} from '../../core/provider.ts'
import { bridgeIdPattern } from './bridge-client.ts'
import { bridgeCustomerForm, fromBridgeCustomer } from './from-bridge-customer.ts'

/** Bridge signs every retry anew, so an older one is a replay. */
export const signatureAgeMsMax = 10 * 60 * 1000

/** Verified first; one delivery is one event. */
export function parseBridgeWebhook(
  connection: ProviderConnection,
  delivery: WebhookDelivery,
): ProviderNotice[] {
  checkSignature(connection.credentials['webhook_public_key'], delivery)
  return [toNotice(readEvent(delivery.body))]
}

function checkSignature(pem: string | undefined, delivery: WebhookDelivery): void {
  const key = pem ? readPublicKey(pem) : null
  if (key === null) {
    const detail = 'The connection has no usable webhook_public_key to verify the webhook with.'
    throw new AppError(providerErrors.webhook_signature_invalid, { detail })
  }
  const header = delivery.headers['x-webhook-signature'] ?? ''
  const match = /^t=(\d{1,16}),\s*v0=([A-Za-z0-9+/]{1,2048}={0,2})$/.exec(header)
  const [, time = '', signature = ''] = match ?? []
  const isInTime = Math.abs(delivery.receivedAt - Number(time)) <= signatureAgeMsMax
  if (match === null || !isInTime || !isSigned(key, { time, signature, body: delivery.body })) {
    throw new AppError(providerErrors.webhook_signature_invalid)
  }
}

interface Signed {
  time: string
  signature: string
  body: Uint8Array
}

/**
 * The published test data signs the SHA-256 of the message, which RSA-SHA256 then hashes again;
 * Bridge's own sample code signs the message itself. Both need the private key.
 */
function isSigned(key: KeyObject, { time, signature, body }: Signed): boolean {
  const message = Buffer.concat([Buffer.from(`${time}.`), body])
  const digest = createHash('sha256').update(message).digest()
  const bytes = Buffer.from(signature, 'base64')
  const padded = { key, padding: constants.RSA_PKCS1_PADDING }
  return [digest, message].some((signed) => verify('RSA-SHA256', signed, padded, bytes))
}

/** `null` when it is not an RSA key in PEM form; line ends may be written as `\n`. */
export function readPublicKey(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem.replaceAll('\\n', '\n'))
    return key.asymmetricKeyType === 'rsa' ? key : null
  } catch {
    // What the parser says of it helps nobody more than that it is none.
    return null
  }
}

const EventSchema = Type.Object({
  event_id: Type.String({ minLength: 1, maxLength: 200 }),
  event_category: Type.String({ maxLength: 100 }),
  event_type: Type.String({ maxLength: 200 }),
  event_object_id: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  event_object: Type.Optional(Type.Unknown()),
  event_created_at: Type.String({ maxLength: 40 }),
})
type BridgeEvent = Static<typeof EventSchema>
const eventForm = Compile(EventSchema)

function readEvent(body: Uint8Array): BridgeEvent {
  const event = parseJson(body)
  if (!eventForm.Check(event) || Number.isNaN(Date.parse(event.event_created_at))) {
    throw new AppError(providerErrors.webhook_malformed)
  }
  return event
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new AppError(providerErrors.webhook_malformed)
  }
}

function toNotice(event: BridgeEvent): ProviderNotice {
  const eventId = event.event_id
  const occurredAt = Date.parse(event.event_created_at)
  const remoteId = customerIdOf(event)
  const notice = { eventId, remoteId, occurredAt }
  return remoteId === null
    ? { ...notice, change: { kind: 'ignored' } }
    : { ...notice, change: changeOf(event, remoteId) }
}

const kycLinkForm = Compile(Type.Object({ customer_id: Type.String() }))

/** The customer that the event is about; transfers and the like change no registration. */
function customerIdOf(event: BridgeEvent): string | null {
  const { event_category: category, event_object: object } = event
  let id: string | null | undefined = null
  if (category === 'customer') id = event.event_object_id
  if (category === 'kyc_link' && kycLinkForm.Check(object)) id = object.customer_id
  return id && new RegExp(bridgeIdPattern).test(id) ? id : null
}

/**
 * What an event says of a customer is used where it stands by itself. Where the customer has to do
 * something, Bridge is asked for the page to do it on; and where the object is not as documented.
 */
function changeOf(event: BridgeEvent, remoteId: string): ProviderNotice['change'] {
  const { event_object: object } = event
  if (event.event_category !== 'customer') return { kind: 'reread' }
  if (!bridgeCustomerForm.Check(object) || object.id !== remoteId) return { kind: 'reread' }
  // Documented with and without the category in front.
  const isDeleted = event.event_type.replace(/^customer\./, '') === 'deleted'
  const customer = isDeleted ? { ...object, status: 'offboarded' } : object
  if (!knownStatuses.has(customer.status)) return { kind: 'reread' }
  const state = fromBridgeCustomer(customer)
  return state.actionRequired === null ? { kind: 'state', state } : { kind: 'reread' }
}

/** The ones that need nothing from the customer. */
const knownStatuses = new Set(['under_review', 'active', 'rejected', 'paused', 'offboarded'])
