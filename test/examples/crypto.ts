// Owns one request that succeeds for every operation of the crypto surface.
import type { SurfaceExamples } from './surface-examples.ts'

const missingId = '01890a5d-ac96-774b-bcce-b302099a8057'

export const crypto: SurfaceExamples = {
  credentials: (key) => ({ 'x-api-key': key }),
  async prepare(call) {
    const customer = await call('createCustomer', { body: newCustomer })
    const { id, appId }: Record<string, string> = customer.json.data
    return { id: id ?? '', appId: appId ?? '' }
  },
  missing: { id: missingId, appId: missingId },
  requests: {
    createCustomer: ({ appId = '' }) => ({ body: { ...newCustomer, appId } }),
    getCustomer: ({ id = '' }) => ({ params: { id } }),
    listCustomers: ({ appId = '' }) => ({
      query: { search: 'ada', page: '1', pageSize: '2', appId },
    }),
    updateCustomer: ({ id = '', appId = '' }) => ({
      params: { id },
      body: { appId, city: 'Paris', metadata: { plan: 'basic' } },
    }),
  },
}

const newCustomer = {
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  address: '12 St James’s Square',
  city: 'London',
  country: 'GB',
  postalCode: 'SW1Y 4JH',
  metadata: { plan: 'pro' },
}
