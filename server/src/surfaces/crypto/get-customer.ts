// Owns GET /customers/{id}.
import { recentActivity } from '../../core/activity/summary-service.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import * as customers from '../../core/customer/customer-service.ts'
import { walletsOfRecords } from '../../core/wallets/wallet-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { CustomerParams, Enveloped, enveloped, fromWireCustomerId } from './wire.ts'
import { toWireRetrievedCustomer, WireRetrievedCustomer } from './wire-customer.ts'

export const getCustomer = defineOperation({
  id: 'getCustomer',
  method: 'GET',
  path: '/customers/{id}',
  tag: 'Customers',
  summary: 'Retrieve a customer',
  description: 'With the app, the wallets and their chains, and the last 50 intents and invoices.',
  scope: 'crypto:read',
  params: CustomerParams,
  returns: {
    status: 200,
    description: 'The customer with wallets and history',
    schema: Enveloped(WireRetrievedCustomer),
  },
  errors: [customerErrors.customer_not_found],
  async handle(context, { params }) {
    const id = fromWireCustomerId(params.id)
    const [customer, activity] = await Promise.all([
      customers.getCustomer(context, id),
      recentActivity(context, id),
    ])
    const wallets = await walletsOfRecords(context, [customer])
    const shown = { wallets: wallets.get(id) ?? [], activity }
    const seen = { app: context.app, now: context.clock.now() }
    return enveloped(toWireRetrievedCustomer(customer, shown, seen))
  },
})
