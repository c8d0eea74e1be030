// Owns what the tests of the Mercado Pago adapter share: a stand-in behind an adapter, records.
import { createHmac } from 'node:crypto'
import type {
  Provider,
  ProviderConnection,
  ProviderCustomer,
  Registering,
  WebhookDelivery,
} from '../../../core/provider.ts'
import { systemClock } from '../../../lib/clock.ts'
import { createEgress } from '../../../lib/egress.ts'
import { createMercadoPago } from '../mercado-pago.ts'
import {
  type MercadoPagoStandIn,
  platformToken,
  startMercadoPagoStandIn,
} from './mercado-pago-stand-in.ts'

export interface MercadoPagoBench {
  standIn: MercadoPagoStandIn
  mercadoPago: Provider
  connection: ProviderConnection
  register(over?: Partial<Registering>): ReturnType<Provider['register']>
  close(): Promise<void>
}

/** An answer that never comes must not hold a test for the ten seconds of a real one. */
const timeoutMsMax = 400

export const webhookSecret = 'the secret of the application'

export async function openMercadoPago(): Promise<MercadoPagoBench> {
  const standIn = await startMercadoPagoStandIn()
  const egress = createEgress({ allowedNetworks: ['127.0.0.0/8'] })
  const hurried: typeof egress = {
    ...egress,
    send: (request) => {
      // Only where it is to fail: on a busy machine a good answer may take its time.
      const timeoutMs = standIn.badDay === null ? request.timeoutMs : timeoutMsMax
      return egress.send({ ...request, timeoutMs })
    },
  }
  const mercadoPago = createMercadoPago({ egress: hurried, clock: systemClock })
  const connection: ProviderConnection = {
    ...{ appId: 'app_1', connectionId: 'con_1', mode: 'test', baseUrl: standIn.url },
    credentials: {
      access_token: platformToken,
      client_id: '1000',
      webhook_secret: webhookSecret,
    },
    mayReplaceLegalAddress: false,
  }
  return {
    ...{ standIn, mercadoPago, connection },
    register: (over = {}) =>
      mercadoPago.register(connection, {
        ...{ role: 'customer', customer: lia, providerData: {} },
        ...{ idempotencyKey: 'reg-1', isRepeat: false },
        ...over,
      }),
    close: async () => {
      await egress.close()
      await standIn.close()
    },
  }
}

export interface Signing {
  secret?: string
  /** As in the header: seconds or milliseconds. */
  ts?: string
  /** `data.id` of the query. */
  dataId?: string | null
  requestId?: string | null
  receivedAt?: number
}

export const receivedAt = Date.UTC(2026, 10, 20, 12)

/** A delivery as Mercado Pago signs it: ids and time, and nothing of the body. */
export function signedDelivery(body: string | Uint8Array, how: Signing = {}): WebhookDelivery {
  const {
    secret = webhookSecret,
    ts = String(receivedAt),
    dataId = '88',
    requestId = 'req-1',
  } = how
  const id = dataId === null ? '' : `id:${dataId.toLowerCase()};`
  const request = requestId === null ? '' : `request-id:${requestId};`
  const v1 = createHmac('sha256', secret).update(`${id}${request}ts:${ts};`).digest('hex')
  return {
    headers: {
      'x-signature': `ts=${ts},v1=${v1}`,
      ...(requestId === null ? {} : { 'x-request-id': requestId }),
    },
    query: { type: 'mp-connect', ...(dataId === null ? {} : { 'data.id': dataId }) },
    body: Buffer.from(body),
    receivedAt: how.receivedAt ?? receivedAt,
  }
}

export const lia: ProviderCustomer = {
  recordId: 'cust_lia',
  kind: 'individual',
  ...{ name: 'Lia Prado', givenName: 'Lia', familyName: 'Prado', companyName: null },
  email: 'lia@example.test',
  phone: '+5513955501234',
  phoneParts: { countryCode: '55', areaCode: '13', number: '955501234' },
  document: { type: 'personal_tax_id', number: '000.000.001-91', country: 'BR' },
  dateOfBirth: '1991-04-02',
  address: {
    ...{ line1: null, line2: null, houseNumber: null, streetNumber: '12' },
    ...{ streetName: 'Rua das Gaivotas', neighborhood: 'Centro', city: 'Santos' },
    ...{ state: 'São Paulo', subdivision: null, postalCode: '11000000' },
  },
  country: 'BR',
}

export const gaivota: ProviderCustomer = {
  ...lia,
  recordId: 'cust_gaivota',
  kind: 'business',
  ...{ name: 'Gaivota Comercio Ltda', givenName: null, familyName: null, dateOfBirth: null },
  companyName: 'Gaivota Comercio Ltda',
  email: 'contato@gaivota.test',
  document: { type: 'company_tax_id', number: '12.ABC.345/01DE-35', country: 'BR' },
}
