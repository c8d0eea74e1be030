// Owns what stands between a customer and a provider: registering there, and being synced.
import type { Json } from '../../lib/canonical.ts'
import type { OpenConnection } from '../connections/connection-service.ts'
import { requirePermission } from '../customer/banking-status.ts'
import type { Customer } from '../customer/customer.ts'
import { AppError } from '../errors.ts'
import type { Provider, ProviderName, ProviderRole } from '../provider.ts'
import type { Rule } from '../rules.ts'
import { missingFields, toProviderCustomer } from './readiness.ts'
import { type Registration, registrationErrors, registrationMachine } from './registration.ts'

export interface Target {
  provider: ProviderName
  role: ProviderRole
}

type Adapter = Pick<Provider, 'roles' | 'requiredFields'>

/** Of asking anything of a provider; `open` opens the connection to it, or refuses. */
export function reachRules(
  customer: Pick<Customer, 'bankingStatus'>,
  open: () => OpenConnection,
): Rule[] {
  return [() => requirePermission(customer, 'transact'), open]
}

/** Error: `role_unsupported`. */
export function roleRules(adapter: Adapter, { provider, role }: Target): Rule[] {
  return [
    () => {
      if (adapter.roles.includes(role)) return
      const detail = `role: ${provider} has the roles ${adapter.roles.join(', ')}.`
      throw new AppError(registrationErrors.role_unsupported, { param: 'role', detail })
    },
  ]
}

/** What submitting would find. */
export interface Submission {
  /** The customer did something on the provider's page: a new beginning. */
  isLinked: boolean
  /** Else the registration is under way, or over, and is left as it is. */
  canSubmit: boolean
  /** With what was given before and now. */
  providerData: Record<string, Json>
  /** Required fields that are not there: it waits for them. */
  missing: string[]
}

export function judgeSubmission(
  customer: Customer,
  adapter: Adapter,
  known: Registration | null,
  input: { role: ProviderRole; providerData?: Record<string, Json> | undefined },
): Submission {
  const providerData = { ...known?.providerData, ...input.providerData }
  const required = adapter.requiredFields(input.role, customer.kind)
  // What the customer did on the provider's page comes back as provider data.
  const isLinked = known?.actionRequired === 'authorize_account' && input.providerData !== undefined
  const canMove = registrationMachine.canMove(known?.status ?? 'not_submitted', 'submitted')
  return {
    isLinked,
    canSubmit: isLinked || canMove,
    providerData,
    missing: missingFields(toProviderCustomer(customer), providerData, required),
  }
}

/** Error: `registration_move_refused`, which names what is missing. */
export function completenessRules(missing: readonly string[]): Rule[] {
  return [
    () => {
      if (missing.length === 0) return
      const detail = `It cannot be submitted while it is missing: ${missing.join(', ')}.`
      throw new AppError(registrationErrors.registration_move_refused, { detail })
    },
  ]
}

/** Error: `registration_not_found`. */
export function pushRules(
  registrations: readonly Registration[],
  wanted: { provider: ProviderName; role: ProviderRole | null },
): Rule[] {
  return [
    () => {
      if (registrations.some((one) => isPushable(one, wanted))) return
      const where = wanted.role === null ? wanted.provider : `${wanted.provider} as ${wanted.role}`
      const detail = `The customer is not registered at ${where}.`
      throw new AppError(registrationErrors.registration_not_found, { detail })
    },
  ]
}

/** Whether fields can be pushed to it, at once or when it has arrived at the provider. */
export function isPushable(
  { provider, role, status, remoteId }: Registration,
  wanted: { provider: ProviderName; role: ProviderRole | null },
): boolean {
  if (provider !== wanted.provider || status === 'cancelled') return false
  if (wanted.role !== null && role !== wanted.role) return false
  return remoteId !== null || status === 'submitted'
}
