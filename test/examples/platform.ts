// Owns one request that succeeds for every operation of the platform surface.
import { acceptingProviderUrl } from './accepting-provider.ts'
import type { Call, SurfaceExamples } from './surface-examples.ts'

const newConnection = { credentials: { access_token: 'APP_USR-example' } }

const newKey = { name: 'Back office', scopes: ['platform:write'] }

const newCustomer = {
  kind: 'individual',
  name: 'Alice Smith',
  email: 'alice@example.com',
  country: 'BR',
  metadata: { plan: 'gold' },
}

const newEndpoint = { url: 'https://example.com/hooks', events: ['customer.*'] }

/** An app has room for fifty, and is asked for more of them than that. */
async function makeEndpoint(call: Call): Promise<string> {
  const { data } = (await call('listWebhookEndpoints', {})).json
  for (const { id } of data.slice(endpointsKept)) {
    await call('removeWebhookEndpoint', { params: { id } })
  }
  return (await call('createWebhookEndpoint', { body: newEndpoint })).json.id
}

const endpointsKept = 20

export const platform: SurfaceExamples = {
  credentials: (key) => ({ authorization: `Bearer ${key}` }),
  async prepare(
    call,
    {
      makePayout,
      makePayable,
      makeRegistration,
      makeCustomer,
      makeBankingCustomer,
      makeSubmittedApplication,
    },
  ) {
    const base_url = await acceptingProviderUrl()
    await call('setConnection', {
      params: { provider: 'mercado_pago' },
      body: { ...newConnection, base_url },
    })
    const { customerId } = await makeBankingCustomer('individual')
    const applicationId = await makeSubmittedApplication()
    const { documents } = (await call('getApplication', { params: { id: applicationId } })).json
    const appId = (await call('listApps', {})).json.data[0].id
    const movedId = await makeCustomer()
    const registrationId = await makeRegistration(movedId)
    const payoutId = await makePayout()
    const keyId = (await call('createKey', { body: newKey })).json.id
    const id = await makeCustomer()
    const payable = await makePayable(id)
    const { data } = (await call('listCustomerEvents', { params: { id } })).json
    const endpointId = await makeEndpoint(call)
    const deliveryId = (await call('tryWebhookEndpoint', { params: { id: endpointId } })).json.id
    return {
      endpointId,
      deliveryId,
      payoutId,
      movedId,
      registrationId,
      base_url,
      id,
      ...payable,
      eventId: data[0].id,
      bankingId: customerId,
      applicationId,
      documentId: documents[0].id,
      appId,
      keyId,
    }
  },
  missing: {
    endpointId: 'we_01h455vb4pex5vsknk084sn02q',
    deliveryId: 'dlv_01h455vb4pex5vsknk084sn02q',
    eventId: 'evt_01h455vb4pex5vsknk084sn02q_1',
    id: 'cust_01h455vb4pex5vsknk084sn02q',
    bankingId: 'cust_01h455vb4pex5vsknk084sn02q',
    applicationId: 'appl_01h455vb4pex5vsknk084sn02q',
    documentId: 'doc_01h455vb4pex5vsknk084sn02q',
    keyId: 'key_01h455vb4pex5vsknk084sn02q',
    payoutId: 'po_01h455vb4pex5vsknk084sn02q',
    movedId: 'cust_01h455vb4pex5vsknk084sn02q',
    registrationId: 'reg_01h455vb4pex5vsknk084sn02q',
    bankAccountId: 'ba_01h455vb4pex5vsknk084sn02q',
    walletId: 'wal_01h455vb4pex5vsknk084sn02q',
    paymentIntentId: 'pi_01h455vb4pex5vsknk084sn02q',
    subscriptionId: 'sub_01h455vb4pex5vsknk084sn02q',
    provider: 'stripe',
  },
  requests: {
    createCustomer: () => ({ body: newCustomer }),
    listCustomers: ({ id = '' }) => ({
      query: { kind: 'individual', 'metadata[plan]': 'gold', q: 'ali', cursor: id },
    }),
    searchCustomers: ({ id = '' }) => ({
      body: { email: 'alice@example.com', country: 'BR', include: 'wallets', cursor: id },
    }),
    getCustomer: ({ id = '' }) => ({ params: { id }, query: { include: 'wallets,payouts' } }),
    updateCustomer: ({ id = '' }) => ({
      params: { id },
      headers: { 'if-match': '*' },
      body: { given_name: 'Alice', address: { city: 'Santos' }, metadata: { plan: 'gold' } },
    }),
    getEligibility: ({ id = '', ...ids }) => ({
      params: { id },
      query: {
        bank_account_id: ids['bankAccountId'] ?? '',
        wallet_id: ids['walletId'] ?? '',
        payment_intent_id: ids['paymentIntentId'] ?? '',
        subscription_id: ids['subscriptionId'] ?? '',
      },
    }),
    listCustomerEvents: ({ id = '', eventId = '' }) => ({
      params: { id },
      query: { cursor: eventId },
    }),
    proveCustomer: ({ id = '' }) => ({ params: { id } }),
    readEvents: ({ eventId = '' }) => ({ query: { cursor: eventId } }),
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
    listApplications: ({ applicationId = '' }) => ({
      query: { status: 'SUBMITTED', cursor: applicationId },
    }),
    getApplication: ({ applicationId = '' }) => ({ params: { id: applicationId } }),
    downloadApplicationDocument: ({ applicationId = '', documentId = '' }) => ({
      params: { id: applicationId, document_id: documentId },
    }),
    decideApplication: ({ applicationId = '' }) => ({
      params: { id: applicationId },
      body: { decision: 'approve', reason: 'Documents are in order.' },
    }),
    moveRegistration: ({ movedId = '', registrationId = '' }) => ({
      params: { id: movedId, registration_id: registrationId },
      body: { status: 'cancelled', reason: 'Agreed with the provider by telephone' },
    }),
    getPayout: ({ payoutId = '' }) => ({ params: { id: payoutId } }),
    recordPayoutOutcome: ({ payoutId = '' }) => ({
      params: { id: payoutId },
      body: { outcome: 'completed', reason: 'In the bank statement of 25 February' },
    }),
    recordPayoutOutcomes: ({ payoutId = '' }) => ({
      query: { dry_run: 'false' },
      form: [{ name: 'file', fileName: 'outcomes.csv', value: `${payoutId},completed,\n` }],
    }),
    getStatusMachines: () => ({}),
    createWebhookEndpoint: () => ({ body: newEndpoint }),
    listWebhookEndpoints: () => ({}),
    getWebhookEndpoint: ({ endpointId = '' }) => ({ params: { id: endpointId } }),
    updateWebhookEndpoint: ({ endpointId = '' }) => ({
      params: { id: endpointId },
      body: { ...newEndpoint, status: 'enabled' },
    }),
    rotateWebhookSecret: ({ endpointId = '' }) => ({ params: { id: endpointId } }),
    removeWebhookEndpoint: ({ endpointId = '' }) => ({ params: { id: endpointId } }),
    tryWebhookEndpoint: ({ endpointId = '' }) => ({ params: { id: endpointId } }),
    listDeliveries: ({ endpointId = '', deliveryId = '' }) => ({
      params: { id: endpointId },
      query: { cursor: deliveryId },
    }),
    replayDelivery: ({ endpointId = '', deliveryId = '' }) => ({
      params: { id: endpointId, delivery_id: deliveryId },
    }),
    replayDeliveries: ({ endpointId = '', eventId = '' }) => ({
      params: { id: endpointId },
      body: { from: '2020-01-01T00:00:00Z', cursor: eventId },
    }),
  },
}
