// Owns running the shared suite over every adapter that there is.
import { constants, sign } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import type { ProviderCustomer } from '../core/provider.ts'
import type { Json } from '../lib/canonical.ts'
import { gaivota, lia, openAvenia } from './avenia/testing/avenia-samples.ts'
import { webhookKeys } from './avenia/testing/avenia-stand-in.ts'
import { openBridge } from './bridge/testing/bridge-samples.ts'
import { openBrla } from './brla/testing/brla-samples.ts'
import { openMercadoPago, signedDelivery } from './mercado-pago/testing/mercado-pago-samples.ts'
import { sellerToken } from './mercado-pago/testing/mercado-pago-stand-in.ts'
import { companyData, openPagarMe, personData } from './pagar-me/testing/pagar-me-samples.ts'
import { openSandbox } from './sandbox/testing/sandbox-samples.ts'
import { openStripe, signedEvent } from './stripe/testing/stripe-samples.ts'
import type { ProviderBench } from './testing/provider-bench.ts'
import { describeProvider } from './testing/provider-suite.ts'

const customerOf = (kind: ProviderCustomer['kind']) => (kind === 'business' ? gaivota : lia)
const receivedAt = Date.parse('2026-11-20T10:05:00Z')

describeProvider('Stripe', async (): Promise<ProviderBench> => {
  const { standIn, stripe, connection, close } = await openStripe()
  return {
    ...{ provider: stripe, connection, standIn, customerOf, close },
    providerData: () => ({}),
    remoteCount: (role) =>
      role === 'customer' ? standIn.customers.length : standIn.accounts.length,
    fund: ({ remoteId }) => {
      const available = [{ amount: 7_200, currency: 'brl', source_types: { card: 7_200 } }]
      const pending = [{ amount: 900, currency: 'brl', source_types: { card: 900 } }]
      standIn.balances.set(remoteId, { available, pending })
    },
    webhook: {
      good: {
        ...{ id: 'evt_1', object: 'event', type: 'account.updated', account: 'acct_0001' },
        ...{ api_version: '2026-10-28.endive', created: 1_795_168_800, livemode: false },
        data: {
          object: {
            ...{ id: 'acct_0001', object: 'account', business_type: 'individual' },
            ...{ charges_enabled: false, payouts_enabled: false, details_submitted: true },
            requirements: { currently_due: ['external_account'], disabled_reason: null },
          },
        },
      },
      sign: (body) => signedEvent(body, receivedAt),
    },
  }
})

describeProvider('Bridge', async (): Promise<ProviderBench> => {
  const { standIn, bridge, connection, close } = await openBridge()
  return {
    ...{ provider: bridge, connection, standIn, customerOf, close },
    providerData: () => ({ signed_agreement_id: 'agr_1' }),
    remoteCount: () => standIn.customers.length,
    fund: ({ remoteId }) => {
      const balances = [{ balance: '40.25', currency: 'usdc', chain: 'base' }]
      standIn.wallets.set(remoteId, [{ id: 'bw_1', chain: 'base', balances }])
    },
    webhook: {
      good: {
        ...{ api_version: 'v0', event_id: 'wh_1', event_category: 'customer' },
        event_type: 'customer.updated.status_transitioned',
        event_object_id: '00000000-0000-4000-8000-000000000001',
        event_object_status: 'active',
        event_object: {
          id: '00000000-0000-4000-8000-000000000001',
          ...{ type: 'individual', first_name: 'Lia', status: 'active' },
          requirements_due: [],
          has_accepted_terms_of_service: true,
          endorsements: [{ name: 'base', status: 'approved' }],
        },
        event_object_changes: { status: ['under_review', 'active'] },
        event_created_at: '2026-11-20T10:04:00.000Z',
      },
      sign: (body) => ({
        headers: {
          'x-webhook-signature': standIn.sign(Buffer.from(body).toString(), receivedAt, 'double'),
        },
        ...{ query: {}, body, receivedAt },
      }),
    },
  }
})

describeProvider('Pagar.me', async (): Promise<ProviderBench> => {
  const { standIn, pagarMe, connection, close } = await openPagarMe()
  return {
    ...{ provider: pagarMe, connection, standIn, customerOf, close },
    providerData: (role, kind): Record<string, Json> => {
      if (role === 'customer') return {}
      return kind === 'business' ? companyData : personData
    },
    remoteCount: (role) =>
      role === 'customer' ? standIn.customers.length : standIn.recipients.length,
    fund: ({ remoteId }) => {
      const balance = {
        ...{ currency: 'BRL', available_amount: 12_345, waiting_funds_amount: 500 },
        transferred_amount: 0,
      }
      standIn.balances.set(remoteId, balance)
    },
    webhook: {
      good: {
        ...{ id: 'hook_1', type: 'customer.updated', account: { id: 'acc_1', name: 'Shop' } },
        ...{ created_at: '2026-11-20T10:04:00.0000000Z', data: { id: 'cus_0001', name: 'Lia' } },
      },
      sign: (body) => ({
        headers: { authorization: `Basic ${btoa('clientele:pass:word')}` },
        ...{ query: {}, body, receivedAt },
      }),
    },
  }
})

describeProvider('BRLA', async (): Promise<ProviderBench> => {
  const { standIn, brla, connection, close } = await openBrla()
  return {
    ...{ provider: brla, connection, standIn, customerOf, close },
    providerData: (_role, kind): Record<string, Json> => {
      const person = { fullName: 'Lia Prado', cpf: '00000000191', birthdate: '1991-04-02' }
      return kind === 'business' ? { startDate: '2010-12-20', ...person } : {}
    },
    remoteCount: () => standIn.accounts.length,
  }
})

describeProvider('Avenia', async (): Promise<ProviderBench> => {
  const { standIn, avenia, connection, close } = await openAvenia()
  const webhook_public_key = webhookKeys.publicKey.export({ type: 'spki', format: 'pem' })
  const credentials = { ...connection.credentials, webhook_public_key: String(webhook_public_key) }
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  return {
    ...{ provider: avenia, connection: { ...connection, credentials }, standIn, customerOf, close },
    providerData: () => ({}),
    remoteCount: () => standIn.accounts.length,
    fund: () => {
      for (const account of standIn.accounts) account.balances = { BRLA: '310.5', USDC: '12.004' }
    },
    webhook: {
      good: {
        ...{ subAccountId: 'sub-1', subscription: 'KYC' },
        data: {
          attempt: {
            ...{ id: 'att-1', status: 'COMPLETED', result: 'APPROVED' },
            updatedAt: '2026-11-20T10:01:00Z',
          },
        },
      },
      sign: (body) => {
        const signature = sign('sha256', body, { key: webhookKeys.privateKey, ...pss })
        return {
          headers: { signature: signature.toString('base64') },
          ...{ query: {}, body, receivedAt },
        }
      },
    },
  }
})

describeProvider('Mercado Pago', async (): Promise<ProviderBench> => {
  const { standIn, mercadoPago, connection, close } = await openMercadoPago()
  return {
    ...{ provider: mercadoPago, connection, standIn, customerOf, close },
    providerData: (role): Record<string, Json> => {
      const redirect_uri = 'https://platform.test/linked'
      return role === 'customer' ? {} : { redirect_uri, user_id: '88', access_token: sellerToken }
    },
    // A seller is a user of their own, whom nobody here makes.
    remoteCount: (role) => (role === 'customer' ? standIn.customers.length : 1),
    fund: () => {
      const balance = { currency_id: 'BRL', available_balance: 100.1, unavailable_balance: 30.5 }
      for (const user_id of standIn.users.values()) {
        standIn.balances.set(user_id, { user_id, total_amount: 130.6, ...balance })
      }
    },
    webhook: {
      good: {
        ...{ id: 123, type: 'mp-connect', action: 'application.authorized', user_id: '88' },
        ...{ live_mode: false, date_created: '2026-11-20T11:59:00Z', data: { id: '88' } },
      },
      sign: (body) => signedDelivery(body),
    },
  }
})

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

describeProvider('the sandbox', async (): Promise<ProviderBench> => {
  const { sandbox, connection } = openSandbox(server)
  return {
    ...{ provider: sandbox, connection, standIn: null, customerOf },
    providerData: () => ({}),
    remoteCount: async (role) => {
      const made = server.system.db.selectFrom('sandbox_customers').select('remote_id')
      const ofRole = made.where('app_id', '=', connection.appId).where('role', '=', role)
      return (await ofRole.execute()).length
    },
    // Every bench is an app of its own on the one server.
    close: async () => {},
  }
})
