// Owns pushing single fields to Stripe, and what of them it cannot take.
import type Stripe from 'stripe'
import type {
  FieldOutcome,
  ProviderConnection,
  ProviderCustomer,
  SyncField,
} from '../../core/provider.ts'
import { readAccount, readCustomer, type StripeAccount } from './from-stripe.ts'
import { toAddress, toShipping } from './to-stripe.ts'

export interface StripePush {
  remoteId: string
  customer: ProviderCustomer
  fields: readonly SyncField[]
}

// No idempotency key of ours goes with an update: repeated it does no harm, while Stripe answers a
// key that it knows with what stood then, or refuses it once the record has changed.

type Outcome = Omit<FieldOutcome, 'field'>
const updated: Outcome = { outcome: 'updated', reason: null }
const unsupported = (reason: string): Outcome => ({ outcome: 'unsupported', reason })

const noValue = unsupported('the record has no value for it')
const noAddress = unsupported('Stripe wants a name, a street and a country')

export async function pushToCustomer(stripe: Stripe, push: StripePush): Promise<FieldOutcome[]> {
  const { remoteId, customer, fields } = push
  const body: Stripe.CustomerUpdateParams = {}
  const outcomes = fields.map((field) => ({ field, ...setOnCustomer(body, field, customer) }))
  if (Object.keys(body).length > 0) {
    readCustomer(await stripe.customers.update(remoteId, body))
  }
  return outcomes
}

function setOnCustomer(
  body: Stripe.CustomerUpdateParams,
  field: SyncField,
  customer: ProviderCustomer,
): Outcome {
  switch (field) {
    case 'email':
      if (customer.email === null) return noValue
      body.email = customer.email
      return updated
    case 'shipping': {
      const shipping = toShipping(customer)
      if (shipping === null) return noAddress
      body.shipping = shipping
      return updated
    }
    default:
      // Both parts stand in one name there.
      if (customer.name === null) return noValue
      body.name = customer.name
      return updated
  }
}

export async function pushToAccount(
  stripe: Stripe,
  connection: ProviderConnection,
  push: StripePush,
): Promise<FieldOutcome[]> {
  const { remoteId, customer, fields } = push
  const account = readAccount(await stripe.accounts.retrieve(remoteId))
  const body: Stripe.AccountUpdateParams = {}
  const set = { body, account, mayReplace: connection.mayReplaceLegalAddress }
  const outcomes = fields.map((field) => ({ field, ...setOnAccount(set, field, customer) }))
  if (Object.keys(body).length > 0) {
    readAccount(await stripe.accounts.update(remoteId, body))
  }
  return outcomes
}

interface AccountSet {
  body: Stripe.AccountUpdateParams
  account: StripeAccount
  mayReplace: boolean
}

function setOnAccount(
  { body, account, mayReplace }: AccountSet,
  field: SyncField,
  customer: ProviderCustomer,
): Outcome {
  const isCompany = account.business_type === 'company'
  switch (field) {
    case 'email':
      if (customer.email === null) return noValue
      body.email = customer.email
      if (!isCompany) body.individual = { ...body.individual, email: customer.email }
      return updated
    case 'shipping': {
      if (!mayReplace) {
        return unsupported('an account has a legal address only, and the connection keeps it')
      }
      const address = toAddress(customer)
      if (address === null) return noAddress
      if (isCompany) body.company = { ...body.company, address }
      else body.individual = { ...body.individual, address }
      return updated
    }
    default: {
      const value = customer[field]
      if (isCompany) return unsupported('a company has no first and last name')
      if (value === null) return noValue
      const name = field === 'givenName' ? { first_name: value } : { last_name: value }
      body.individual = { ...body.individual, ...name }
      return updated
    }
  }
}
