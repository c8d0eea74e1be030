// Owns what the tests of the Bridge adapter share: a stand-in behind an adapter, and records.
import type { Provider, ProviderConnection, ProviderCustomer } from '../../../core/provider.ts'
import { systemClock } from '../../../lib/clock.ts'
import { createEgress } from '../../../lib/egress.ts'
import { createBridge } from '../bridge.ts'
import { type BridgeStandIn, startBridgeStandIn } from './bridge-stand-in.ts'

export interface BridgeBench {
  standIn: BridgeStandIn
  bridge: Provider
  connection: ProviderConnection
  /** Requests under way at the same moment, at most. */
  mostAtOnce(): number
  close(): Promise<void>
}

/** An answer that never comes must not hold a test for the ten seconds of a real one. */
const timeoutMsMax = 400

export async function openBridge(): Promise<BridgeBench> {
  const standIn = await startBridgeStandIn()
  const egress = createEgress({ allowedNetworks: ['127.0.0.0/8'] })
  const count = { now: 0, most: 0 }
  const hurried: typeof egress = {
    ...egress,
    send: async (request) => {
      count.now += 1
      count.most = Math.max(count.most, count.now)
      // Only where it is to fail: on a busy machine a good answer may take its time.
      const timeoutMs = standIn.badDay === null ? request.timeoutMs : timeoutMsMax
      return egress.send({ ...request, timeoutMs }).finally(() => {
        count.now -= 1
      })
    },
  }
  return {
    standIn,
    bridge: createBridge({ egress: hurried, clock: systemClock }),
    connection: {
      appId: 'app_1',
      connectionId: 'con_1',
      mode: 'test',
      baseUrl: standIn.url,
      credentials: { api_key: standIn.apiKey, webhook_public_key: standIn.publicKey },
      mayReplaceLegalAddress: false,
    },
    mostAtOnce: () => count.most,
    close: async () => {
      await egress.close()
      await standIn.close()
    },
  }
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
  phoneParts: { countryCode: '55', areaCode: '13', number: '955501234' },
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
    postalCode: '11000000',
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
