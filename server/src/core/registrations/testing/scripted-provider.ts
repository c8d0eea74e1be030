// Owns a provider whose answers a test scripts, and a customer that is registered at it.
import type { TestServer } from '../../../../../test/harness.ts'
import { saveConnection } from '../../connections/connection-service.ts'
import type { Context } from '../../context.ts'
import { createCustomer } from '../../customer/customer-service.ts'
import type {
  FieldOutcome,
  Provider,
  ProviderNotice,
  Registering,
  RemoteBalance,
  RemoteState,
} from '../../provider.ts'

export const state = (status: RemoteState['status'], more: Partial<RemoteState> = {}) => ({
  remoteId: 'remote_1',
  status,
  actionRequired: null,
  actionUrl: null,
  rejectionReason: null,
  failureReasons: [],
  facts: {},
  ...more,
})

export interface ScriptedProvider extends Provider {
  /** What each call was asked, oldest first. */
  registered: Registering[]
  pushed: Parameters<Provider['push']>[2][]
  asked: string[]
  /** Answers; a test puts its own in place. */
  onRegister: (request: Registering) => Promise<RemoteState>
  onRead: () => Promise<RemoteState>
  onPush: (fields: readonly FieldOutcome['field'][]) => Promise<FieldOutcome[]>
  onBalance: () => Promise<RemoteBalance[]>
  notices: ProviderNotice[]
}

export function scriptedProvider(): ScriptedProvider {
  const scripted: ScriptedProvider = {
    registered: [],
    pushed: [],
    asked: [],
    notices: [],
    onRegister: async () => state('processing'),
    onRead: async () => state('processing'),
    onPush: async (fields) => fields.map((field) => ({ field, outcome: 'updated', reason: null })),
    onBalance: async () => [],
    credentials: [{ name: 'key', description: 'The key', isRequired: true }],
    roles: ['customer', 'connected_account'],
    requiredFields: (role) => [
      { field: 'email', description: 'E-mail' },
      ...(role === 'customer' ? [] : [{ field: 'document.number', description: 'Tax id' }]),
    ],
    modeOf: ({ credentials }) => (credentials['key'] === 'live' ? 'live' : 'test'),
    firstPollMs: 1_000,
    check: async () => {},
    register: (_, request) => {
      scripted.registered.push(request)
      return scripted.onRegister(request)
    },
    read: () => {
      scripted.asked.push('read')
      return scripted.onRead()
    },
    push: (_, __, push) => {
      scripted.pushed.push(push)
      return scripted.onPush(push.fields)
    },
    balance: () => {
      scripted.asked.push('balance')
      return scripted.onBalance()
    },
    sendFile: async () => ({ outcome: 'sent', remoteFileId: 'file_1' }),
    parseWebhook: async () => scripted.notices,
  }
  return scripted
}

/** The test app, with a connection to `provider` under the name of Stripe. */
export async function connectedContext(
  server: TestServer,
  provider: Provider,
): Promise<{ context: Context; connectionId: string }> {
  const own = server.contextOf(server.testApp)
  const adapters = { ...own.providers.adapters, stripe: provider }
  const context: Context = { ...own, providers: { ...own.providers, adapters } }
  const { id } = await saveConnection(context, {
    provider: 'stripe',
    credentials: { key: 'test' },
    baseUrl: null,
    mayReplaceLegalAddress: false,
    checkedAt: 0,
  })
  return { context, connectionId: id }
}

export async function newCustomer(context: Context): Promise<string> {
  const { id } = await createCustomer(context, {
    kind: 'individual',
    givenName: 'Lia',
    familyName: 'Prado',
    email: 'lia@example.com',
  })
  return id
}
