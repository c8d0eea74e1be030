// Owns the webhooks of Stripe: the library checks the signature, the object says what changed.
import Stripe from 'stripe'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import {
  type ProviderConnection,
  type ProviderNotice,
  providerErrors,
  type WebhookDelivery,
} from '../../core/provider.ts'
import { isAccount, isCustomer, toAccountState, toCustomerState } from './from-stripe.ts'
import { stripeIdForm } from './stripe-client.ts'

const toleranceSeconds = 300

const eventForm = Compile(
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 200 }),
    type: Type.String({ maxLength: 200 }),
    created: Type.Integer({ minimum: 0, maximum: 100_000_000_000 }),
    account: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    data: Type.Object({ object: Type.Unknown() }),
  }),
)

export function parseStripeWebhook(
  connection: ProviderConnection,
  delivery: WebhookDelivery,
): ProviderNotice[] {
  const event = verify(connection.credentials['webhook_secret'], delivery)
  if (!eventForm.Check(event)) throw new AppError(providerErrors.webhook_malformed)
  const { id: eventId, type, account } = event
  const notice = { eventId, occurredAt: event.created * 1000 }
  const object = event.data.object
  const ignored: ProviderNotice = { ...notice, remoteId: null, change: { kind: 'ignored' } }
  switch (type) {
    case 'account.updated': {
      if (!isAccount(object)) throw new AppError(providerErrors.webhook_malformed)
      const state = toAccountState(object)
      return [{ ...notice, remoteId: object.id, change: { kind: 'state', state } }]
    }
    case 'customer.deleted': {
      if (!isCustomer(object)) throw new AppError(providerErrors.webhook_malformed)
      const state = toCustomerState({ ...object, deleted: true })
      return [{ ...notice, remoteId: object.id, change: { kind: 'state', state } }]
    }
    default: {
      // People, capabilities and a link that was cut change what the account itself then says.
      const isAbout = /^(?:person\.|capability\.|account\.)/.test(type)
      if (!isAbout || !account || !stripeIdForm.test(account)) return [ignored]
      return [{ ...notice, remoteId: account, change: { kind: 'reread' } }]
    }
  }
}

function verify(secret: string | undefined, delivery: WebhookDelivery): unknown {
  const signature = delivery.headers['stripe-signature']
  if (!secret || !signature) throw new AppError(providerErrors.webhook_signature_invalid)
  const body = Buffer.from(delivery.body)
  if (!isGenuine({ body, signature, secret, receivedAt: delivery.receivedAt })) {
    throw new AppError(providerErrors.webhook_signature_invalid)
  }
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new AppError(providerErrors.webhook_malformed)
  }
}

interface Signed {
  body: Buffer
  signature: string
  secret: string
  receivedAt: number
}

function isGenuine({ body, signature, secret, receivedAt }: Signed): boolean {
  const asked = [body, signature, secret, toleranceSeconds, undefined, receivedAt] as const
  try {
    return Stripe.webhooks.signature?.verifyHeader(...asked) === true
  } catch {
    // Of some headers the library throws something else than that they are wrong.
    return false
  }
}
