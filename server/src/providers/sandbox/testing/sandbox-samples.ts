// Owns what the tests of the sandbox share: one on a server's database, for an app of its own.
import type { TestServer } from '../../../../../test/harness.ts'
import type {
  Provider,
  ProviderConnection,
  ProviderCustomer,
  Registering,
  RemoteRecord,
  RemoteState,
} from '../../../core/provider.ts'
import type { SandboxParts } from '../sandbox.ts'

export interface SandboxBench {
  sandbox: Provider
  connection: ProviderConnection
  parts: SandboxParts
  register(over?: Partial<Registering>): Promise<RemoteState>
  /** A customer of the sandbox with this e-mail, under a key of its own. */
  registerAs(email: string): Promise<RemoteRecord>
}

/** `appId`: of an app that is there already; another one holds nothing yet. */
export function openSandbox(server: TestServer, appId: string = server.system.ids()): SandboxBench {
  const { database, vault, providers, ids } = server.system
  const { sandbox } = providers
  const connection: ProviderConnection = {
    ...{ appId, connectionId: null, mode: 'test', baseUrl: null },
    ...{ credentials: {}, mayReplaceLegalAddress: false },
  }
  const register = (over: Partial<Registering> = {}) =>
    sandbox.register(connection, {
      ...{ role: 'customer', customer: lia, providerData: {} },
      ...{ idempotencyKey: ids(), isRepeat: false },
      ...over,
    })
  return {
    ...{ sandbox, connection, register },
    parts: { database, vault, clock: server.clock },
    async registerAs(email) {
      const { remoteId } = await register({ customer: { ...lia, email } })
      return { remoteId, role: 'customer' }
    },
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
