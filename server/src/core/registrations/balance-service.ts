// Owns asking a provider what a customer holds there. Live, and never made up.
import { openConnection } from '../connections/connection-service.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import type { ProviderName, ProviderRole, RemoteBalance } from '../provider.ts'
import { registrationErrors } from './registration.ts'
import { listRegistrations } from './registration-service.ts'

/** Errors: `customer_not_found`, `registration_not_found`, and those of the provider. */
export async function getBalances(
  context: Context,
  customerId: string,
  filter: { provider: ProviderName; role: ProviderRole },
): Promise<{ asOf: number; balances: RemoteBalance[] }> {
  const registrations = await listRegistrations(context, customerId)
  const found = registrations.find(
    ({ provider, role }) => provider === filter.provider && role === filter.role,
  )
  if (!found || found.remoteId === null || found.status === 'cancelled') {
    const detail = `The customer is not registered at ${filter.provider} as ${filter.role}.`
    throw new AppError(registrationErrors.registration_not_found, { detail })
  }
  const { adapter, connection } = await openConnection(context, filter.provider)
  const { remoteId, role } = found
  const asOf = context.clock.now()
  return { asOf, balances: await adapter.balance(connection, { remoteId, role }) }
}
