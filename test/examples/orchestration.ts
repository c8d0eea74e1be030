// Owns one request that succeeds for every operation of the orchestration surface.
import type { SurfaceExamples } from './surface-examples.ts'

const pdf = '%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n'
const missingId = 'cus_01h455vb4pex5vsknk084sn02q'

export const orchestration: SurfaceExamples = {
  credentials: (key) => ({ authorization: `Bearer ${key}` }),
  async prepare(call, { connectBridge, drainJobs, credentials }) {
    const created = await call('createCustomer', { body: newCustomer })
    const id: string = created.json.data.id
    const form = [{ name: 'file', fileName: 'passport.pdf', value: pdf }]
    const uploaded = await call('uploadFiles', { params: { id }, form })
    await connectBridge()
    const body = { provider: 'bridge', target_role: 'customer' }
    await call('populatePlatform', { params: { id }, body })
    await drainJobs()
    const { id: clientId, secret: clientSecret } = credentials
    return { id, fileId: uploaded.json.data[0].id, clientId, clientSecret }
  },
  missing: { id: missingId, fileId: 'file_01h455vb4pex5vsknk084sn02q' },
  requests: {
    grantToken: ({ clientId = '', clientSecret = '' }) => ({
      body: {
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: 'client_credentials',
      },
    }),
    createCustomer: () => ({ body: newCustomer }),
    getCustomer: ({ id = '' }) => ({ params: { id } }),
    listCustomers: () => ({
      query: {
        limit: '2',
        offset: '0',
        email: 'alice@example.com',
        country_code: 'us',
        document_type: 'personal_tax_id',
      },
    }),
    updateCustomer: ({ id = '' }) => ({
      params: { id },
      body: { last_name: 'Johnson', phone_country_code: '1', phone_number: '4155551234' },
    }),
    syncCustomer: ({ id = '' }) => ({
      params: { id },
      body: { providers: ['bridge'], fields: ['email', 'first_name'] },
    }),
    getBalances: ({ id = '' }) => ({
      params: { id },
      query: { provider: 'bridge', role: 'customer' },
    }),
    uploadFiles: ({ id = '' }) => ({
      params: { id },
      form: [
        { name: 'file', fileName: 'passport.pdf', value: pdf },
        { name: 'file_type', value: 'PASSPORT' },
      ],
    }),
    listFiles: ({ id = '' }) => ({ params: { id } }),
    downloadFile: ({ id = '', fileId = '' }) => ({ params: { id, file_id: fileId } }),
    populatePlatform: ({ id = '' }) => ({
      params: { id },
      body: { provider: 'bridge', target_role: 'connected_account' },
    }),
    getRegistrationSchema: () => ({ query: { provider: 'pagar_me' } }),
    getRegistrationStatus: ({ id = '' }) => ({ params: { customer_id: id } }),
    submitRegistration: ({ id = '' }) => ({
      params: { customer_id: id },
      body: {
        provider: 'bridge',
        target_role: 'connected_account',
        provider_data: { signed_agreement_id: 'agr_1' },
      },
    }),
  },
}

const newCustomer = {
  email: 'alice@example.com',
  first_name: 'Alice',
  last_name: 'Smith',
  country_code: 'US',
  document_type: 'personal_tax_id',
  document_number: '536-90-4399',
}
