// Owns who can clear what stands in the way, and how: one answer a refusal.
import { type IntentStatus, intentMachine } from '../activity/payment-intent.ts'
import type { SubscriptionStatus } from '../activity/subscription.ts'
import { bankingErrors, bankingMachine, permits } from '../customer/banking-status.ts'
import type { Customer } from '../customer/customer.ts'
import { AppError } from '../errors.ts'
import type { ProviderName, ProviderRole } from '../provider.ts'
import type { Registration } from '../registrations/registration.ts'
import type { Advice, Reason, Thing } from './eligibility.ts'

/** What is known of the thing that a rule looked at. */
export interface Circumstances {
  customer: Customer
  provider?: ProviderName | null
  role?: ProviderRole | null
  registration?: Registration | null
  intentStatus?: IntentStatus | null
  subscriptionStatus?: SubscriptionStatus | null
  object?: Thing | null
}

export function toReason(error: AppError, about: Circumstances): Reason {
  const { provider = null, role = null, object = null } = about
  const { code } = error.definition
  const fields = error.param === undefined ? [] : [error.param]
  const told = { code, message: error.message, fields, ...adviceOn(code, about) }
  switch (code) {
    // What holds for every provider, or for every role there, is told once.
    case 'customer_status_forbids':
      return { ...told, provider: null, role: null, object: null }
    case 'connection_missing':
    case 'connection_mode_differs':
      return { ...told, provider, role: null, object: null }
    // Another surface's word for it: the customer is there, and the bank does not know it.
    case 'customer_not_found': {
      const { message } = new AppError(bankingErrors.customer_not_banking)
      return { ...told, message, provider, role, object }
    }
    // No field of the question: what is missing is on the record.
    case 'payout_destination_missing':
      return { ...told, fields: [], provider, role, object }
    case 'field_invalid':
      return { ...told, provider, role, object: null }
    default:
      return { ...told, provider, role, object }
  }
}

function adviceOn(code: string, about: Circumstances): Advice {
  switch (code) {
    case 'customer_status_forbids':
      return adviceOnStatus(about.customer)
    case 'customer_not_found':
      return { who: 'merchant', step: 'apply' }
    case 'accounts_full':
      return { who: null, step: 'none' }
    case 'payout_destination_missing':
      return { who: 'customer', step: 'add_bank_account' }
    case 'payment_intent_status_refused':
      return adviceOnIntent(about.intentStatus ?? null)
    case 'subscription_status_refused':
      return about.subscriptionStatus === 'CANCELLED'
        ? { who: 'merchant', step: 'create_subscription' }
        : { who: null, step: 'none' }
    case 'connection_missing':
    case 'connection_mode_differs':
      return { who: 'merchant', step: 'set_connection' }
    case 'registration_not_found':
      return adviceOnUnregistered(about.registration ?? null)
    case 'registration_move_refused':
      return adviceOnUnderWay(about.registration ?? null)
    default:
      return { who: 'merchant', step: 'correct_request' }
  }
}

/** Whether the machine has a way out is its own matter: from CLOSED there is none. */
function adviceOnStatus({ bankingStatus }: Customer): Advice {
  const moves = bankingStatus === null ? [] : bankingMachine.movesFrom(bankingStatus)
  const hasWayOut = moves.some((status) => permits(status, 'transact'))
  return hasWayOut ? { who: 'operator', step: 'move_status' } : { who: null, step: 'none' }
}

function adviceOnIntent(status: IntentStatus | null): Advice {
  const canBeAuthorized = status !== null && intentMachine.canMove(status, 'AUTHORIZED')
  return canBeAuthorized
    ? { who: 'customer', step: 'authorize_payment_intent' }
    : { who: 'merchant', step: 'create_payment_intent' }
}

function adviceOnUnregistered(registration: Registration | null): Advice {
  const [missing] = registration?.missing ?? []
  return missing === undefined ? { who: 'merchant', step: 'register' } : adviceOnMissing(missing)
}

/** What a provider wants beyond the record, only the merchant's program can give. */
export function adviceOnMissing(field: string): Advice {
  const isForProvider = field.startsWith('providerData.')
  return isForProvider
    ? { who: 'merchant', step: 'give_provider_data' }
    : { who: 'customer', step: 'complete_record' }
}

function adviceOnUnderWay(registration: Registration | null): Advice {
  if (registration?.status === 'approved') return { who: null, step: 'none' }
  switch (registration?.actionRequired ?? null) {
    case null:
      return { who: 'provider', step: 'wait' }
    case 'upload_documents':
      return { who: 'customer', step: 'upload_files' }
    default:
      return { who: 'customer', step: 'act_at_provider', url: registration?.actionUrl ?? null }
  }
}
