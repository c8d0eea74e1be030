// Owns the fields of free text that tests send hostile strings as.
import type { Answer, TestServer } from './harness.ts'

const newCustomer = { type: 'individual', name: 'Ana', country: 'AR' }
const newAccount = {
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking',
  holderName: 'Ana',
}
const newPayout = {
  amount: '1.00',
  currency: 'ARS',
  destinationCbu: '0070327530004025541644',
}

/** Free text, where it is sent, and how it is read back. */
export interface TextField {
  name: string
  param: string
  path(): Promise<string>
  body(text: string): object
  /** Where the new record is read: itself, or a list of nothing else. */
  stored(json: Answer['json']): string
  read(json: Answer['json'], text: string): unknown
}

const ofCustomer = {
  path: async () => '/payouts/customers',
  stored: (json: Answer['json']) => `/payouts/customers/${json.customerId}`,
}

export function textFieldsOf(server: () => TestServer): TextField[] {
  return [
    {
      ...ofCustomer,
      name: 'name of a customer',
      param: 'name',
      body: (name) => ({ ...newCustomer, name }),
      read: (json) => json.name,
    },
    {
      ...ofCustomer,
      name: 'email of a customer',
      param: 'email',
      body: (email) => ({ ...newCustomer, email }),
      read: (json) => json.email,
    },
    {
      ...ofCustomer,
      name: 'value in metadata',
      param: 'metadata.note',
      body: (note) => ({ ...newCustomer, metadata: { note } }),
      read: (json) => json.metadata.note,
    },
    {
      ...ofCustomer,
      name: 'key in metadata',
      param: 'metadata',
      body: (key) => ({ ...newCustomer, metadata: Object.fromEntries([[key, 'x']]) }),
      read: (json, key) => (Object.hasOwn(json.metadata, key) ? key : Object.keys(json.metadata)),
    },
    {
      name: 'holder of a bank account',
      param: 'holderName',
      async path() {
        const customer = await server().call('POST', '/payouts/customers', { body: newCustomer })
        return `/payouts/customers/${customer.json.customerId}/bank-accounts`
      },
      body: (holderName) => ({ ...newAccount, holderName }),
      stored: (json) => `/payouts/customers/${json.customerId}/bank-accounts`,
      read: (json) => json.holderName,
    },
    {
      name: 'receiver of a payout',
      param: 'destinationName',
      path: async () => '/payouts/payouts',
      body: (destinationName) => ({ ...newPayout, destinationName }),
      stored: (json) => `/payouts/payouts/${json.id}`,
      read: (json) => json.destinationName,
    },
  ]
}
