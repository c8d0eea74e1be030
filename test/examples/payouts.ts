// Owns one request that succeeds for every operation of the payouts surface.
import type { SurfaceExamples } from './surface-examples.ts'

export const payouts: SurfaceExamples = {
  credentials: (key) => ({ authorization: `Bearer ${key}` }),
  async prepare(call) {
    const customer = await call('createCustomer', { body: newCustomer })
    const customerId: string = customer.json.customerId
    const account = await call('addBankAccount', {
      params: { customerId },
      body: { ...newBankAccount, accountNumber: '0070327530004025541644' },
    })
    const payout = await call('createPayout', {
      body: { amount: '5000.00', currency: 'ARS', customerId },
    })
    return { customerId, bankAccountId: account.json.bankAccountId, payoutId: payout.json.id }
  },
  missing: {
    customerId: 'cust_01h455vb4pex5vsknk084sn02q',
    bankAccountId: 'ba_01h455vb4pex5vsknk084sn02q',
    payoutId: 'po_01h455vb4pex5vsknk084sn02q',
  },
  requests: {
    createCustomer: () => ({ body: newCustomer }),
    listCustomers: ({ customerId = '' }) => ({ query: { limit: '2', startingAfter: customerId } }),
    getCustomer: ({ customerId = '' }) => ({ params: { customerId } }),
    addBankAccount: ({ customerId = '' }) => ({
      params: { customerId },
      body: { ...newBankAccount, accountNumber: '2850590940090418135201' },
    }),
    listBankAccounts: ({ customerId = '', bankAccountId = '' }) => ({
      params: { customerId },
      query: { limit: '2', startingAfter: bankAccountId },
    }),
    setDefaultBankAccount: ({ customerId = '', bankAccountId = '' }) => ({
      params: { customerId },
      body: { bankAccountId },
    }),
    listCustomerPayouts: ({ customerId = '', payoutId = '' }) => ({
      params: { customerId },
      query: { limit: '2', startingAfter: payoutId },
    }),
    createPayout: ({ customerId = '' }) => ({
      body: {
        amount: '12.50',
        currency: 'ARS',
        destinationCbu: '0110123845678901234564',
        destinationName: 'Gerardo Ratto',
        destinationCuit: '20221370075',
        customerId,
      },
    }),
    listPayouts: ({ customerId = '', payoutId = '' }) => ({
      query: { status: 'pending', customerId, limit: '2', startingAfter: payoutId },
    }),
    getPayout: ({ payoutId = '' }) => ({ params: { id: payoutId } }),
    cancelPayout: ({ payoutId = '' }) => ({ params: { id: payoutId } }),
  },
}

const newCustomer = {
  type: 'individual',
  name: 'Gerardo Ratto',
  email: 'gerardo@example.com',
  country: 'AR',
  metadata: { internalUserId: 'USR-4421' },
}

const newBankAccount = {
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking',
  holderName: 'Gerardo Ratto',
  metadata: { cuit: '20221370075' },
}
