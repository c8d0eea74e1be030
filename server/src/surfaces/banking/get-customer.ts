// Owns GET /v1/customers/{id}.
import { accountsOfRecord } from '../../core/accounts/account-service.ts'
import { getBankingCustomer } from '../../core/customer/banking-customers.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { listIndividuals } from '../../core/individuals/individual-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { CustomerParams, fromWireCustomerId } from './wire.ts'
import { toWireCustomer, WireCustomer } from './wire-customer.ts'

export const getCustomer = defineOperation({
  id: 'getCustomer',
  method: 'GET',
  path: '/v1/customers/{id}',
  tag: 'Customers',
  summary: 'Retrieve a customer',
  description: 'With the accounts, and of a corporation with the people behind it.',
  scope: 'customers:read',
  params: CustomerParams,
  returns: { status: 200, description: 'The customer', schema: WireCustomer },
  errors: [customerErrors.customer_not_found],
  async handle(context, { params }) {
    const id = fromWireCustomerId(params.id)
    const customer = await getBankingCustomer(context, id)
    const isCorporation = customer.kind === 'business'
    const [accounts, individuals] = await Promise.all([
      accountsOfRecord(context, customer),
      isCorporation ? listIndividuals(context, id) : [],
    ])
    return toWireCustomer(customer, { accounts, individuals })
  },
})
