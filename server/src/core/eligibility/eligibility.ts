// Owns the vocabulary of eligibility: what may be asked, and what stands in the way by whose fault.
import type { IdNoun } from '../../lib/id.ts'
import type { ProviderName, ProviderRole } from '../provider.ts'

export const eligibilityActions = ['payout', 'charge', 'sync', 'register', 'open_account'] as const
export type EligibilityAction = (typeof eligibilityActions)[number]

/** What the rules of an action depend on beside the customer; `null`: not told. */
export interface Narrowing {
  /** Decimal text. */
  amount: string | null
  currency: string | null
  bankAccountId: string | null
  walletId: string | null
  paymentIntentId: string | null
  subscriptionId: string | null
  provider: ProviderName | null
  role: ProviderRole | null
}

/** Which of them an action asks for. */
export const narrowingOf: Record<EligibilityAction, readonly (keyof Narrowing)[]> = {
  payout: ['amount', 'currency', 'bankAccountId'],
  charge: ['amount', 'currency', 'walletId', 'paymentIntentId', 'subscriptionId'],
  sync: ['provider', 'role'],
  register: ['provider', 'role'],
  open_account: ['currency'],
}

/** Who can clear the way: `merchant` is whoever holds the key, `operator` the bank's. */
export const responsibles = ['customer', 'merchant', 'operator', 'provider'] as const
export type Responsible = (typeof responsibles)[number]

/** What clears the way. A surface says by which call. */
export const steps = {
  none: 'Nothing: it stays as it is.',
  correct_request: 'Ask for something else: correct the value that is named.',
  move_status: 'An operator moves the customer to a status that permits it.',
  apply: 'Apply for the customer on the banking surface, and have an operator approve it.',
  add_bank_account: 'Add a bank account with its number, and make it the default one.',
  authorize_wallet: 'Have the customer sign an authorization with the wallet.',
  authorize_payment_intent: 'Have the customer authorize the payment intent.',
  create_payment_intent: 'Make another payment intent.',
  create_subscription: 'Make another subscription.',
  set_connection: 'Save working credentials of the provider.',
  register: 'Register the customer at the provider.',
  complete_record: 'Have the customer tell what is missing, and save it on the record.',
  give_provider_data: 'Submit the registration with what the provider wants beyond the record.',
  upload_files: 'Have the customer send the documents that the provider asks for.',
  act_at_provider: "Have the customer do what is left on the provider's page.",
  wait: 'Wait: the provider is at work on the registration.',
} as const
export type Step = keyof typeof steps

export interface Advice {
  /** `null`: nobody has to act, or nobody can. */
  who: Responsible | null
  step: Step
  /** A page where the customer does it. */
  url?: string | null
}

export interface Thing {
  noun: IdNoun
  id: string
}

export interface Reason extends Advice {
  /** As the operation would refuse it. */
  code: string
  message: string
  /** Which are at fault, in the core's names: of the question, or missing on the record. */
  fields: string[]
  provider: ProviderName | null
  role: ProviderRole | null
  /** What of the customer's it is about. */
  object: Thing | null
}

export interface EligibilityTarget {
  provider: ProviderName
  role: ProviderRole
}

export interface Eligibility {
  action: EligibilityAction
  isAllowed: boolean
  /** Where it may be done; empty for actions that name no provider. */
  targets: EligibilityTarget[]
  /** Empty when it is allowed. In the order in which the operation would refuse. */
  reasons: Reason[]
  /** What no operation refuses, and is likely to be in the way later. */
  warnings: Reason[]
}
