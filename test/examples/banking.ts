// Owns one request that succeeds for every operation of the banking surface.
import type { Answer } from '../harness.ts'
import {
  applicationRequests,
  missingApplications,
  prepareApplications,
} from './banking-applications.ts'
import type { Call, SurfaceExamples } from './surface-examples.ts'

export const banking: SurfaceExamples = {
  credentials: (key) => ({ authorization: `Bearer ${key}` }),
  async prepare(call, { makeCustomer, makeBankingCustomer, credentials }) {
    const { customerId, individualId } = await makeBankingCustomer('business')
    const person = await makeBankingCustomer('individual')
    const account = await call('createAccount', { body: newAccount(person.customerId) })
    const basic = Buffer.from(`${credentials.id}:${credentials.secret}`).toString('base64')
    const applications = await prepareApplications(call)
    return {
      ...applications,
      recordId: await makeCustomer(),
      basic,
      customerId: person.customerId,
      corporationId: customerId,
      individualId,
      accountId: account.json.id,
      customersCursor: await cursorOf(call, 'listCustomers'),
      accountsCursor: await cursorOf(call, 'listAccounts'),
    }
  },
  missing: {
    customerId: 'cust_01h455vb4pex5vsknk084sn02q',
    corporationId: 'cust_01h455vb4pex5vsknk084sn02q',
    individualId: 'ind_01h455vb4pex5vsknk084sn02q',
    accountId: 'acc_01h455vb4pex5vsknk084sn02q',
    ...missingApplications,
    customersCursor: `cursor_${'A'.repeat(40)}`,
    accountsCursor: `cursor_${'A'.repeat(40)}`,
  },
  requests: {
    ...applicationRequests,
    grantToken: ({ basic = '' }) => ({
      headers: { authorization: `Basic ${basic}` },
      body: { grant_type: 'client_credentials', scope: 'customers:read' },
    }),
    listCustomers: ({ customersCursor = '' }) => ({
      query: { type: 'CORPORATION', status: 'ACTIVE', limit: '2', cursor: customersCursor },
    }),
    getCustomer: ({ corporationId = '' }) => ({ params: { id: corporationId } }),
    updateCustomer: ({ customerId = '' }) => ({
      params: { id: customerId },
      body: contact,
    }),
    getIndividual: ({ corporationId = '', individualId = '' }) => ({
      params: { id: corporationId, individual_id: individualId },
    }),
    updateIndividual: ({ corporationId = '', individualId = '' }) => ({
      params: { id: corporationId, individual_id: individualId },
      body: contact,
    }),
    createAccount: ({ customerId = '' }) => ({ body: newAccount(customerId) }),
    listAccounts: ({ customerId = '', accountsCursor = '' }) => ({
      query: {
        customer_id: customerId,
        status: 'ACTIVE',
        currency: 'USD',
        limit: '2',
        cursor: accountsCursor,
      },
    }),
    getAccount: ({ accountId = '' }) => ({ params: { id: accountId } }),
    updateAccount: ({ accountId = '' }) => ({
      params: { id: accountId },
      body: { nickname: 'Payroll' },
    }),
  },
}

const contact = {
  email: 'john.newemail@example.com',
  phone: '+12025550187',
  address: { line1: '1 New St', postal_code: '10002', country: 'US' },
}

const newAccount = (customer_id: string) => ({
  customer_id,
  type: 'DEPOSIT',
  currency: 'EUR',
  nickname: 'Operating account',
})

/** Of a list that has more than one entry. */
async function cursorOf(call: Call, operationId: string): Promise<string> {
  const page: Answer = await call(operationId, { query: { limit: '1' } })
  return page.json.pagination.next_cursor
}
