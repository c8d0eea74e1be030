// Owns GET /api/v1/customers/{id}/balances.
import Type from 'typebox'
import { connectionErrors } from '../../core/connections/connection.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { providerErrors } from '../../core/provider.ts'
import * as balances from '../../core/registrations/balance-service.ts'
import { registrationErrors } from '../../core/registrations/registration.ts'
import { defineOperation } from '../../http/operation.ts'
import { printId } from '../../lib/id.ts'
import {
  CustomerParams,
  closed,
  Enveloped,
  fromWireCustomerId,
  WireProvider,
  WireRole,
} from './wire.ts'
import { toWireBalances, WireBalances } from './wire-registration.ts'

export const getBalances = defineOperation({
  id: 'getBalances',
  method: 'GET',
  path: '/api/v1/customers/{id}/balances',
  tag: 'Customers',
  summary: "Get a customer's balance for a provider",
  description: 'Asked live from the provider; integers in the minor unit of the currency.',
  scope: 'orchestration:read',
  params: CustomerParams,
  query: Type.Object({ provider: WireProvider, role: WireRole }, closed),
  returns: { status: 200, description: 'The balances', schema: Enveloped(WireBalances) },
  errors: [
    customerErrors.customer_not_found,
    registrationErrors.registration_not_found,
    providerErrors.provider_balance_unsupported,
    connectionErrors.connection_missing,
    connectionErrors.connection_mode_differs,
    providerErrors.provider_unavailable,
    providerErrors.provider_timeout,
    providerErrors.provider_limited,
    providerErrors.provider_rejected,
    providerErrors.provider_credentials_refused,
  ],
  async handle(context, { params, query }) {
    const id = fromWireCustomerId(params.id)
    const found = await balances.getBalances(context, id, query)
    const filter = { customer_id: printId('customer', id, 'cus'), ...query }
    return { msg: 'Balances found', data: toWireBalances(filter, found) }
  },
})
