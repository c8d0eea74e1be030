// Owns one request that succeeds for every operation of the platform surface.
import { acceptingProviderUrl } from './accepting-provider.ts'
import type { SurfaceExamples } from './surface-examples.ts'

const newConnection = { credentials: { access_token: 'APP_USR-example' } }

const newKey = { name: 'Back office', scopes: ['platform:write'] }

export const platform: SurfaceExamples = {
  credentials: (key) => ({ authorization: `Bearer ${key}` }),
  async prepare(
    call,
    { makePayout, makeRegistration, makeCustomer, makeBankingCustomer, makeSubmittedApplication },
  ) {
    const base_url = await acceptingProviderUrl()
    await call('setConnection', {
      params: { provider: 'mercado_pago' },
      body: { ...newConnection, base_url },
    })
    const { customerId } = await makeBankingCustomer('individual')
    const applicationId = await makeSubmittedApplication()
    const appId = (await call('listApps', {})).json.data[0].id
    const movedId = await makeCustomer()
    const registrationId = await makeRegistration(movedId)
    const payoutId = await makePayout()
    const keyId = (await call('createKey', { body: newKey })).json.id
    return {
      payoutId,
      movedId,
      registrationId,
      base_url,
      id: await makeCustomer(),
      bankingId: customerId,
      applicationId,
      appId,
      keyId,
    }
  },
  missing: {
    id: 'cust_01h455vb4pex5vsknk084sn02q',
    bankingId: 'cust_01h455vb4pex5vsknk084sn02q',
    applicationId: 'appl_01h455vb4pex5vsknk084sn02q',
    keyId: 'key_01h455vb4pex5vsknk084sn02q',
    payoutId: 'po_01h455vb4pex5vsknk084sn02q',
    movedId: 'cust_01h455vb4pex5vsknk084sn02q',
    registrationId: 'reg_01h455vb4pex5vsknk084sn02q',
    provider: 'stripe',
  },
  requests: {
    listApps: () => ({}),
    listKeys: ({ keyId = '' }) => ({ query: { cursor: keyId } }),
    createKey: () => ({ body: newKey }),
    rotateKey: ({ keyId = '' }) => ({ params: { id: keyId }, body: { overlap_seconds: 60 } }),
    revokeKey: ({ keyId = '' }) => ({ params: { id: keyId } }),
    listConnections: () => ({}),
    getConnection: ({ provider = 'mercado_pago' }) => ({ params: { provider } }),
    setConnection: ({ provider = 'mercado_pago', base_url = '' }) => ({
      params: { provider },
      body: { ...newConnection, base_url },
    }),
    checkConnection: ({ provider = 'mercado_pago' }) => ({ params: { provider } }),
    removeConnection: ({ provider = 'mercado_pago' }) => ({ params: { provider } }),
    listRegistrations: ({ id = '' }) => ({ params: { id } }),
    moveCustomerStatus: ({ bankingId = '' }) => ({
      params: { id: bankingId },
      body: { status: 'FROZEN', reason: 'Report of a stolen card', from: 'ACTIVE' },
    }),
    decideApplication: ({ applicationId = '' }) => ({
      params: { id: applicationId },
      body: { decision: 'approve', reason: 'Documents are in order.' },
    }),
    moveRegistration: ({ movedId = '', registrationId = '' }) => ({
      params: { id: movedId, registration_id: registrationId },
      body: { status: 'cancelled', reason: 'Agreed with the provider by telephone' },
    }),
    recordPayoutOutcome: ({ payoutId = '' }) => ({
      params: { id: payoutId },
      body: { outcome: 'completed', reason: 'In the bank statement of 25 February' },
    }),
    recordPayoutOutcomes: ({ payoutId = '' }) => ({
      query: { dry_run: 'false' },
      form: [{ name: 'file', fileName: 'outcomes.csv', value: `${payoutId},completed,\n` }],
    }),
    getStatusMachines: () => ({}),
  },
}
