// Owns what the tests of the Avenia adapter share: a stand-in behind an adapter, and records.
import type { KeyObject } from 'node:crypto'
import type {
  Provider,
  ProviderConnection,
  ProviderCustomer,
  Registering,
} from '../../../core/provider.ts'
import type { Clock } from '../../../lib/clock.ts'
import { createEgress } from '../../../lib/egress.ts'
import type { StandIn } from '../../testing/stand-in.ts'
import { createAvenia } from '../avenia.ts'
import { type AveniaStandIn, requestKeys, startAveniaStandIn } from './avenia-stand-in.ts'

/** A clock that stands until it is waited on. */
export interface HeldClock extends Clock {
  waits: number[]
  advance(ms: number): void
}

export interface AveniaBench {
  standIn: AveniaStandIn
  avenia: Provider
  connection: ProviderConnection
  clock: HeldClock
  register(over?: Partial<Registering>): ReturnType<Provider['register']>
  /** A sub-account with the two documents of a person. */
  prepare(): Promise<string>
  close(): Promise<void>
}

/** An answer that never comes must not hold a test for the ten seconds of a real one. */
const timeoutMsMax = 400

export function heldClock(): HeldClock {
  let time = Date.parse('2026-11-20T10:00:00Z')
  const waits: number[] = []
  const advance = (ms: number) => {
    time += ms
  }
  const wait = async (delayMs: number) => {
    waits.push(delayMs)
    advance(delayMs)
  }
  return { waits, advance, wait, now: () => time }
}

export function hurriedEgress(standIn: Pick<StandIn, 'badDay'>) {
  const egress = createEgress({ allowedNetworks: ['127.0.0.0/8'] })
  const hurried: typeof egress = {
    ...egress,
    send: (request) => {
      // Only where it is to fail: on a busy machine a good answer may take its time.
      const timeoutMs = standIn.badDay === null ? request.timeoutMs : timeoutMsMax
      return egress.send({ ...request, timeoutMs })
    },
  }
  return hurried
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

export async function openAvenia(): Promise<AveniaBench> {
  const clock = heldClock()
  const standIn = await startAveniaStandIn(clock.now)
  const egress = hurriedEgress(standIn)
  const avenia = createAvenia({ egress, clock })
  const connection: ProviderConnection = {
    ...{ appId: 'app_1', connectionId: 'con_1', mode: 'test', baseUrl: standIn.url },
    credentials: { api_key: standIn.apiKey, private_key: pemOf(requestKeys.rsa.privateKey) },
    mayReplaceLegalAddress: false,
  }
  const register = (over: Partial<Registering> = {}) =>
    avenia.register(connection, {
      ...{ role: 'subaccount', customer: lia, providerData: {} },
      ...{ idempotencyKey: 'reg-1', isRepeat: false },
      ...over,
    })
  return {
    ...{ standIn, avenia, connection, clock, register },
    prepare: async () => {
      const { remoteId } = await register()
      standIn.accounts[0]?.documents.push(
        { ...ready, id: 'doc-selfie', documentType: 'SELFIE' },
        { ...ready, id: 'doc-id', documentType: 'DRIVERS-LICENSE' },
      )
      return remoteId
    },
    close: async () => {
      await egress.close()
      await standIn.close()
    },
  }
}

const stored = { bytes: Buffer.from('x'), contentType: 'image/png' }
export const ready = { ready: true, createdAt: '2026-11-20T10:00:00Z', ...stored }

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
