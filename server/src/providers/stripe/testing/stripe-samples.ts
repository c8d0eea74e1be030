// Owns what the tests of the Stripe adapter share: a stand-in behind an adapter, records, events.
import Stripe from 'stripe'
import type {
  Provider,
  ProviderConnection,
  ProviderCustomer,
  RemoteRecord,
  WebhookDelivery,
} from '../../../core/provider.ts'
import { systemClock } from '../../../lib/clock.ts'
import { createEgress } from '../../../lib/egress.ts'
import { createStripe } from '../stripe.ts'
import { type StripeStandIn, startStripeStandIn } from './stripe-stand-in.ts'

export interface StripeBench {
  standIn: StripeStandIn
  stripe: Provider
  connection: ProviderConnection
  close(): Promise<void>
}

/** An answer that never comes must not hold a test for the ten seconds of a real one. */
const timeoutMsMax = 400

export const webhookSecret = 'whsec_stand_in'

export async function openStripe(): Promise<StripeBench> {
  const standIn = await startStripeStandIn()
  const egress = createEgress({ allowedNetworks: ['127.0.0.0/8'] })
  const hurried: typeof egress = {
    ...egress,
    send: (request) => {
      // Only where it is to fail: on a busy machine a good answer may take its time.
      const timeoutMs = standIn.badDay === null ? request.timeoutMs : timeoutMsMax
      return egress.send({ ...request, timeoutMs })
    },
  }
  return {
    standIn,
    stripe: createStripe({ egress: hurried, clock: systemClock }),
    connection: {
      appId: 'app_1',
      connectionId: 'con_1',
      mode: 'test',
      baseUrl: standIn.url,
      credentials: { secret_key: standIn.secretKey, webhook_secret: webhookSecret },
      mayReplaceLegalAddress: false,
    },
    close: async () => {
      await egress.close()
      await standIn.close()
    },
  }
}

/** Registers, and forgets the requests that it took. */
export async function openRecord(
  { stripe, connection, standIn }: StripeBench,
  role: RemoteRecord['role'],
  customer: ProviderCustomer = lia,
): Promise<RemoteRecord> {
  const asked = { role, customer, providerData: {}, idempotencyKey: 'reg-1', isRepeat: false }
  const { remoteId } = await stripe.register(connection, asked)
  standIn.requests.length = 0
  return { remoteId, role }
}

/** As Stripe signs it: by its own library, in whole seconds. */
export function signedEvent(
  body: string | Uint8Array,
  at: number,
  secret = webhookSecret,
): WebhookDelivery {
  const bytes = Buffer.from(body)
  const signature = Stripe.webhooks.generateTestHeaderString({
    payload: bytes.toString('utf8'),
    secret,
    timestamp: Math.floor(at / 1000),
  })
  return { headers: { 'stripe-signature': signature }, query: {}, body: bytes, receivedAt: at }
}

export const lia: ProviderCustomer = {
  recordId: 'cust_lia',
  kind: 'individual',
  name: 'Lia Prado',
  givenName: 'Lia',
  familyName: 'Prado',
  companyName: null,
  email: 'lia@example.test',
  phone: '+5513955501234',
  phoneParts: null,
  document: { type: 'personal_tax_id', number: '000.000.001-91', country: 'BR' },
  dateOfBirth: '1991-04-02',
  address: {
    line1: null,
    line2: null,
    houseNumber: null,
    streetNumber: '12',
    streetName: 'Rua das Gaivotas',
    neighborhood: 'Centro',
    city: 'Santos',
    state: 'São Paulo',
    subdivision: null,
    postalCode: '11000-000',
  },
  country: 'BR',
}

export const gaivota: ProviderCustomer = {
  ...lia,
  recordId: 'cust_gaivota',
  kind: 'business',
  name: 'Gaivota Comercio Ltda',
  givenName: null,
  familyName: null,
  companyName: 'Gaivota Comercio Ltda',
  email: 'contato@gaivota.test',
  document: { type: 'company_tax_id', number: '12.ABC.345/01DE-35', country: 'BR' },
  dateOfBirth: null,
}
