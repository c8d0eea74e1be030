// Owns one request that succeeds for every operation of the platform surface.
import { acceptingProviderUrl } from './accepting-provider.ts'
import type { SurfaceExamples } from './surface-examples.ts'

const newConnection = { credentials: { access_token: 'APP_USR-example' } }

export const platform: SurfaceExamples = {
  credentials: (key) => ({ authorization: `Bearer ${key}` }),
  async prepare(call, { makeCustomer, makeBankingCustomer, makeSubmittedApplication }) {
    const base_url = await acceptingProviderUrl()
    await call('setConnection', {
      params: { provider: 'mercado_pago' },
      body: { ...newConnection, base_url },
    })
    const { customerId } = await makeBankingCustomer('individual')
    const applicationId = await makeSubmittedApplication()
    return { base_url, id: await makeCustomer(), bankingId: customerId, applicationId }
  },
  missing: {
    id: 'cust_01h455vb4pex5vsknk084sn02q',
    bankingId: 'cust_01h455vb4pex5vsknk084sn02q',
    applicationId: 'appl_01h455vb4pex5vsknk084sn02q',
    provider: 'stripe',
  },
  requests: {
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
    getStatusMachines: () => ({}),
  },
}
